"""The refusals of this room."""

from foundation.errors import PortalError


class ApplicationError(PortalError):
    """A use case of an application refuses; the sentence is fit for a citizen."""


class VersionConflict(ApplicationError):
    """Somebody saved the draft since this page was opened."""
