"""Seal keys: one PKCS#12 file per authority, and the certificates that we trust, as PEM files beside them.

A key comes from `PORTAL_SEAL_<KEYSET>` (PKCS#12 in base64) or from `KEYS_DIR/seals/<keyset>.p12`. What verifies
lies in `KEYS_DIR/seals/trusted/`: a certificate stays there for as long as documents sealed under it shall be genuine.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings

from foundation import durable
from foundation.errors import PortalError
from foundation.sealing import certificates

OWN_AUTHORITY = "own-authority"
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


class SealUnavailable(PortalError):
    """The seal cannot be used now. Its document is not made, waits in the outbox, and is made when the seal is back."""

    def __init__(self, keyset: str) -> None:
        super().__init__("seal-unavailable", f"The seal {keyset} cannot be used.", status=503)


def create(authorities: Mapping[str, str]) -> list[str]:
    """Makes the seals that are missing, under a certificate authority of our own; says which.

    In: keyset → name of the legal person. For a trial and for who needs no bought certificate; none is overwritten.
    """
    missing = [keyset for keyset in authorities if not has_seal(keyset)]
    if missing:
        authority = _own_authority()
        for keyset in missing:
            durable.replace(_path(keyset), _packed(certificates.seal(authorities[keyset], authority)))
    return missing


def install(keyset: str, content: bytes, passphrase: bytes | None) -> x509.Certificate:
    """Takes a PKCS#12 file that the authority got elsewhere, in place of the seal it has; out: its certificate.

    That certificate alone becomes trusted, not whoever issued it: they issue to others, too. Raises ValueError for what
    is no seal: a container without a usable key, or (`MayIssue`) a certificate that makes others.
    """
    issued = certificates.unpack(content, passphrase)
    certificates.require_no_issuer(issued.certificate)
    _trust(issued.certificate)
    durable.replace(_path(keyset), _packed(issued))
    return issued.certificate


def trust(pem: bytes) -> Path | None:
    """Trusts a seal that was another installation's, so that what it sealed stays genuine; out: its file if it is new.

    Raises ValueError for what is no certificate, and `MayIssue`: everything sealed elsewhere would become ours.
    """
    certificate = x509.load_pem_x509_certificate(pem)
    certificates.require_no_issuer(certificate)
    path = _trusted_path(certificate)
    if path.exists():
        return None
    _trust(certificate)
    return path


def has_seal(keyset: str) -> bool:
    return keyset in settings.SEALS or _path(keyset).exists()


def read(keyset: str) -> tuple[bytes, bytes | None]:
    """The PKCS#12 container of this seal and its passphrase; raises `SealUnavailable`."""
    try:
        if keyset in settings.SEALS:
            return base64.b64decode(settings.SEALS[keyset], validate=True), _passphrase()
        return _path(keyset).read_bytes(), _passphrase()
    except (OSError, binascii.Error):
        raise SealUnavailable(keyset) from None


def trusted() -> list[bytes]:
    """The certificates (PEM) that a seal of ours goes back to."""
    return [path.read_bytes() for path in sorted(_trust_dir().glob("*.pem"))]


def _own_authority() -> certificates.Issued:
    path = _path(OWN_AUTHORITY)
    if not path.exists():
        authority = certificates.authority()
        durable.replace(path, _packed(authority))
        _trust(authority.certificate)
    return certificates.unpack(path.read_bytes(), _passphrase())


def _packed(issued: certificates.Issued) -> bytes:
    passphrase = _passphrase()
    how = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(
        b"seal", issued.key, issued.certificate, list(issued.chain) or None, how
    )


def _trust(certificate: x509.Certificate) -> None:
    durable.replace(_trusted_path(certificate), certificate.public_bytes(serialization.Encoding.PEM))


def _trusted_path(certificate: x509.Certificate) -> Path:
    return _trust_dir() / f"{certificates.fingerprint(certificate)[:16]}.pem"


def _path(keyset: str) -> Path:
    if not _NAME.fullmatch(keyset):
        raise SealUnavailable("?")
    return settings.KEYS_DIR / "seals" / f"{keyset}.p12"


def _trust_dir() -> Path:
    return settings.KEYS_DIR / "seals" / "trusted"


def _passphrase() -> bytes | None:
    return settings.SEAL_PASSPHRASE.encode() or None
