"""No tables. Django sends `post_migrate` only to apps that have this module, and the grants hang on that signal."""
