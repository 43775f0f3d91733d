"""X.509 for seals: ECDSA on P-256 with SHA-256 (BSI TR-02102-1), a tenth of RSA-3072's time for each document."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

AUTHORITY_NAME = "Serviceportal, eigene Zertifizierungsstelle"
AUTHORITY_LASTS = timedelta(days=20 * 365)
SEAL_LASTS = timedelta(days=5 * 365)
LONGEST_NAME = 64
"""Of a common name or an organisation in X.520."""

_USAGE = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


@dataclass(frozen=True)
class Issued:
    """A certificate with its key, and the certificates between it and its root."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


def authority() -> Issued:
    """A new certificate authority that may issue seals only."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY_NAME)])
    certificate = (
        _builder(name, name, key.public_key(), AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**_USAGE | {"key_cert_sign": True, "crl_sign": True}), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Issued(key, certificate)


def seal(organisation: str, issuer: Issued) -> Issued:
    """A new seal for a legal person, issued by our own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:LONGEST_NAME]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Siegel {organisation}"[:LONGEST_NAME]),
        ]
    )
    certificate = (
        _builder(name, issuer.certificate.subject, key.public_key(), SEAL_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**_USAGE | {"digital_signature": True, "content_commitment": True}), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    return Issued(key, certificate, (issuer.certificate,))


def organisation(certificate: x509.Certificate) -> str:
    """The legal person that a certificate names, else whoever it names."""
    names = [
        *certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME),
        *certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME),
    ]
    return str(names[0].value) if names else ""


class MayIssue(ValueError):
    """No seal: whoever holds this certificate may make others, in every name."""


def require_no_issuer(certificate: x509.Certificate) -> None:
    """Raises MayIssue."""
    if may_issue(certificate):
        raise MayIssue("This certificate may issue others.")


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256, as people compare it: 64 small hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def may_issue(certificate: x509.Certificate) -> bool:
    """Whether whoever has this certificate may make others. Raises ValueError for one that cannot be read."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def vouches_for(trusted: x509.Certificate, seal: x509.Certificate) -> bool:
    """Whether a certificate that we trust makes this seal ours: it is that seal, or it is an authority that issued it.

    The key of a seal can sign a certificate in any name; that makes it no authority. Nor do steps in between count.
    """
    if trusted == seal:
        return True
    try:
        seal.verify_directly_issued_by(trusted)
        return may_issue(trusted)
    except (ValueError, TypeError, InvalidSignature):
        return False


def unpack(content: bytes, passphrase: bytes | None) -> Issued:
    """What a PKCS#12 container holds; raises ValueError where it holds no P-256 key with a certificate."""
    key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
        raise ValueError("The container holds no ECDSA key with a certificate.")
    return Issued(key, certificate, tuple(others))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A clock that runs a little ahead elsewhere must not refuse the first document.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
