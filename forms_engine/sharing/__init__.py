"""Sharing forms: one signed file, adopting a form of another authority, and following it when it changes."""
