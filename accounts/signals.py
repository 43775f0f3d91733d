"""What other rooms may listen to."""

from django.dispatch import Signal

# Sent at sign-in with `request`, `user` and `codes` ({subject id: code}): drafts begun without an account
# can now go into the account.
codes_signed_in = Signal()

# Sent inside the transaction that erases an account, with `parties`: the ids of the person and of the organisations
# that go with it. What is theirs alone goes as well; in a system scope.
account_leaves = Signal()
