"""The one place that asks axe-core what it finds on a page (WCAG 2.2 AA and its best practice)."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The one rule that a colour scheme can change. It costs three times what all others cost together.
_CONTRAST = "color-contrast"
#: What stands around the page's own part, with all that its colours depend on: width, scheme, theme, and its words.
_FRAME = """() => [...document.querySelectorAll('body > :not(main, script, dialog)')].map((part, no) => {
  part.dataset.frame = no
  const copy = part.cloneNode(true)
  for (const box of copy.querySelectorAll('input[type=hidden]')) box.value = ''
  const bare = (each) => each.cloneNode().outerHTML
  const scheme = matchMedia('(prefers-color-scheme: dark)').matches
  return [innerWidth, scheme, bare(document.documentElement), bare(document.body), copy.outerHTML].join()
})"""

#: Width, colours, and whether only the colours have changed since the look before.
Look = tuple[int, Literal["light", "dark"], bool]
EVERY_LOOK: tuple[Look, ...] = (
    (1280, "light", False),
    (1280, "dark", True),
    (320, "dark", False),
    (320, "light", True),
)


#: Frames whose colours were found good already, in this process.
_good_frames: set[str] = set()


def violations(page: Page, *, only_contrast: bool = False) -> list[str]:
    """What is wrong with the page as it stands: the rule and the first element that breaks it."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = [] if only_contrast else _run(page, {"runOnly": _STANDARD, "rules": {_CONTRAST: {"enabled": False}}})
    return found + _contrast(page)


def _contrast(page: Page) -> list[str]:
    """What has too little contrast. Header and footer are most of a page; the same ones are looked at once per look."""
    frames: list[str] = page.evaluate(_FRAME)
    known = [[f"[data-frame='{no}']"] for no, frame in enumerate(frames) if frame in _good_frames]
    found = _run(page, {"runOnly": {"type": "rule", "values": [_CONTRAST]}}, {"exclude": known})
    if not found:
        _good_frames.update(frames)
    return found


def _run(page: Page, options: dict[str, Any], context: dict[str, Any] | None = None) -> list[str]:
    given = json.dumps([context or {"include": [["html"]]}, {"resultTypes": ["violations"], **options}])
    found: list[dict[str, Any]] = page.evaluate(f"axe.run(...{given}).then(all => all.violations)")
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
