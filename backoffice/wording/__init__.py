"""Words of forms and services: their translations, and one page in plain words per service."""
