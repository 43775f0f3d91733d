"""Other authorities whose signed files we take: certificates that an operator of this place has installed by name.

They lie in `KEYS_DIR/seals/peers/<name>/`, apart from what makes documents genuine: a peer's seal makes no paper ours.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from foundation import durable
from foundation.sealing import certificates, keys

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Signer:
    """Who signed. `peer` is the name that the operator gave, "" for a certificate that nobody here knows.

    `organisation` is what the certificate says: of an unknown one it is a claim.
    """

    organisation: str
    fingerprint: str
    peer: str
    is_valid_today: bool


#: Stands for the peer where an authority of this very installation signed.
HERE = "here"


def trust(name: str, pem: bytes) -> Signer:
    """From now on files that this certificate signed are taken as the peer's; an earlier one of the name stays.

    Raises ValueError for a bad name, for what is no certificate, and for one that may issue others.
    """
    if not _NAME.fullmatch(name) or name == HERE:
        raise ValueError("The name does not fit.")
    certificate = x509.load_pem_x509_certificate(pem)
    certificates.require_no_issuer(certificate)
    path = _folder() / name / f"{certificates.fingerprint(certificate)[:16]}.pem"
    durable.replace(path, certificate.public_bytes(Encoding.PEM))
    return known(pem.decode())


def known(pem: str) -> Signer:
    """Whose certificate this is, as far as we know."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    now = datetime.now(UTC)
    return Signer(
        organisation=certificates.organisation(certificate),
        fingerprint=certificates.fingerprint(certificate),
        peer=_peer(certificate) or (HERE if _is_ours(certificate) else ""),
        is_valid_today=certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc,
    )


def _peer(certificate: x509.Certificate) -> str:
    for path in sorted(_folder().glob("*/*.pem")):
        if x509.load_pem_x509_certificate(path.read_bytes()) == certificate:
            return path.parent.name
    return ""


def _is_ours(certificate: x509.Certificate) -> bool:
    """A seal of this installation: one that it trusts, or one that its own certificate authority issued."""
    return any(certificates.vouches_for(x509.load_pem_x509_certificate(pem), certificate) for pem in keys.trusted())


def _folder() -> Path:
    return settings.KEYS_DIR / "seals" / "peers"
