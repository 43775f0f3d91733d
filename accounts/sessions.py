"""Where somebody is signed in: what the list of sittings keeps and says, and how all of them end."""

import re
from typing import Any

from allauth.usersessions.models import UserSession

from accounts.models import User

#: No page and no rule needs the address; the column does.
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing listens here  # nosec B104
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def keep_little(sender: type[UserSession], instance: UserSession, **kwargs: Any) -> None:
    """Signal handler before a sitting is noted: browser and device by name only, no address (GDPR Art. 5 (1) c)."""
    instance.ip = NO_ADDRESS
    instance.user_agent = device(instance.user_agent)


def device(user_agent: str) -> str:
    """`Firefox, Windows` for what a browser says of itself; once more for the result changes nothing."""
    names = [next((name for mark, name in marks if re.search(mark, user_agent)), "") for marks in (BROWSERS, DEVICES)]
    return ", ".join(name for name in names if name)


def end_all(user: User) -> int:
    """Signs the user out everywhere, at once; tells how many sittings that were."""
    sittings = UserSession.objects.filter(user=user)
    for sitting in sittings:
        sitting.end()
    return len(sittings)
