"""Registers the effects of this room with the outbox, and what it does at night."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from accounts.organisations import use_cases
from accounts.organisations.handlers import tell_of_invitation
from foundation import limits

__all__ = ["close_expired_invitations", "remove_ended_sittings", "tell_of_invitation"]


@shared_task(name="accounts.remove_ended_sittings")
def remove_ended_sittings() -> None:
    """Django leaves the rows of sittings that have ended, and of limits that ran out; once a night they go."""
    SessionStore.clear_expired()
    limits.sweep()


@shared_task(name="accounts.close_expired_invitations")
def close_expired_invitations() -> None:
    """Nobody can answer them any more, so the addresses go."""
    use_cases.close_expired_invitations()
