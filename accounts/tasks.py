"""Registers the effects of this room with the outbox, and what it does at night."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from accounts.organisations.handlers import tell_of_invitation

__all__ = ["remove_ended_sittings", "tell_of_invitation"]


@shared_task(name="accounts.remove_ended_sittings")
def remove_ended_sittings() -> None:
    """Django leaves the rows of sittings that have ended; once a night they go."""
    SessionStore.clear_expired()
