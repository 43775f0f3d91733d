"""The electronic seal on documents, PAdES B-B (ETSI EN 319 142-1): anyone can see that a file is the city's own.

A seal names the legal person that made it (eIDAS Art. 3 (25), 36), and OZG § 9a (6) speaks of the authority's own
documents: so each authority has a seal of its own, under the name of its keyset. Importing this room imports
neither pyHanko nor WeasyPrint: the web process stays small.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from foundation.sealing import certificates, keys
from foundation.sealing.certificates import MayIssue
from foundation.sealing.keys import SealUnavailable, create, has_seal, install, trust
from foundation.sealing.verdict import Result, Verdict

__all__ = [
    "MayIssue",
    "Result",
    "SealUnavailable",
    "Verdict",
    "certificate_of",
    "create",
    "has_seal",
    "install",
    "seal_pdf",
    "seals_of",
    "sign_data",
    "trust",
    "verify_pdf",
]


def seal_pdf(pdf: bytes, *, keyset: str) -> bytes:
    """The PDF with the seal of the authority that has this keyset; for workers.

    Raises `SealUnavailable` where the key is missing or broken: nothing leaves the house without its seal (F40).
    """
    from foundation.sealing.signing import sign

    return sign(pdf, keyset)


def sign_data(content: bytes, *, keyset: str) -> bytes:
    """A detached signature (CMS, RFC 5652, in DER) with the seal of this authority, the certificate inside.

    For files between programs; light enough for a page. Raises `SealUnavailable`.
    """
    issued = _issued(keyset)
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    return builder.add_signer(issued.certificate, issued.key, hashes.SHA256()).sign(Encoding.DER, options)


def certificate_of(keyset: str) -> bytes:
    """The certificate (PEM) of this authority's seal, for others to trust. Raises `SealUnavailable`."""
    return _issued(keyset).certificate.public_bytes(Encoding.PEM)


def _issued(keyset: str) -> certificates.Issued:
    container, passphrase = keys.read(keyset)
    try:
        return certificates.unpack(container, passphrase)
    except ValueError:
        raise SealUnavailable(keyset) from None


def verify_pdf(pdf: bytes) -> Verdict:
    """What this file is, in this very process; for workers and commands. Pages ask `checking.verify_in_child`."""
    from foundation.sealing.judging import judge
    from foundation.sealing.keys import trusted

    return judge(pdf, trusted())


def seals_of(pdf: bytes) -> list[bytes]:
    """The certificates (PEM) under which this file was sealed by us; for commands."""
    from foundation.sealing import judging
    from foundation.sealing.keys import trusted

    return judging.seals_of(pdf, trusted())
