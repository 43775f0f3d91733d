"""What the portal's processes are told by their environment."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from hro_portal.stack.refusal import StackRefusal

#: Settings that win over what the stack would choose.
OVERRIDES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_BASE_URL", "PORTAL_KEYS_DIR", "SECRET_KEY")


def given_from_outside() -> dict[str, str]:
    """Out: the overrides that the operator has set."""
    return {name: os.environ[name] for name in OVERRIDES if os.environ.get(name)}


def require_both_roles(given: Mapping[str, str]) -> None:
    if ("DATABASE_URL" in given) != ("DATABASE_OWNER_URL" in given):
        raise StackRefusal(
            "Von DATABASE_URL und DATABASE_OWNER_URL ist nur eines gesetzt. "
            "Setzen Sie beide: die Rolle des Portals und die Rolle, der die Tabellen gehören."
        )


def build(
    given: Mapping[str, str], *, data_dir: Path, demo: bool, port: int, stores: Mapping[str, str]
) -> dict[str, str]:
    """Out: the whole environment, overrides first. `stores` are the addresses of the embedded parts."""
    own = {
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "PORTAL_BASE_URL": f"http://localhost:{port}",
        "PORTAL_KEYS_DIR": str(data_dir / "keys"),
        "PORTAL_DEMO": "1" if demo else "0",
        "DJANGO_SETTINGS_MODULE": "hro_portal.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if "SECRET_KEY" not in given:
        own["SECRET_KEY"] = _secret_key(data_dir / "secret-key")
    return {**os.environ, **own, **stores, **given}


def _secret_key(path: Path) -> str:
    """Made once, readable for us only: a new key at every start would end every sitting."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()
