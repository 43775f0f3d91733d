"""Registers the effects of this room with the outbox."""

from accounts.organisations.handlers import tell_of_invitation

__all__ = ["tell_of_invitation"]
