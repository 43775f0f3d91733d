"""The anchors that an authority brings and leaves behind: asked for before any row is changed."""

from pathlib import Path

from foundation.audit import anchors
from foundation.audit.anchors import Anchor
from hro_portal.moving.refusal import MovingRefused

NO_ANCHORS = "{why} Berichtigen Sie die Datei, und behalten Sie eine Kopie, wie sie war. Es ist nichts geändert."


def require_readable() -> None:
    """Raises `MovingRefused` where the anchors of this place could not be written anew afterwards."""
    _read(anchors.file())


def brought(source: Path, authority_id: str) -> list[Anchor]:
    """What the export says of the authority's chain."""
    return [anchor for anchor in _read(source) if str(anchor.chain) == authority_id]


def _read(path: Path) -> list[Anchor]:
    try:
        return list(anchors.read(path)) if path.exists() else []
    except ValueError as error:
        raise MovingRefused(NO_ANCHORS.format(why=error)) from None
