"""One sealed file that holds the whole portal: its database, its stored files and its keysets, all of one moment.

`taking` writes it, `restoring` reads it; `manage.py backup` and `manage.py restore` call them.
"""
