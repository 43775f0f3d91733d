"""One page in plain words per service: its text, the rules of Leichte Sprache beside it, and who has tested it."""
