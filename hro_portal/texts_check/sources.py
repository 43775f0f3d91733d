"""Every German text that the portal shows: sentences in code and templates, forms, services, mails, notices."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation.template import templatize

from foundation.plain_german.texts import Kind, Text

ROOT = Path(__file__).resolve().parents[2]
ROOMS: tuple[str, ...] = (
    "accounts",
    "applications",
    "authorities",
    "backoffice",
    "catalogue",
    "forms_engine",
    "foundation",
)
ROOMS += ("hro_portal", "postbox")
DEMO = ROOT / "hro_portal" / "demo"
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}

_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"gettext\({_STRING}(?:,\s*{_STRING})?")
_TRANSLATED = r"""\{%\s*(?:translate|trans)\s+(?P<quote>['"])(?P<text>.*?)(?P=quote)\s*%\}"""
_BUTTON = re.compile(r"<button[^>]*>(?P<inner>.*?)</button>|<a class=\"kern-btn[^>]*>(?P<link>.*?)</a>", re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*>(?P<inner>.*?)</a>", re.DOTALL)


def all_texts() -> Iterator[Text]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in file.parts and "texts_check" not in file.parts:
                yield from of_code(file.read_text(), _name(file))
    for file in sorted((ROOT / "templates").rglob("*.*")):
        yield from of_template(file.read_text(), _name(file))
    for file in sorted(DEMO.glob("*/*.json")):
        yield from of_data(json.loads(file.read_text()), _name(file))


def of_code(source: str, place: str) -> Iterator[Text]:
    """The sentences that code marks for translation; all their forms."""
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        if getattr(call.func, "id", "") in MARKS:
            for argument in call.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield Text(argument.value, f"{place}:{argument.lineno}")


def of_template(source: str, place: str) -> Iterator[Text]:
    """Its sentences; what its buttons and links say; and all that it says, as a mail or as a page."""
    sentences = [ast.literal_eval(each) for found in _CALL.findall(templatize(source)) for each in found if each]
    yield from (Text(each, place) for each in sentences)
    for button in _BUTTON.finditer(source):
        yield from (Text(each, place, Kind.BUTTON) for each in _translated(button["inner"] or button["link"]))
    for link in _LINK.finditer(source):
        yield from (Text(each, place, Kind.LINK) for each in _translated(link["inner"]))
    whole = " ".join(each for each in sentences if each.endswith((".", "?")))
    if "/mail/" in place and not place.endswith((".subject.txt", "base.txt")):
        yield Text(whole, place, Kind.MAIL)
    else:
        yield Text(whole, place, Kind.WHOLE)


def of_data(value: Any, place: str) -> Iterator[Text]:
    """The German texts of language maps, wherever they stand."""
    if isinstance(value, list):
        for inner in value:
            yield from of_data(inner, place)
    elif isinstance(value, dict):
        place = f"{place}.{name}" if (name := value.get("key") or value.get("slug")) else place
        for key, inner in value.items():
            if key == "de":
                yield from _of_language(inner, place)
            elif key == "error":
                errors = (Text(each["de"], place, Kind.ERROR) for each in inner.values())
                yield from errors
            elif not (key == "remedy" and "reference_prefix" in value):  # the law office's own wording
                yield from of_data(inner, place)


def _of_language(words: str | list[str], place: str) -> Iterator[Text]:
    lines = [words] if isinstance(words, str) else words
    yield from (Text(line, place) for line in lines)
    yield Text(" ".join(line for line in lines if line.endswith(".")), place, Kind.WHOLE)


def _translated(markup: str) -> list[str]:
    return [found["text"] for found in re.finditer(_TRANSLATED, markup)]


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))
