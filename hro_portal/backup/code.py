"""Which code this is."""

import subprocess
import tomllib

from django.conf import settings


def version() -> str:
    """The number of the release, and the commit where the checkout knows it."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        number = tomllib.load(file)["project"]["version"]
    return f"{number} {_commit()}".strip()


def _commit() -> str:
    try:
        command = ["git", "rev-parse", "--short", "HEAD"]
        asked = subprocess.run(  # noqa: S603 - our own words
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return asked.stdout.strip()
