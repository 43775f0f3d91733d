"""The JSON Schema (2020-12) of what a form submits: for receivers, and for whoever checks what they got."""
