"""What other rooms may listen to."""

from django.dispatch import Signal

# Sent at sign-in with `request`, `user` and `codes` ({subject id: code}): drafts begun without an account
# can now go into the account.
codes_signed_in = Signal()
