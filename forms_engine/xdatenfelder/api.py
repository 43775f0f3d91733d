"""What the engine's neighbours upstairs call: a file from the federation in, a definition and a report out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms_engine.errors import DefinitionError
from forms_engine.xdatenfelder import keeping, rules
from forms_engine.xdatenfelder.code_lists import is_code_list, read_code_list
from forms_engine.xdatenfelder.elements import parse
from forms_engine.xdatenfelder.fields import Lists
from forms_engine.xdatenfelder.languages import (
    InEnglish,
    Translation,
    in_english,
    is_translation,
    read_translation,
    said_in_english,
    unused_messages,
)
from forms_engine.xdatenfelder.layout import divide, long_steps, steps_of_one_name
from forms_engine.xdatenfelder.proposals import Proposal, acts_already, proposals, sentences
from forms_engine.xdatenfelder.reading import is_xdatenfelder, read_schema
from forms_engine.xdatenfelder.rules import Told, read_rules
from forms_engine.xdatenfelder.translating import translate

__all__ = [
    "Imported",
    "InEnglish",
    "Proposal",
    "Told",
    "Translation",
    "import_xml",
    "in_english",
    "is_code_list_file",
    "is_xml",
    "read_rules",
    "said_in_english",
    "translation_in",
    "unused_messages",
]


@dataclass(frozen=True, slots=True)
class Imported:
    """A schema as a definition, or a code list (then `definition` is None); `warnings` are German sentences.

    `proposals` are rules in words that wait for an author.
    """

    definition: dict[str, Any] | None
    warnings: list[str]
    proposals: tuple[Proposal, ...] = ()


def is_xml(raw: bytes) -> bool:
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or raw[:2] in (b"\xff\xfe", b"\xfe\xff")


def is_code_list_file(raw: bytes) -> bool:
    """Does this look like a code list? Lists are taken in before the schemas that name them."""
    return is_xml(raw) and b"CodeList" in raw[:4000]


def translation_in(raw: bytes) -> Translation | None:
    """The translation of a schema, if the file is one; None if not. Raises DefinitionError with German sentences."""
    if b"uebersetzung.0106" not in raw[:4000]:
        return None
    root = parse(raw)
    return read_translation(root) if is_translation(root) else None


def import_xml(
    raw: bytes, told_rules: Iterable[Told] = (), lists: Lists = keeping.find, valid_from: date | None = None
) -> Imported:
    """Reads a schema or a code list; a list is kept at once, from a day on. Raises DefinitionError in German."""
    root = parse(raw)
    if is_code_list(root):
        code_list = read_code_list(root)
        keeping.keep(code_list, valid_from)
        return Imported(None, [f"Codeliste {code_list.uri} ({code_list.version}): {len(code_list.rows)} Einträge."])
    if not is_xdatenfelder(root):
        raise DefinitionError([f"Die Datei ist weder ein Schema noch eine Codeliste, sondern „{root.name[:60]}“."])
    schema = read_schema(root)
    translated = translate(schema, lists)
    made = rules.apply(told_rules, schema, translated)
    in_words = tuple(proposals(schema, translated))
    found = tuple(each for each in in_words if not acts_already(each, made))
    translated.definition["steps"] = divide(translated.definition["steps"])
    warnings = [*long_steps(translated.definition), *steps_of_one_name(translated.definition), *translated.warnings]
    warnings += [sentence for proposal in found for sentence in sentences(proposal)]
    return Imported(translated.definition, list(dict.fromkeys(warnings)), found)
