"""XML from outside as a plain tree. No DTD, hence no entities; no network; limits on size, depth and number.

expat is safe here: a DTD is refused where it begins, before it can declare an entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat  # nosec B407

from forms_engine.errors import DefinitionError

LARGEST = 20_000_000  # bytes
_DEEPEST = 200
_MOST = 1_000_000
_SKIPPED = frozenset({"relation", "stichwort"})  # thousands of them in real files, none of use for a form


@dataclass(slots=True)
class Element:
    """An element by its local name: `<code>` stands without a namespace in files whose other elements have one."""

    name: str
    namespace: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator[Element]:
        return (child for child in self.children if child.name == name)

    def one(self, name: str) -> Element | None:
        """The child of this name; DefinitionError if there are several, for then nobody knows which one is meant."""
        found = list(self.all(name))
        if len(found) > 1:
            raise DefinitionError([f"„{name}“ steht {len(found)}-mal in „{self.name}“. Erlaubt ist es einmal."])
        return found[0] if found else None

    def said(self, name: str) -> str:
        """The text of the child of this name, blanks trimmed; empty if there is none."""
        child = self.one(name)
        return child.text.strip() if child else ""

    def code(self, name: str) -> str:
        """The code of a child that holds one: `<feldart><code>input</code></feldart>`."""
        child = self.one(name)
        return child.said("code") if child else ""


def parse(raw: bytes) -> Element:
    """The root of an XML document. Raises DefinitionError with a German sentence."""
    if len(raw) > LARGEST:
        raise DefinitionError([f"Die Datei ist zu groß. Erlaubt sind {LARGEST // 1_000_000} MB."])
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise DefinitionError([f"Die Datei ist kein wohlgeformtes XML (Zeile {error.lineno})."]) from None
    except (LookupError, ValueError):
        raise DefinitionError(["Die Datei nennt eine Zeichenkodierung, die es nicht gibt. Nehmen Sie UTF-8."]) from None
    return builder.document.children[0]


class _Builder:
    def __init__(self) -> None:
        self.document = Element("", "", {})
        self._open = [self.document]
        self._texts: list[list[str]] = [[]]
        self._skipping = 0
        self._count = 0

    def doctype(self, *_: object) -> None:
        raise DefinitionError(["Die Datei enthält eine DTD. Das ist hier nicht erlaubt."])

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if self._skipping or local in _SKIPPED:
            self._skipping += 1
            return
        self._count += 1
        if len(self._open) > _DEEPEST or self._count > _MOST:
            raise DefinitionError(["Die Datei ist zu tief verschachtelt oder hat zu viele Elemente."])
        element = Element(local, namespace, attributes)
        self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def end(self, _: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        self._open.pop().text = "".join(self._texts.pop())

    def characters(self, text: str) -> None:
        if not self._skipping:
            self._texts[-1].append(text)
