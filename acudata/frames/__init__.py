"""From pages of JSON to typed Arrow columns and pandas frames."""
