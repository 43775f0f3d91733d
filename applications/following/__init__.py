"""The person's own pages about a case: where it stands, what it waits for, what came of it."""
