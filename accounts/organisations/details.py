"""What an organisation tells once, so that forms are filled in for it. Its addresses are sealed at rest."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.models import LegalForm, Organisation, Party
from foundation import vault

KEYSET = "accounts"
SITE = ("street", "house_number", "postal_code", "city")


@dataclass(frozen=True)
class Details:
    """`sites` are addresses (dictionaries with the keys `SITE`), the registered office first."""

    name: str
    legal_form: str
    register_court: str = ""
    register_number: str = ""
    sites: list[dict[str, str]] = field(default_factory=list)

    @property
    def legal_form_label(self) -> str:
        return str(LegalForm(self.legal_form).label)


def read(party_id: UUID) -> Details:
    """The data of an organisation; to be called in its scope."""
    row = Organisation.objects.select_related("party").get(party_id=party_id)
    return Details(
        name=row.party.name,
        legal_form=row.legal_form,
        register_court=row.register_court,
        register_number=row.register_number,
        sites=vault.open_json(KEYSET, bytes(row.sites), owner=party_id, row=party_id, field="sites"),
    )


def write(party: Party, details: Details) -> None:
    """Replaces the data of an organisation; in its scope."""
    Party.objects.filter(pk=party.pk).update(name=details.name)
    sealed = vault.seal_json(KEYSET, details.sites, owner=party.pk, row=party.pk, field="sites")
    Organisation.objects.update_or_create(
        party=party,
        defaults={
            "legal_form": details.legal_form,
            "register_court": details.register_court,
            "register_number": details.register_number,
            "sites": sealed,
        },
    )


def prefill(party_id: UUID) -> dict[str, Any]:
    """What forms are filled in with for an organisation; in its scope. Nothing for one without data."""
    if not Organisation.objects.filter(party_id=party_id).exists():
        return {}
    details = read(party_id)
    known: dict[str, Any] = {
        "organisation_name": details.name,
        "legal_form": details.legal_form,
        "register_court": details.register_court,
        "register_number": details.register_number,
    }
    return known | (_registered_office(details.sites[0]) if details.sites else {})


def _registered_office(site: dict[str, str]) -> dict[str, Any]:
    """As a whole and in parts, for forms that ask for each in a box of its own. Addresses here are in Germany."""
    parts = {f"organisation_{part}": site.get(part, "") for part in SITE}
    return {"organisation_address": site, "organisation_country": "DE"} | parts
