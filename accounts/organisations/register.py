"""The registers of organisations: which one a legal form stands in, and what a number there looks like."""

import re

from stdnum.de import handelsregisternummer
from stdnum.exceptions import ValidationError

from accounts.models import LegalForm

SECTIONS = {
    LegalForm.EK: "HRA",
    LegalForm.OHG: "HRA",
    LegalForm.KG: "HRA",
    LegalForm.GMBH_KG: "HRA",
    LegalForm.GMBH: "HRB",
    LegalForm.UG: "HRB",
    LegalForm.AG: "HRB",
    LegalForm.PARTG: "PR",
    LegalForm.EG: "GnR",
    LegalForm.EV: "VR",
    LegalForm.EGBR: "GsR",
}
_NUMBER = re.compile(r"(HRA|HRB|PR|GnR|VR|GsR)\s*([1-9][0-9]{0,5})\s*([A-ZÖ]{0,3})", re.IGNORECASE)
_WRITTEN = {section.lower(): section for section in SECTIONS.values()}


def number_of(text: str) -> str | None:
    """`HRB 12345` from what somebody typed; None for what is no number of a register."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    section, digits, suffix = match.groups()
    return " ".join(part for part in (_WRITTEN[section.lower()], digits, suffix.upper()) if part)


def court_of(text: str) -> str | None:
    """The court's town as it is written in registers; None where there is no such court.

    A number of the commercial register stands in for every other: python-stdnum tells the courts only together
    with a number, and does not know the register of partnerships of 2024 (BGB § 707).
    """
    town = re.sub(r"(?i)^(amtsgericht|ag)\s+", "", text.strip())
    try:
        return handelsregisternummer.validate(f"{town} HRB 1").removesuffix(" HRB 1")
    except ValidationError:
        return None


def fits(legal_form: str, number: str) -> bool:
    """Whether organisations of this legal form stand in that register."""
    section = SECTIONS.get(LegalForm(legal_form))
    return section is None or number.startswith(f"{section} ")
