"""From a template to a PDF/A-3a file (ISO 19005-3, level A: tagged, with Unicode text) by WeasyPrint."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

MOST_CHARACTERS = 1_000_000
"""Of the page that a document is made of: some thousand rows, and half a minute. Nobody's answers are that long."""
#: A tag, or a word that no language has. A character of it may be written as a reference (`&lt;`).
_TAG_OR_LONG_WORD = re.compile(r"<[^>]*>|(?:&#?\w+;|[^\s<>&]){100,}")
_PART_OF_A_WORD = re.compile(r"(?:&#?\w+;|[^\s<>&]){40}")
_LINKS_TO = ("https://", "http://", "mailto:", "tel:")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_PICTURES = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


class Unavailable(Exception):
    """This machine cannot make documents (Pango is missing). The outbox tries again, visibly."""


class RenderingError(Exception):
    """The document cannot be made from these data."""


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    attachments: Sequence[tuple[str, bytes, str]] = (),
    assets: Mapping[str, tuple[bytes, str]] | None = None,
    language: str = "de",
) -> bytes:
    """The document as PDF/A-3a.

    `attachments` are embedded as (name, content, media type), each as the data behind the page (AFRelationship
    *Data*). `assets` are images of this one document: `{"qr.svg": (content, media type)}` is `asset:qr.svg` in
    the template. Title, author and language come from the template's `title`, `meta` and `lang`.
    """
    weasyprint, shared = _engine()
    from foundation.documents.assets import Asset, AssetFetcher, FatalURLFetchingError

    with translation.override(language):
        html = render_to_string(template, {"language": language, **context})
    if len(html) > MOST_CHARACTERS:
        raise RenderingError("A document would be too long.")
    fetcher = AssetFetcher(
        {name: Asset(*asset) for name, asset in (assets or {}).items()}
        | {f"attachment/{name}": Asset(content, kind) for name, content, kind in attachments}
    )
    try:
        return weasyprint.HTML(string=_breakable(_drawable(html)), url_fetcher=fetcher).write_pdf(
            finisher=_finish,
            stylesheets=[shared.fonts],
            font_config=shared.font_config,
            attachments=[
                weasyprint.Attachment(
                    url=f"asset:attachment/{name}", name=name, relationship="Data", url_fetcher=fetcher
                )
                for name, _content, _kind in attachments
            ],
            pdf_variant="pdf/a-3a",
            pdf_tags=True,
        )
    # It is a BaseException, which would take the worker along.
    except FatalURLFetchingError as error:
        raise RenderingError(str(error)) from None


def _drawable(html: str) -> str:
    """No embedded font draws emoji, and PDF/A allows no empty box: they stand by their number, as in [U+1F600]."""
    named = _PICTURES.sub(lambda found: f"[U+{ord(found[0]):04X}]", html)
    return _LONE_SURROGATES.sub("\ufffd", named)


def _breakable(html: str) -> str:
    """Long words get places to break that nobody sees: without them the engine takes minutes over each.

    Characters stay as they are; so do the data inside the PDF.
    """
    return _TAG_OR_LONG_WORD.sub(_with_breaks, html)


def _with_breaks(found: re.Match[str]) -> str:
    text = found[0]
    return text if text.startswith("<") else _PART_OF_A_WORD.sub(lambda part: f"{part[0]}\u200b", text)


def _finish(document: Any, pdf: Any) -> None:
    """Before the file is written: no link that runs something or opens a file; each attachment listed once."""
    targets = [link[1] for page in document.pages for link in page.links if link[0] == "external"]
    if not all(target.lower().startswith(_LINKS_TO) for target in targets):
        raise RenderingError("A document has a link that leads to no page.")
    if listed := pdf.catalog.get("AF"):
        # WeasyPrint finds each attachment by its name and by its object.
        once = {entry if isinstance(entry, bytes) else entry.encode(): entry for entry in listed}
        listed[:] = list(once.values())


class _Shared:
    """Fonts are read once per process."""

    def __init__(self, weasyprint: Any) -> None:
        from weasyprint.text.fonts import FontConfiguration

        from foundation.documents.assets import AssetFetcher

        self.font_config = FontConfiguration()
        self.fonts = weasyprint.CSS(url="asset:fonts.css", url_fetcher=AssetFetcher({}), font_config=self.font_config)


@cache
def _engine() -> tuple[Any, _Shared]:
    try:
        import weasyprint
    except OSError:
        raise Unavailable("Pango is missing; see the README.") from None
    return weasyprint, _Shared(weasyprint)
