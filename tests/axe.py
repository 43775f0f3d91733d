"""The one place that asks axe-core what it finds on a page (WCAG 2.2 AA and its best practice)."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The one rule that a colour scheme can change.
_CONTRAST = {"type": "rule", "values": ["color-contrast"]}

#: Width, colours, and whether only the colours have changed since the look before.
Look = tuple[int, Literal["light", "dark"], bool]
EVERY_LOOK: tuple[Look, ...] = (
    (1280, "light", False),
    (1280, "dark", True),
    (320, "dark", False),
    (320, "light", True),
)


def violations(page: Page, *, only_contrast: bool = False) -> list[str]:
    """What is wrong with the page as it stands: the rule and the first element that breaks it."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], "runOnly": _CONTRAST if only_contrast else _STANDARD}
    found: list[dict[str, Any]] = page.evaluate(f"axe.run({json.dumps(options)}).then(all => all.violations)")
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def barriers(page: Page, looks: Sequence[Look] = EVERY_LOOK) -> list[str]:
    """What axe finds, and what scrolls sideways, at both edges of the usual widths, in the light and in the dark."""
    found = []
    for width, scheme, only_contrast in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme} {each}" for each in violations(page, only_contrast=only_contrast)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width} {scheme}: scrolls sideways")
    return found
