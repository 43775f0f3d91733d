"""All that Django does before the portal starts, in one process: `python -m hro_portal.stack.prepare`.

Each step looks first whether there is anything to do, so that a second start is quick.
"""

import hashlib
import sys

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from foundation import vault
from hro_portal.stack.migrating import migrate
from hro_portal.stack.refusal import StackRefusal


def main() -> None:
    django.setup()
    migrate()
    create_keysets()
    collect_static_files()
    if settings.DEMO:
        call_command("load_demo")
        # In production the operator decides whose seal it is.
        call_command("create_seals")


def create_keysets() -> None:
    """The portal's own keysets, and one for every authority that there is; none is made where data already need it."""
    from hro_portal import keys  # models exist only after django.setup()

    try:
        for name in keys.create_missing():
            print(f"Der Schlüsselsatz {name} ist angelegt.")
        keys.require_all()
    except vault.VaultError as error:
        raise StackRefusal(f"Das Portal startet nicht: {error}") from None


def collect_static_files() -> None:
    stamp = settings.DATA_DIR / "static-built-from"
    found = _fingerprint()
    if stamp.exists() and stamp.read_text() == found and settings.STATIC_ROOT.exists():
        return
    # What is there stays: pages of the release before are still open, and its web server still answers for them.
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(found)


def _fingerprint() -> str:
    """Changes when a static file comes, goes or is written."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found.update(f"{storage.path('')} {path} {storage.get_modified_time(path)}\n".encode())
    return found.hexdigest()


if __name__ == "__main__":
    try:
        main()
    except StackRefusal as refusal:
        sys.exit(str(refusal))
