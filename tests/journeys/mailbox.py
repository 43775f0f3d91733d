"""The mails that the portal has sent, as the stack's mail folder keeps them."""

import re
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

from tests.journeys.waiting import wait_for

_BETWEEN = "-" * 79 + "\n"


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def wait_for(self, address: str, *, subject: str) -> str:
        """Out: the text of the newest mail to this address with these words in its subject."""
        return wait_for(lambda: next(self._texts(address, subject), None), f"mail {subject!r}")

    def link_for(self, address: str, *, subject: str) -> str:
        found = re.search(r"http://\S+", self.wait_for(address, subject=subject))
        assert found, "no link in the mail"
        return found[0]

    def _texts(self, address: str, subject: str):
        for file in sorted(self._folder.glob("*.log"), key=lambda each: each.stat().st_mtime, reverse=True):
            for raw in reversed(file.read_text().split(_BETWEEN)):
                mail = message_from_string(raw.lstrip("\n"), policy=policy.default)
                assert isinstance(mail, EmailMessage)
                if address in mail.get("To", "") and subject in mail.get("Subject", ""):
                    yield mail.get_content()
