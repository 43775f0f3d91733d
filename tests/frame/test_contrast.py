"""Each authority's theme is measured against the limits of the design guide (WCAG 2.2, 1.4.3 and 1.4.11).

The colours are taken from the stylesheets as they are delivered, resolved as a browser does, and turned from
OKLCH into the light that a screen gives off.
"""

import json
import math
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
KERN = (ROOT / "static_build/kern/kern.min.css").read_text()
PORTAL = (ROOT / "static/portal/portal.css").read_text()
AUTHORITIES = [each["slug"] for each in json.loads((ROOT / "hro_portal/demo/data/authorities.json").read_text())]
MOST_CHROMA, MOST_ACCENT_CHROMA = 0.10, 0.14

#: Pair, its colours, and the lowest contrast that the guide measured over all hues.
PAIRS = {
    "text on page": ("--kern-color-layout-text-default", "--p-bg", 17.1),
    "text on surface": ("--kern-color-layout-text-default", "--p-surface", 15.3),
    "text on tint": ("--kern-color-layout-text-default", "--p-tint", 12.6),
    "muted on page": ("--kern-color-layout-text-muted", "--p-bg", 7.0),
    "muted on surface": ("--kern-color-layout-text-muted", "--p-surface", 6.4),
    "muted on tint": ("--kern-color-layout-text-muted", "--p-tint", 6.0),
    "link on page": ("--p-action", "--p-bg", 8.3),
    "link on tint": ("--p-action", "--p-tint", 7.3),
    "words on button": ("--kern-color-action-on-default", "--p-action", 8.3),
    "white on band": ("--kern-color-white", "--p-deep", 12.3),
    "number on accent": ("--kern-color-action-on-default", "--p-accent", 5.3),
    "accent edge": ("--p-accent", "--p-bg", 5.3),
    "edge of a box": ("--kern-color-form-input-border", "--p-surface", 13.9),
    "edge of a badge": ("--kern-color-layout-border", "--p-bg", 4.1),
    "focus ring": ("--kern-color-action-focus-default", "--p-bg", 8.4),
}


def blocks(css: str) -> list[tuple[list[str], dict[str, str]]]:
    """(selectors, custom properties) of each rule, those inside a media query too."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return [
        ([each.strip() for each in selectors.split(",")], dict(re.findall(r"(--[\w-]+)\s*:\s*([^;]+)", body)))
        for selectors, body in rules
    ]


def properties(city: str, theme: str) -> dict[str, str]:
    """What holds on <html data-portal-city=… data-kern-theme=…>, in the order of the cascade."""
    holding = {":root", f"[data-kern-theme={theme}]", "[data-kern-theme]", f"[data-portal-city={city}]"}
    found: dict[str, str] = {}
    media = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\}")
    for css in (KERN, PORTAL):
        for selectors, values in blocks(media.sub("", css)):
            if holding & set(selectors):
                found |= values
    return found


def resolved(value: str, given: dict[str, str]) -> str:
    while match := re.search(r"var\((--[\w-]+)\)", value):
        value = value.replace(match[0], given[match[1]])
    return value


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of `#fff` or `oklch(L C H)`."""
    if colour.startswith("#"):
        digits = "".join(digit * 2 for digit in colour[1:]) if len(colour) == 4 else colour[1:]
        red, green, blue = (linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    else:
        lightness, chroma, hue = re.fullmatch(r"oklch\(([\d.]+)%\s+([\d.]+)\s+([\d.]+)\)", colour).groups()
        red, green, blue = light(float(lightness) / 100, float(chroma), float(hue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def light(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH to linear sRGB (Ottosson), cut off where a screen shows no more."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in channels)
    return red, green, blue


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(given: dict[str, str]) -> dict[str, float]:
    """The pairs below their limit. The guide rounds to one digit."""
    measured = {
        pair: (contrast(resolved(given[front], given), resolved(given[back], given)), limit)
        for pair, (front, back, limit) in PAIRS.items()
    }
    return {pair: round(value, 2) for pair, (value, limit) in measured.items() if value < limit - 0.05}


def test_conversion_agrees_with_known_colours() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("oklch(0% 0 0)", "oklch(100% 0 0)") == pytest.approx(21, abs=0.01)
    # Pure red, as CSS Color 4 gives it in both ways.
    assert luminance("oklch(62.796% 0.25768 29.2339)") == pytest.approx(luminance("#ff0000"), abs=0.001)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("city", AUTHORITIES)
def test_theme_of_an_authority_is_readable(city: str, theme: str) -> None:
    given = properties(city, theme)
    assert float(given["--portal-chroma"]) <= MOST_CHROMA
    assert float(given["--portal-accent-chroma"]) <= MOST_ACCENT_CHROMA
    assert too_weak(given) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_hue_that_a_city_may_choose_is_unreadable(theme: str) -> None:
    for hue in range(0, 360, 10):
        chosen = {"--portal-hue": str(hue), "--portal-accent-hue": str(hue)}
        most = {"--portal-chroma": str(MOST_CHROMA), "--portal-accent-chroma": str(MOST_ACCENT_CHROMA)}
        assert too_weak(properties("rostock", theme) | chosen | most) == {}, hue


def test_schwerin_differs_from_rostock_by_one_rule() -> None:
    ours = [values for selectors, values in blocks(PORTAL) if any("data-portal-city" in each for each in selectors)]
    assert [sorted(each) for each in ours] == [
        ["--portal-accent-chroma", "--portal-accent-hue", "--portal-chroma", "--portal-hue", "--portal-panorama"]
    ]
    rostock, schwerin = (properties(city, "light") for city in ("rostock", "schwerin"))
    assert resolved(rostock["--p-action"], rostock) != resolved(schwerin["--p-action"], schwerin)


def test_weak_theme_is_found() -> None:
    given = properties("rostock", "light") | {"--p-l-action": "75%"}
    assert {"link on page", "words on button"} <= set(too_weak(given))
