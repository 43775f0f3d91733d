from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.models import StaffRole, User
from authorities.models import Authority
from foundation import audit, scope
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = "Gibt einem Konto eine Rolle bei einer Behörde, oder nimmt sie. Das steht danach im Protokoll."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL", help="ein Konto, das es schon gibt")
        parser.add_argument("role", choices=StaffRole.Role.values)
        parser.add_argument("--authority", required=True, metavar="BEHÖRDE")
        parser.add_argument("--department", metavar="AMT", help="ohne: in allen Ämtern der Behörde")
        parser.add_argument("--take-away", action="store_true", help="nimmt die Rolle, statt sie zu geben")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        authority = Authority.objects.filter(slug=options["authority"]).first()
        if user is None:
            raise CommandError("Dieses Konto gibt es nicht. Die Person legt es unter /konto/registrieren/ selbst an.")
        if authority is None:
            known = ", ".join(Authority.objects.values_list("slug", flat=True))
            raise CommandError(f"Diese Behörde gibt es nicht. Es gibt: {known}.")
        department = None
        if options["department"]:
            department = authority.departments.filter(slug=options["department"]).first()
            if department is None:
                known = ", ".join(authority.departments.values_list("slug", flat=True))
                raise CommandError(f"Dieses Amt gibt es dort nicht. Es gibt: {known}.")
        row = {"user": user, "authority": authority, "department": department, "role": options["role"]}
        with scope.system("an operator changes a staff role"):
            if options["take_away"]:
                changed, _of_which = StaffRole.objects.filter(**row).delete()
            else:
                _role, changed = StaffRole.objects.get_or_create(**row)
            if changed:
                audit.record(
                    "staff_role.taken" if options["take_away"] else "staff_role.given",
                    authority_id=authority.pk,
                    object_kind="user",
                    object_id=user.pk,
                    role=options["role"],
                    department=department.pk if department else None,
                )
        self.stdout.write("Geändert." if changed else "Das war schon so.")
