"""Furnishes an empty database: `python -m faults.furnish` with the owner's environment.

The city with its people and one application; so `load_demo` finds cases and adds none of its own.
"""

import django
from django.conf import settings


def main() -> None:
    django.setup()
    from authorities.models import Authority
    from faults import person
    from foundation import vault
    from hro_portal.demo.city import load_city
    from hro_portal.demo.people import load_people
    from hro_portal.stack import prepare

    prepare.migrate()
    prepare.create_keysets()
    prepare.collect_static_files()
    load_city()
    vault.create(Authority.objects.values_list("keyset", flat=True))
    load_people()
    with person.in_process(settings.BASE_URL) as browser:
        sent = person.send(browser, person.write(browser, "first@example.org"))
    if not sent.reference:
        raise SystemExit(f"The first application was answered with {sent.status}.")


if __name__ == "__main__":
    main()
