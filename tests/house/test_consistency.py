"""What holds for the whole of the project, found by reading its files."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

ROOT = Path(settings.BASE_DIR)
#: Addresses that no test writes down, with the reason.
NOT_ASKED = {
    "admin/": "Django's own pages; tests/health asks for those that we add",
    "konto/email-bestaetigen/<key>/": "the journeys take it from the mail",
    "konto/passwort/neu/<uidb36>-<key>/": "the journeys take it from the mail",
    "konto/passwort/setzen/": "for accounts without a password, which only another way to sign in would make",
    "postfach/<uuid:item_id>/dokument.pdf": "the journeys follow the link to it",
    "backoffice/vorgang/<str:reference>/uebernehmen/": "the journeys press the button",
    "backoffice/vorgang/<str:reference>/bescheid/<uuid:item_id>.pdf": "the journeys follow the link to it",
}
#: Folders of the machine that this was written on, and of anybody's home.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home)/[\w.]")
ENGLISH = {"the", "your", "you", "please", "and", "with", "for", "this", "that", "are", "have", "not", "was", "from"}
#: The frame of PDF documents, which no browser reads: page numbers are a matter of style in the language of the text.
PRINTED = ROOT / "templates/documents/base.html"
BUILT = {
    ".venv",
    ".git",
    "node_modules",
    "static_build",
    "var",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
}
#: Inside a button, text for screen readers takes the place of its label: the button is as narrow as its padding.
NARROW_BUTTON = re.compile(r"<(button|a)\b[^>]*\bkern-btn\b(?:(?!</\1>).)*kern-sr-only(?:(?!</\1>).)*</\1>", re.DOTALL)
INLINE = re.compile(r"""<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|href=["']javascript:""", re.IGNORECASE)


def project_files(*suffixes: str) -> list[Path]:
    """Files of ours with one of these endings; what is built or brought lies in folders of its own."""
    return [
        file
        for file in ROOT.rglob("*")
        if file.suffix in suffixes
        and not BUILT.intersection(file.relative_to(ROOT).parts)
        and file.is_file()
        and file != Path(__file__)
    ]


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    found = []
    for file in files:
        for no, line in enumerate(file.read_text(errors="replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{file.relative_to(ROOT)}:{no}: {line.strip()[:120]}")
    return found


def test_no_template_holds_a_style_or_a_script() -> None:
    """The policy of every page forbids both; what it forbids would fail silently."""
    templates = [file for file in project_files(".html") if "tests" not in file.parts and file != PRINTED]
    assert templates
    assert lines_with(INLINE, templates) == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    text = (".py", ".md", ".html", ".txt", ".json", ".toml", ".yml", ".css", ".js", ".po", ".in", "")
    assert lines_with(MACHINE_PATH, project_files(*text)) == []


def test_texts_that_people_see_are_written_in_german() -> None:
    """English stands in the catalogue, as the translation (docs: texts are looked up by their German words)."""
    catalogue = (ROOT / "locale/en/LC_MESSAGES/django.po").read_text()
    german = re.findall(r'^msgid ((?:".*"\n)+)', catalogue, re.MULTILINE)
    assert len(german) > 100
    english = [text for text in german if len(ENGLISH & set(re.findall(r"[a-z]+", text.lower()))) >= 2]
    assert english == []


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """(address with its parts named, name) of every page."""
    for entry in resolver.url_patterns:
        here = before + _route(entry)
        if here in NOT_ASKED:
            continue
        if isinstance(entry, URLResolver):
            yield from patterns(entry, here)
        else:
            yield here, entry.name or ""


def _route(entry: URLPattern | URLResolver) -> str:
    if isinstance(entry.pattern, RoutePattern):
        return str(entry.pattern)
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", str(entry.pattern).strip("^$"))


@pytest.fixture(scope="module")
def asked() -> str:
    """All that tests say."""
    return "\n".join(file.read_text() for file in project_files(".py") if "tests" in file.parts)


def test_every_address_is_asked_for_by_a_test(asked: str) -> None:
    missing = [address for address, name in patterns(get_resolver()) if not _is_asked(address, name, asked)]
    assert missing == []


def _is_asked(address: str, name: str, asked: str) -> bool:
    """By its name, or by an address whose parts in angle brackets are filled with anything."""
    parts = re.split(r"<[^>]+>", f"/{address}")
    filled = r"""[^/\s"']+""".join(map(re.escape, parts))
    return bool(name and re.search(rf"""["'](\w+:)?{re.escape(name)}["']""", asked)) or bool(
        re.search(rf"""["'\]}}]{filled}["'?]""", asked)
    )


def test_no_button_holds_text_for_screen_readers_only() -> None:
    """`aria-label` says more than the label does; the label stays the first words of it."""
    found = [
        str(file.relative_to(ROOT))
        for file in project_files(".html")
        if NARROW_BUTTON.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []
