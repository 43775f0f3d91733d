"""Changing a definition: pure functions that return a new one, which `api.load` accepts, or refuse in German."""
