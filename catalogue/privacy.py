"""What a person is told about their data before they give them (GDPR Art. 13): made from the offering and its form.

The notice is plain data, so that it can be kept with an application as it was when the person sent it.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import Offering, in_language
from forms_engine import api as engine
from forms_engine.models import FormVersion

#: Whom people complain to (Art. 77). Every authority of this portal is in Mecklenburg-Vorpommern.
SUPERVISOR = (
    "Der Landesbeauftragte für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern, "
    "Werderstraße 74a, 19055 Schwerin"
)


@dataclass(frozen=True)
class PrivacyNotice:
    """Each part as text in one language. `special` names the questions on special kinds of data (Art. 9)."""

    language: str
    service: str
    controller: list[str]
    officer: str
    purpose: str
    legal_basis: str
    recipients: str
    retention: str
    special: list[str]
    special_reason: str
    must_answer: str
    rights: list[str]
    complaint: str

    def as_data(self) -> dict[str, Any]:
        """Fit for JSON, and for the template `catalogue/privacy_notice.html`."""
        return asdict(self)


def notice_of(offering: Offering, language: str, *, version: FormVersion) -> PrivacyNotice:
    """The notice for this offering and the questions of this version of its form."""
    authority = offering.authority
    with translation.override(language):
        return PrivacyNotice(
            language=language,
            service=offering.service.title,
            controller=[
                authority.name,
                authority.street,
                f"{authority.postal_code} {authority.city}",
                _("Telefon %(phone)s") % {"phone": authority.phone},
                authority.email,
            ],
            officer=_(
                "Die oder den Datenschutzbeauftragten erreichen Sie unter derselben Anschrift. "
                "Schreiben Sie „Datenschutz“ dazu."
            ),
            purpose=_stated(offering, "purpose"),
            legal_basis=_stated(offering, "legal_basis"),
            recipients=_stated(offering, "recipients"),
            retention=_retention(offering.retention_months),
            special=_special_questions(version, language),
            special_reason=_stated(offering, "special"),
            must_answer=_(
                "Wir brauchen die Angaben, um über Ihren Antrag zu entscheiden. "
                "Was freiwillig ist, steht an der Frage. Kein Programm entscheidet allein."
            ),
            rights=_rights(),
            complaint=SUPERVISOR,
        )


def _stated(offering: Offering, name: str) -> str:
    return in_language(offering.privacy.get(name) or {}) or ""


def _special_questions(version: FormVersion, language: str) -> list[str]:
    fields = [field for step in engine.compiled(version).steps for field in step.fields if field.special]
    return list(dict.fromkeys(field.label(language) for field in fields))


def _retention(months: int) -> str:
    if months % 12:
        span = ngettext("%(number)s Monat", "%(number)s Monate", months) % {"number": months}
    else:
        span = ngettext("%(number)s Jahr", "%(number)s Jahre", months // 12) % {"number": months // 12}
    return _("Nach dem Abschluss bewahren wir den Vorgang so lange auf: %(span)s. Dann löschen wir ihn.") % {
        "span": span
    }


def _rights() -> list[str]:
    return [
        _("Sie können erfahren, welche Daten wir von Ihnen haben (Artikel 15 DSGVO)."),
        _("Sie können falsche Daten berichtigen lassen (Artikel 16)."),
        _("Sie können Daten löschen lassen, wenn kein Gesetz dagegen steht (Artikel 17)."),
        _("Sie können verlangen, dass wir Daten nur eingeschränkt nutzen (Artikel 18)."),
        _("Sie können der Nutzung widersprechen (Artikel 21)."),
    ]
