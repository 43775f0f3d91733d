"""The formula of a calculated field, between what its author types and what the definition holds."""
