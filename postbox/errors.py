"""The refusals of this room."""

from foundation.errors import PortalError


class PostboxError(PortalError):
    """A document cannot go this way; the sentence is fit for a citizen."""
