"""People of a city read their pages in English too: every sentence that the code shows them has its English one.

After changing a sentence, change `locale/en/LC_MESSAGES/django.po` and compile it:
`msgfmt --check -o locale/en/LC_MESSAGES/django.mo locale/en/LC_MESSAGES/django.po`.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation.template import templatize

from tests.frame.pages import Page

ROOT = Path(settings.BASE_DIR)
ROOMS = ("accounts", "applications", "authorities", "catalogue", "forms_engine", "foundation", "hro_portal", "postbox")
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"(p?)gettext\({LITERAL}(?:, *{LITERAL})?")
#: How a catalogue joins a context and its sentence.
CONTEXT = gettext.GNUTranslations.CONTEXT


def sentences() -> Iterator[tuple[str, Path]]:
    """Every sentence marked for translation, with a context where it has one, and its file; clerks read German only."""
    for file in (file for room in ROOMS for file in (ROOT / room).rglob("*.py")):
        calls = (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call) and node.args)
        for call in calls:
            words = [word.value for word in call.args[:2] if isinstance(word, ast.Constant)]
            if words and (mark := getattr(call.func, "id", "")) in MARKS:
                yield (CONTEXT % tuple(words) if mark == "pgettext" else words[0]), file
    for file in (ROOT / "templates").rglob("*.*"):
        if "backoffice" not in file.parts:
            for has_context, first, second in CALL.findall(templatize(file.read_text(), str(file))):
                said = ast.literal_eval(first)
                yield (CONTEXT % (said, ast.literal_eval(second)) if has_context else said), file


def test_every_sentence_has_its_english_one() -> None:
    with (ROOT / "locale/en/LC_MESSAGES/django.mo").open("rb") as file:
        english = gettext.GNUTranslations(file)._catalog
    missing = {
        f"{file.relative_to(ROOT)}: {sentence}"
        for sentence, file in sentences()
        if sentence not in english and (sentence, 0) not in english
    }
    assert sorted(missing) == []


@pytest.mark.usefixtures("portal_db")
def test_language_is_the_browsers_and_can_be_switched() -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    shown = Page(client.get(reverse("account_login")))
    assert shown.faults() == []
    assert (shown.tree.get("lang"), shown.title()) == ("en", "Sign in – Rostock")
    client.post(reverse("set_language"), {"language": "de", "next": "/konto/anmelden/"})
    shown = Page(client.get(reverse("account_login")))
    assert (shown.tree.get("lang"), shown.title()) == ("de", "Anmelden – Rostock")
