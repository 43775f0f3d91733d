"""What a file is: genuine, changed, or none of ours. Imports pyHanko, and knows no Django: it runs in a child, too.

After an incremental update pyHanko still says *intact*, *valid* and *trusted*. Genuine is only what has exactly one
signature, a good bottom line, covers the entire file, and bears a seal that we trust ourselves, or that was issued
directly by a certificate authority that we trust.
"""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from asn1crypto import cms, pem, x509
from cryptography import x509 as pyca
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_detached_cms, validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from foundation.sealing import certificates
from foundation.sealing.verdict import Result, Verdict


def judge(pdf: bytes, trusted: Sequence[bytes]) -> Verdict:
    """In: any bytes, and the certificates (PEM) that we trust. Whatever is wrong with the bytes is an answer."""
    roots = [x509.Certificate.load(pem.unarmor(each)[2]) for each in trusted]
    # A hostile file may trip the reader anywhere; none of it is an accident of ours.
    try:
        verdicts = [_of(signature, roots) for signature in _signatures(pdf, strict=True)]
    except Exception:  # noqa: BLE001
        return _damaged(pdf, roots)
    if len(verdicts) == 1:
        return verdicts[0]
    # Somebody signed what we had sealed, or put our seal beside another: not as it left us.
    ours = any(verdict.result != Result.FOREIGN for verdict in verdicts)
    return Verdict(Result.CHANGED if ours else Result.FOREIGN)


def seals_of(pdf: bytes, trusted: Sequence[bytes]) -> list[bytes]:
    """The certificates (PEM) of those seals in this file that go back to one that we trust."""
    roots = [x509.Certificate.load(pem.unarmor(each)[2]) for each in trusted]
    try:
        found = [each.signer_cert for each in _signatures(pdf, strict=False)]
    except Exception:  # noqa: BLE001 - whatever is wrong with the bytes, they bear no seal of ours
        return []
    return [pem.armor("CERTIFICATE", each.dump()) for each in found if _is_ours(each, roots)]


def signer_of(content: bytes, signature: bytes) -> str | None:
    """The certificate (PEM) in a detached CMS signature by one signer over exactly this content; None for any other.

    Says nothing on trust: whoever makes a certificate of their own can sign.
    """
    # A hostile signature may trip the reader anywhere; none of it is an accident of ours.
    try:
        signed = cms.ContentInfo.load(signature, strict=True)["content"]
        [_signer], [certificate] = signed["signer_infos"], signed["certificates"]
        context = ValidationContext(trust_roots=[certificate.chosen], allow_fetching=False)
        status = asyncio.run(async_validate_detached_cms(content, signed, signer_validation_context=context))
    except Exception:  # noqa: BLE001
        return None
    return pem.armor("CERTIFICATE", certificate.chosen.dump()).decode() if status.bottom_line else None


def _damaged(pdf: bytes, roots: list[x509.Certificate]) -> Verdict:
    """No sound PDF any more. If it still bears our seal, then it was ours once."""
    try:
        ours = any(_is_ours(each.signer_cert, roots) for each in _signatures(pdf, strict=False))
    except Exception:  # noqa: BLE001
        return Verdict(Result.UNREADABLE)
    return Verdict(Result.CHANGED if ours else Result.UNREADABLE)


def _signatures(pdf: bytes, *, strict: bool) -> list[EmbeddedPdfSignature]:
    return list(PdfFileReader(io.BytesIO(pdf), strict=strict).embedded_regular_signatures)


def _of(signature: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> Verdict:
    try:
        vouching = _vouching(signature.signer_cert, roots)
        if not vouching:
            return Verdict(Result.FOREIGN)
        claimed_at = signature.self_reported_timestamp or datetime.now(UTC)
        # At the time of sealing: a document stays genuine when its certificate has run out.
        moment = min(claimed_at, datetime.now(UTC))
        context = ValidationContext(trust_roots=vouching, moment=moment, allow_fetching=False)
        status = validate_pdf_signature(signature, context, skip_diff=True)
        if status.bottom_line and status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
            return Verdict(Result.GENUINE, _organisation(status.signing_cert), claimed_at)
        return Verdict(Result.CHANGED)
    except Exception:  # noqa: BLE001 - a broken signature is nobody's
        return Verdict(Result.FOREIGN)


def _is_ours(certificate: x509.Certificate, roots: list[x509.Certificate]) -> bool:
    """Whether this is a seal of ours, whatever it was put on."""
    return bool(_vouching(certificate, roots))


def _vouching(certificate: x509.Certificate, roots: list[x509.Certificate]) -> list[x509.Certificate]:
    """Those that make this seal ours. pyHanko is shown no other: to it every root is an authority, a seal as well."""
    try:
        seal = pyca.load_der_x509_certificate(certificate.dump())
    except ValueError:
        return []
    return [root for root in roots if certificates.vouches_for(pyca.load_der_x509_certificate(root.dump()), seal)]


def _organisation(certificate: x509.Certificate) -> str:
    name = certificate.subject.native
    return str(name.get("organization_name") or name.get("common_name", ""))
