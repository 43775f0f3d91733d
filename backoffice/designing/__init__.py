"""The designer: a form author makes and changes forms in the browser."""
