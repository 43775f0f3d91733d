"""Puts the seal on a PDF. Imports pyHanko: for workers only."""

import io
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1

from foundation.sealing import keys

FIELD = "Siegel"
_BYTES_RESERVED = 8192
"""For the signature; a fixed place saves a second run over the document."""


def sign(pdf: bytes, keyset: str) -> bytes:
    """The sealed PDF: invisible, over the whole file, no change allowed afterwards (DocMDP 1).

    PDF/A-3 (6.3.3) asks for no appearance where the field has no size; so the file stays what it was.
    """
    container, passphrase = keys.read(keyset)
    signer = _signer(keyset, container, passphrase)
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=str(signer.subject_name),
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    field = SigFieldSpec(FIELD, readable_field_name="Elektronisches Siegel")
    pen = _Pen(metadata, signer=signer, new_field_spec=field)
    # pyHanko runs an event loop of its own, which a thread that has one already refuses.
    with ThreadPoolExecutor(max_workers=1) as alone:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return alone.submit(pen.sign_pdf, writer, bytes_reserved=_BYTES_RESERVED).result().getvalue()


class _Pen(signers.PdfSigner):
    """Leaves the document what it was: PDF 1.7, as PDF/A-3 is (ISO 19005-3, 5.1).

    pyHanko would call it PDF 2.0 for the curve of our keys (ISO/TS 32002), which PAdES takes in PDF 1.7 as well
    (ETSI EN 319 142-1, ETSI TS 119 312).
    """

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        pdf_out.register_extension(ESIC_EXTENSION_1)


@lru_cache(maxsize=64)
def _signer(keyset: str, container: bytes, passphrase: bytes | None) -> signers.SimpleSigner:
    """Opened once per process and content: a key that was renewed is a new content."""
    try:
        return signers.SimpleSigner.load_pkcs12_data(container, other_certs=[], passphrase=passphrase)
    except (ValueError, AttributeError, TypeError):
        raise keys.SealUnavailable(keyset) from None
