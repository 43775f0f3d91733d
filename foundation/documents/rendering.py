"""From a template to a PDF/A-3a file (ISO 19005-3, level A: tagged, with Unicode text) by WeasyPrint."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


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
    fetcher = AssetFetcher(
        {name: Asset(*asset) for name, asset in (assets or {}).items()}
        | {f"attachment/{name}": Asset(content, kind) for name, content, kind in attachments}
    )
    try:
        return weasyprint.HTML(string=_LONE_SURROGATES.sub("\ufffd", html), url_fetcher=fetcher).write_pdf(
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
