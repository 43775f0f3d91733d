"""The folder: documents that people keep, to attach them again."""
