"""Drills: what a city hopes never to need, done for real. `make drills`, or `python -m drills NAME`."""
