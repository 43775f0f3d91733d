"""Test applications: filed by authors the way people file, worked on like others, counted and sent nowhere."""
