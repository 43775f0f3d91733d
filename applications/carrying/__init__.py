"""A form changes while people are on their way: whom it touches, and how a draft is carried over to the new version."""
