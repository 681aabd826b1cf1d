"""The pandas front door to Acumatica ERP."""
