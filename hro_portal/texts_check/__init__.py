"""Plain German, checked: `python -m hro_portal.texts_check` (part of `make check`).

`sources` collects what people read, `foundation.plain_german` says what is wrong with it.
"""
