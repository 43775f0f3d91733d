"""What Django says of this code: missing migrations, ones that stop a city's work, and settings unfit for production.

Part of `make check`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from hro_portal.stack import Stack
from hro_portal.stack.portal import ROOT

PRODUCTION = {
    "PORTAL_BASE_URL": "https://portal.example.org",
    "PORTAL_DEMO": "0",
    "CLAMD_URL": "tcp://clamav:3310",
    "EMAIL_URL": "smtp://mail:25",
    "PORTAL_SECURITY_CONTACT": "mailto:sicherheit@example.org",
}
COMMANDS = (
    ("manage.py", "makemigrations", "--check", "--dry-run"),
    ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    ("-m", "hro_portal.stack.linting"),
)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="hro-checks-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's user passes through
        with Stack(Path(folder) / "data", only=("postgres",), durable=False) as stack:
            env = stack.owner_env | PRODUCTION
            results = [subprocess.run([sys.executable, *command], cwd=ROOT, env=env).returncode for command in COMMANDS]
    return 1 if any(results) else 0


if __name__ == "__main__":
    sys.exit(main())
