"""A service of Schwerin's with a form of a test's own; gone again after the test."""

from typing import Any
from uuid import UUID

from django.db import connections
from django.test import Client

from applications.models import Application, Draft
from authorities.models import Authority
from catalogue.models import Offering, Service
from catalogue.use_cases import Route, Terms, offer
from forms_engine.models import FormVersion
from forms_engine.use_cases import add_version, publish
from foundation import scope
from foundation.ids import new_id
from tests.factories import make_application

KEY = "carried"
#: A form that takes the place of the first one.
ANEW = "carried-anew"
REMOVE = f"""
    WITH forms AS (SELECT id FROM forms_engine_form WHERE key IN ('{KEY}', '{ANEW}')),
         offerings AS (SELECT id FROM catalogue_offering WHERE form_id IN (SELECT id FROM forms)),
         rules AS (DELETE FROM catalogue_routerule WHERE offering_id IN (SELECT id FROM offerings)),
         offered AS (DELETE FROM catalogue_offering WHERE id IN (SELECT id FROM offerings)),
         services AS (DELETE FROM catalogue_service WHERE slug = '{KEY}'),
         versions AS (DELETE FROM forms_engine_formversion WHERE form_id IN (SELECT id FROM forms))
    DELETE FROM forms_engine_form WHERE id IN (SELECT id FROM forms)
"""


def text(words: str) -> dict[str, str]:
    return {"de": words, "en": words}


def question(key: str, type: str = "text", **more: Any) -> dict[str, Any]:
    return {"type": type, "key": key, "label": text(key.capitalize()), **more}


def definition(*steps: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    pages = [{"key": f"s{no}", "title": text(f"Seite {no}"), "items": items} for no, items in enumerate(steps, start=1)]
    return {"format": 1, "key": KEY, "title": text("Probe"), "steps": pages, **more}


def add(raw: dict[str, Any], *, published: bool = True) -> FormVersion:
    """One more version of the form."""
    with scope.system("a test needs a version"):
        version = add_version(Authority.objects.get(slug="schwerin"), raw)
        return publish(version) if published else version


def offer_form(raw: dict[str, Any], routes: list[tuple[str, dict[str, Any] | None]] | None = None) -> Offering:
    """The service with a first version of its form; `routes` are departments with their conditions."""
    return take_form(add(raw), routes)


def take_form(version: FormVersion, routes: list[tuple[str, dict[str, Any] | None]] | None = None) -> Offering:
    """The service is offered with the form of this version."""
    with scope.system("a test needs a service"):
        authority = Authority.objects.get(slug="schwerin")
        service, _ = Service.objects.get_or_create(slug=KEY, defaults={"key": KEY, "texts": {"title": text("Probe")}})
        return offer(
            authority,
            service,
            version.form,
            terms=Terms(),
            routes=[
                Route(authority.departments.get(slug=department), condition)
                for department, condition in routes or [("finanzen", None)]
            ],
        )


def begin(client: Client, answers: dict[str, Any] | None = None) -> Draft:
    """A draft that this browser has begun, with these answers."""
    address = client.post(f"/leistungen/schwerin/{KEY}/beginnen/")["Location"]
    with scope.system("a test fills a draft"):
        draft = Draft.objects.select_related("authority").get(pk=UUID(address.split("/")[2]))
        draft.answers = draft.seal("answers", answers or {})
        draft.save(update_fields=["answers"])
    return draft


def case(answers: dict[str, Any], **fields: Any) -> Application:
    return make_application(
        authority="schwerin", service=KEY, department="finanzen", party_id=new_id(), answers=answers, **fields
    )


def remove() -> None:
    """The service with its form, for good; nothing may hang on them any more."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE forms_engine_formversion DISABLE TRIGGER published_version_stays")
        cursor.execute(REMOVE)
        cursor.execute("ALTER TABLE forms_engine_formversion ENABLE TRIGGER published_version_stays")
