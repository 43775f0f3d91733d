"""What a document may bring in: the files of this table, and what its maker hands over. Nothing else, from nowhere.

Imports WeasyPrint, so it is imported by workers only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

STATIC_FILES = {
    "document.css": ("documents/document.css", "text/css"),
    "fonts.css": ("documents/fonts.css", "text/css"),
    "FiraSans-Regular.woff2": ("kern/fonts/FiraSans-Regular.woff2", "font/woff2"),
    "FiraSans-Italic.woff2": ("kern/fonts/FiraSans-Italic.woff2", "font/woff2"),
    "FiraSans-Medium.woff2": ("kern/fonts/FiraSans-Medium.woff2", "font/woff2"),
    "FiraSans-SemiBold.woff2": ("kern/fonts/FiraSans-SemiBold.woff2", "font/woff2"),
    "mark.svg": ("portal/img/mark.svg", "image/svg+xml"),
    "mark-schwerin.svg": ("portal/img/mark-schwerin.svg", "image/svg+xml"),
}


@dataclass(frozen=True)
class Asset:
    """Content that the maker of a document hands over under a name, such as a QR code."""

    content: bytes
    media_type: str


class AssetFetcher(URLFetcher):
    """Knows `asset:NAME` and refuses every other address, without looking at it twice."""

    def __init__(self, given: Mapping[str, Asset]) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True)
        self._given = given

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        name = unquote(name)
        if scheme == "asset" and name in self._given:
            asset = self._given[name]
            return URLFetcherResponse(url, asset.content, {"Content-Type": asset.media_type})
        if scheme == "asset" and name in STATIC_FILES:
            path, media_type = STATIC_FILES[name]
            found = finders.find(path)
            if found:
                return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": media_type})
        # The address is not repeated: it may hold what a person typed.
        raise FatalURLFetchingError("A document asked for something that is not in its table of assets.")
