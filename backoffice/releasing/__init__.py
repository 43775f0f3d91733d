"""Versions of a form: what changed, whom a change touches, checking and publishing."""
