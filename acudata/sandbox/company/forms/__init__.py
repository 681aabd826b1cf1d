"""Facts as the forms of the ERP show them: one module for each noun, one class for each form."""
