"""What is our own to say of a service that we offer: rates, deadlines, texts; and going online with it.

In a scope of the authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from authorities import clock
from catalogue import fees, poster, tariffs, trail
from catalogue.adopting import part as parts
from catalogue.models import Offering
from catalogue.queries import published_version
from catalogue.use_cases import add_rate
from forms_engine import api as engine
from forms_engine.sharing import adopting as sharing
from forms_engine.sharing.file import SharingRefused
from forms_engine.use_cases import publish

#: Why a version was published that nobody published by itself.
WITH_THE_SERVICE = "Mit der Leistung online gestellt"
#: What a person is told of their data, in any case (DSGVO Art. 13).
PRIVACY = ("purpose", "legal_basis", "recipients")
NOT_DESCRIBED = "Schreiben Sie zuerst unter „Das gilt bei Ihnen“, worum es geht, und die drei Angaben zum Datenschutz."


def change_terms(offering: Offering, terms: Mapping[str, Any], *, by: UUID | None) -> Offering:
    """Sets what is our own to say of a service: rates, deadlines, texts.

    Raises SharingRefused for a tariff that does not fit to the form that people fill in.
    """
    if "fee" in terms and (found := faults_of(terms["fee"], offering)):
        raise SharingRefused(found)
    for name, value in terms.items():
        if name == "fee" and offering.is_active:
            _charge_from_today(offering, value, by)
            continue
        own = parts.own_words(value, offering.service.texts) if name == "texts" else value
        setattr(offering, name, own)
    offering.save(update_fields=[name for name in terms if name != "fee" or not offering.is_active])
    if offering.is_active:
        poster.order(offering)
    trail.record("offering.changed", offering, by_id=by)
    return offering


def put_online(offering: Offering, *, by: UUID | None) -> Offering:
    """People find the service from now on; a form that never was published is published first.

    Raises SharingRefused where the form cannot be filled in, the tariff does not fit to it, or nobody has said yet what
    the service is and what becomes of the data.
    """
    if not (offering.teaser and all(offering.privacy.get(name) for name in PRIVACY)):
        raise SharingRefused([NOT_DESCRIBED])
    version = published_version(offering)
    try:
        if version is None:
            version = publish(sharing.ours(offering.form), reason=WITH_THE_SERVICE, by=by)
    except engine.DefinitionError as error:
        raise SharingRefused(error.problems) from None
    if found := fees.problems(tariffs.today(offering), engine.compile_definition(version.definition)):
        raise SharingRefused(found)
    if not offering.is_active:
        offering.is_active = True
        offering.save(update_fields=["is_active"])
        poster.order(offering)
        trail.record("offering.put_online", offering, by_id=by)
    return offering


def faults_of(fee: dict[str, Any], offering: Offering) -> list[str]:
    """Why a tariff does not fit to its form; offline nobody fills that in yet, and it is the one that we work on."""
    version = (offering.is_active and published_version(offering)) or sharing.ours(offering.form)
    return fees.problems(fee, engine.compile_definition(version.definition))


def _charge_from_today(offering: Offering, fee: dict[str, Any], by: UUID | None) -> None:
    """What people were charged until yesterday stays as it was."""
    if fee != tariffs.today(offering):
        add_rate(offering, fee, valid_from=clock.today(), by_id=by)
