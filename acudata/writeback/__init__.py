"""From an edited frame to the ERP: a plan that can be looked at, its application, and a report of each row."""
