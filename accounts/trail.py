"""What happens to accounts stands in the trail: sign-in and out, refusals, new credentials (ASVS V16.3.1, A3.9.06).

Ids only: neither address nor password, and nothing of who tried an address that has no account.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import Signal

from accounts.models import User
from foundation import audit, scope

EVENTS: dict[str, Signal] = {
    "account.signed_in": account.user_logged_in,
    "account.signed_out": user_logged_out,
    "account.password_changed": account.password_changed,
    "account.password_reset": account.password_reset,
    "account.email_changed": account.email_changed,
    "account.factor_added": factors.authenticator_added,
    "account.factor_removed": factors.authenticator_removed,
    "account.codes_renewed": factors.authenticator_reset,
    "account.factor_refused": factors.authentication_failed,
}


def listen() -> None:
    """Connects each signal to its event."""
    for action, signal in EVENTS.items():
        signal.connect(_noting(action), weak=False, dispatch_uid=f"accounts.trail.{action}")
    user_login_failed.connect(note_refusal, dispatch_uid="accounts.trail.sign_in_refused")


def note(action: str, user: User, *, actor: User | None = None) -> None:
    """Writes one event in a commit of its own."""
    with scope.system(f"write {action} into the trail"):
        record(action, user, actor=actor or user)


def record(action: str, user: User, *, actor: User) -> None:
    """Writes one event in the current scope."""
    audit.record(action, authority_id=None, object_kind="user", object_id=user.pk, actor_id=actor.pk)


def note_refusal(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    user = User.objects.filter(email__iexact=credentials.get("email") or "").first()
    if user:
        note("account.sign_in_refused", user)


def _noting(action: str) -> Any:
    def handler(sender: Any, user: User | None = None, **kwargs: Any) -> None:
        if user:
            note(action, user)

    return handler
