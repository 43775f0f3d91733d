"""Organisations: who founded one, who acts for it, and what it tells about itself."""
