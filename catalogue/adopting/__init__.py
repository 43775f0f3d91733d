"""Services between authorities: a service as a whole goes along with its form, is adopted, and is followed."""
