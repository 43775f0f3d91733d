"""What people find at the city, and what is otherwise in the meantime: forms, services, staff, seals."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from faults import scopes
from faults.records import now


def hand_over_to(url: str) -> None:
    """The departments of Rostock have a program of their own at the URL."""
    from authorities.models import Department

    with scopes.changing():
        Department.objects.filter(authority__slug="rostock").update(endpoint=url)


def publish_anew(key: str) -> int:
    """A further version of a form of Rostock, with another title; out: its number."""
    from django.db.models import Max

    from authorities.models import Authority
    from forms_engine import use_cases
    from forms_engine.models import FormVersion

    with scopes.changing():
        rostock = Authority.objects.get(slug="rostock")
        newest = FormVersion.objects.filter(form__key=key, form__authority=rostock).latest("no")
        no = FormVersion.objects.filter(form=newest.form_id).aggregate(last=Max("no"))["last"] + 1
        title = {language: f"{text.split(' – ')[0]} – {no}" for language, text in newest.definition["title"].items()}
        return use_cases.publish(use_cases.add_version(rostock, newest.definition | {"title": title})).no


@contextmanager
def open_until(service: str, seconds: float) -> Iterator[datetime]:
    """A service of Rostock takes applications for so many seconds more; out: until when, by the database's clock."""
    from catalogue.models import Offering

    offering = Offering.objects.filter(authority__slug="rostock", service__slug=service)
    moment = now() + timedelta(seconds=seconds)
    with scopes.changing():
        offering.update(open_until=moment)
    try:
        yield moment
    finally:
        with scopes.changing():
            offering.update(open_until=None)


@contextmanager
def withdrawn(service: str) -> Iterator[None]:
    """A service of Rostock is not offered in the meantime."""
    from catalogue.models import Offering

    offering = Offering.objects.filter(authority__slug="rostock", service__slug=service)
    with scopes.changing():
        offering.update(is_active=False)
    try:
        yield
    finally:
        with scopes.changing():
            offering.update(is_active=True)


@contextmanager
def closed_down(authority: str) -> Iterator[None]:
    """An authority is closed in the meantime: no service is offered, and no account of its staff is open."""
    from accounts.models import StaffRole, User
    from catalogue.models import Offering

    offerings = Offering.objects.filter(authority__slug=authority, is_active=True)
    with scopes.changing():
        offered = list(offerings.values_list("pk", flat=True))
        staff = set(StaffRole.objects.filter(authority__slug=authority).values_list("user_id", flat=True))
        people = list(User.objects.filter(pk__in=staff, is_active=True).values_list("pk", flat=True))
        offerings.update(is_active=False)
        User.objects.filter(pk__in=people).update(is_active=False)
    try:
        yield
    finally:
        with scopes.changing():
            Offering.objects.filter(pk__in=offered).update(is_active=True)
            User.objects.filter(pk__in=people).update(is_active=True)


@contextmanager
def dismissed(email: str) -> Iterator[None]:
    """Somebody of the staff has no role in the meantime."""
    from accounts.models import StaffRole

    with scopes.changing():
        roles = list(StaffRole.objects.filter(user__email=email))
        StaffRole.objects.filter(user__email=email).delete()
    try:
        yield
    finally:
        with scopes.changing():
            StaffRole.objects.bulk_create(roles)


@contextmanager
def without_seal(keyset: str) -> Iterator[None]:
    """The key of a seal is not to be had in the meantime."""
    from django.conf import settings

    key = settings.KEYS_DIR / "seals" / f"{keyset}.p12"
    away = key.rename(key.with_suffix(".away"))
    try:
        yield
    finally:
        away.rename(key)
