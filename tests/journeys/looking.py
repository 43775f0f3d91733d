"""What must hold on every page for people who see, hear or feel it (WCAG 2.2 AA, BITV 2.0)."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

from playwright.sync_api import Browser, Page

from tests import axe

NARROWEST = 320
CONTROLS = {
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "radio",
    "button",
    "link",
    "spinbutton",
    "Date",
    "radiogroup",
}
LANDMARKS = {"banner": 1, "main": 1, "contentinfo": 1}

#: Ids that a control is described by, and that are not there.
_MISSING_DESCRIPTIONS = """() => [...document.querySelectorAll('[aria-describedby], [aria-labelledby]')].flatMap(
  (each) => `${each.getAttribute('aria-describedby') ?? ''} ${each.getAttribute('aria-labelledby') ?? ''}`
    .split(' ').filter((id) => id && !document.getElementById(id)))"""
#: Error sentences that no control is described by.
_UNHEARD_ERRORS = """() => [...document.querySelectorAll('main .kern-error')].filter((error) => ![
  ...document.querySelectorAll('[aria-describedby]')
].some((each) => each.getAttribute('aria-describedby').split(' ').includes(error.id))).map((error) => error.id)"""
_SUMMARY = "() => [...document.querySelectorAll('#fehler a[href^=\"#\"]')].map((link) => link.hash.slice(1))"
#: Faults that only the summary, or only the control, tells of. A link leads to a control or into a group of them.
_TOLD_ONCE = """(ids) => {
  const wrong = [...document.querySelectorAll('main [aria-invalid=true]')];
  const group = (element) => element.closest('[role=radiogroup], fieldset:not(.portal-repeat)') ?? element;
  const same = (target, each) => target && (target === each || group(target) === group(each));
  const targets = ids.map((id) => document.getElementById(id));
  return [
    ...ids.filter((id, no) => !wrong.some((each) => same(targets[no], each))).map((id) => `only the summary: ${id}`),
    ...wrong.filter((each) => !targets.some((target) => same(target, each))).map((each) => `only the box: ${each.id}`),
  ];
}"""
#: Whether a box says that it is needed, against what its label says („freiwillig“).
_UNSURE_NEEDS = """() => [...document.querySelectorAll('#schritt input, #schritt select, #schritt textarea')]
  .filter((each) => each.type !== 'hidden' && each.labels.length && !each.closest('fieldset[role]'))
  .filter((each) => {
    const optional = [each.labels[0], each.closest('fieldset')?.querySelector('legend')]
      .some((label) => label?.querySelector('.kern-label__optional'));
    return optional && (each.required || each.getAttribute('aria-required') === 'true');
  }).map((each) => each.id)"""
#: What makes the page scroll sideways; what scrolls in a region of its own does not.
_TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth && each.checkVisibility())
  .map((each) => each.outerHTML.slice(0, 100)).slice(0, 5)"""
#: Each kind of element within its kind of parent, once: a list with three rows is made of what one with two is made of.
_SHAPE = """() => {
  const kind = (each) => [each.tagName, each.className, each.type, each.getAttribute('role')].join('.')
  const pairs = [...document.querySelectorAll('body *')].map((each) => kind(each.parentElement) + '>' + kind(each))
  return [...new Set(pairs)].sort().join()
}"""


def shape_of(page: Page) -> str:
    """What a page is made of, whatever its words, and however often."""
    return page.evaluate(_SHAPE)


def faults_of(page: Page, *, script: bool, only_contrast: bool) -> list[str]:
    """Out: what is wrong with the page as it stands, in words.

    `script`: whether its browser runs JavaScript; `only_contrast`: axe knows all but the colours already.
    """
    barriers = _barriers(page, script=script, only_contrast=only_contrast)
    return [*barriers, *tree(page), *_controls(page), *_width(page)]


def _barriers(page: Page, *, script: bool, only_contrast: bool) -> Iterator[str]:
    with nullcontext(page) if script else _copy_with_scripts(page) as looked_at:
        yield from [f"axe {each}" for each in axe.violations(looked_at, only_contrast=only_contrast)]


@contextmanager
def _copy_with_scripts(page: Page) -> Iterator[Page]:
    """axe waits on timers, which stand still in a browser without JavaScript: it looks at the same page in another."""
    content = page.content()
    assert page.context.browser
    assert page.viewport_size
    copy = _reading_page(page.context.browser)
    copy.set_viewport_size(page.viewport_size)
    copy.route(page.url, lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8"))
    copy.goto(page.url)
    yield copy
    copy.unroute(page.url)


@cache
def _reading_page(browser: Browser) -> Page:
    """One for all copies: a page of its own for each would cost more than the look."""
    return browser.new_context(color_scheme="dark").new_page()


def tree(page: Page) -> Iterator[str]:
    """Out: what is wrong with the accessibility tree that the browser hands to a screen reader."""
    nodes = _accessibility_nodes(page)
    roles = [node["role"]["value"] for node in nodes]
    for role, number in LANDMARKS.items():
        if roles.count(role) != number:
            yield f"{roles.count(role)} landmarks {role}"
    # On a telephone the menu is closed, and its button stands for it.
    if not {"navigation", "DisclosureTriangle"} & set(roles):
        yield "no landmark navigation"
    first_headings = [node for node in nodes if node["role"]["value"] == "heading" and _property(node, "level") == 1]
    if len(first_headings) != 1:
        yield f"{len(first_headings)} headings of level 1"
    for node in nodes:
        if node["role"]["value"] in CONTROLS and not node.get("name", {}).get("value", "").strip():
            yield f"{node['role']['value']} without a name"


def _accessibility_nodes(page: Page) -> list[dict[str, Any]]:
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    tree = session.send("Accessibility.getFullAXTree")
    session.detach()
    return [node for node in tree["nodes"] if not node["ignored"] and "role" in node]


def _property(node: dict[str, Any], name: str) -> Any:
    return next((each["value"]["value"] for each in node.get("properties", []) if each["name"] == name), None)


def _controls(page: Page) -> Iterator[str]:
    yield from (f"described by {missing}, which is not there" for missing in page.evaluate(_MISSING_DESCRIPTIONS))
    yield from (f"nothing is described by {error}" for error in page.evaluate(_UNHEARD_ERRORS))
    yield from page.evaluate(_TOLD_ONCE, page.evaluate(_SUMMARY))
    yield from (f"{box} is needed, and optional" for box in page.evaluate(_UNSURE_NEEDS))


def _width(page: Page) -> Iterator[str]:
    usual = page.viewport_size
    assert usual
    page.set_viewport_size({"width": NARROWEST, "height": usual["height"]})
    yield from (f"wider than {NARROWEST} px: {element}" for element in page.evaluate(_TOO_WIDE))
    page.set_viewport_size(usual)
