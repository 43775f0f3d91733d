"""The refusals of this room."""

from foundation.errors import PortalError


class AccountError(PortalError):
    """A use case of an account or an organisation refuses."""
