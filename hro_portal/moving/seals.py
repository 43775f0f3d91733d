"""Which seals become trusted where an authority arrives: those in its own name, under which it issued what the export
holds, and whose fingerprints somebody has compared. Anybody can put a certificate into a folder, in every name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from applications.models import IssuedDocument
from foundation import sealing
from foundation.sealing import certificates, checking
from hro_portal.moving import folder
from hro_portal.moving.folder import Export
from hro_portal.moving.refusal import MovingRefused
from hro_portal.moving.rows import Row

NO_SUCH_SEAL = "Ein Zertifikat im Ordner „siegel“ ist kein Siegel. Holen Sie den Export neu. Es ist nichts geändert."
COMPARE = (
    "Der Export bringt Siegel mit, unter denen Dokumente hier als echt gelten sollen: {seals}. "
    "Vergleichen Sie jeden Fingerabdruck mit dem, den der Export am alten Ort nannte. "
    "Stimmen sie, wiederholen Sie den Befehl mit „--seal FINGERABDRUCK“ für jedes Siegel. "
    "Mit „--without-seals“ gilt keines. Es ist nichts geändert."
)
OTHER_NAME = (
    "Ein Siegel im Export nennt „{organisation}“ und nicht „{name}“. Fragen Sie am alten Ort, warum. "
    "Mit „--without-seals“ gilt keines. Es ist nichts geändert."
)
NOT_BORNE = (
    "Kein Dokument im Export trägt das Siegel {fingerprint}. Fragen Sie am alten Ort, woher es kommt. "
    "Mit „--without-seals“ gilt keines. Es ist nichts geändert."
)
OTHERS_HERE = (
    "Für „{keyset}“ liegt hier schon ein Siegel von „{organisation}“. "
    "Legen Sie dessen Datei weg, und starten Sie erneut. Es ist nichts geändert."
)


@dataclass(frozen=True)
class Seal:
    """A certificate in an export. `fingerprint` is SHA-256 in hexadecimal, as `openssl x509 -fingerprint` says it."""

    pem: bytes
    organisation: str
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.organisation}, {self.fingerprint}"


def in_folder(source: Path) -> list[Seal]:
    """The seals that lie in an export."""
    return [_read(path.read_bytes()) for path in sorted((source / folder.SEALS).glob("*.pem"))]


def compared(export: Export, authority: Row, fingerprints: Sequence[str]) -> list[Seal]:
    """The seals to be trusted: all that the export brings. Raises `MovingRefused` with what has to be done."""
    brought = [_read(export.content(name)) for name in export.names(folder.SEALS)]
    for seal in brought:
        if seal.organisation != _in_certificates(authority["name"]):
            raise MovingRefused(OTHER_NAME.format(organisation=seal.organisation, name=authority["name"]))
    for seal in brought:
        if not _is_borne(seal, export):
            raise MovingRefused(NOT_BORNE.format(fingerprint=seal.fingerprint))
    if {seal.fingerprint for seal in brought} != {each.replace(":", "").lower() for each in fingerprints}:
        raise MovingRefused(COMPARE.format(seals="; ".join(map(str, brought)) or "keines"))
    return brought


def require_none_of_others(authority: Row) -> None:
    """A seal may still lie here under the keyset's name, of who left: nobody else seals with it."""
    if not sealing.has_seal(authority["keyset"]):
        return
    organisation = certificates.organisation(
        x509.load_pem_x509_certificate(sealing.certificate_of(authority["keyset"]))
    )
    if organisation != _in_certificates(authority["name"]):
        raise MovingRefused(OTHERS_HERE.format(keyset=authority["keyset"], organisation=organisation))


def trust(seals: Sequence[Seal]) -> Iterator[Path]:
    """Out: the files that are new."""
    for seal in seals:
        if path := sealing.trust(seal.pem):
            yield path


def _read(pem: bytes) -> Seal:
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        certificates.require_no_issuer(certificate)
        return Seal(pem, certificates.organisation(certificate), certificates.fingerprint(certificate))
    except ValueError:
        raise MovingRefused(NO_SUCH_SEAL) from None


def _in_certificates(name: str) -> str:
    return name[: certificates.LONGEST_NAME]


def _issued(export: Export) -> Iterator[bytes]:
    """The documents that the authority issued, as the export holds them."""
    names = export.names_of_files()
    for row in export.lines(IssuedDocument._meta.label):
        if name := names.get(row["file_id"]):
            yield export.content(name)


def _is_borne(seal: Seal, export: Export) -> bool:
    """Whether a document is genuine under it.

    Asked in a process without secrets: an export may hold anything, and this one holds the keys of the house. One is
    started for documents only that hold the certificate, as a sealed one does in hexadecimal digits.
    """
    digits = x509.load_pem_x509_certificate(seal.pem).public_bytes(Encoding.DER).hex().encode()
    return any(
        checking.verify_in_child(document, [seal.pem]).result == sealing.Result.GENUINE
        for document in _issued(export)
        if digits in document.lower()
    )
