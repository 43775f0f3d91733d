"""How days are written, one way for each language: Django's own English way is the American one."""
