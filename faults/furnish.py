"""Furnishes an empty database: `python -m faults.furnish URL` with the owner's environment.

All that the portal does before its first start, with the demo's city and people, but one application instead of its
many. The departments of Rostock have a program of their own at the URL.
"""

import sys

import django
from django.conf import settings


def main() -> None:
    django.setup()
    from faults import offers, person
    from hro_portal.demo.management.commands import load_demo
    from hro_portal.stack import prepare

    load_demo.load_cases = lambda: None
    prepare.main()
    offers.hand_over_to(sys.argv[1])
    with person.in_process(settings.BASE_URL) as browser:
        sent = person.send(browser, person.write(browser, "first@example.org"))
    if not sent.reference:
        raise SystemExit(f"The first application was answered with {sent.status}.")
    _work_all()


def _work_all() -> None:
    """Posters and all else that waits: done once here, and not in every copy of this town."""
    from foundation.outbox import working
    from foundation.outbox.models import OutboxRow

    while ready := list(OutboxRow.objects.ready()):
        for row in ready:
            if not working.work(row.pk):
                raise SystemExit(f"{row.kind} of the furnished town cannot be done.")


if __name__ == "__main__":
    main()
