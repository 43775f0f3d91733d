"""Whether a step kept what was typed: exactly, or refused at its box with the words still standing there.

What may change without a word is written down here once more, apart from the engine: the typographic repair of
DIN 91379 with NFC, blanks at the ends and doubled in one line, and in numbers and codes what carries no meaning.
"""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from html import escape
from typing import Any

from forms_engine import api
from forms_engine.characters import normalise, readable
from forms_engine.rows import FieldRow, GroupRow, RepetitionRow, Row
from forms_engine.sheet import Slot

CHOSEN = {"choice", "choices", "yes_no", "consent", "file", "country", "nationality"}


def one_line(text: str) -> str:
    return normalise(" ".join(text.split()))


def paragraphs(text: str) -> str:
    return normalise(text.replace("\r\n", "\n").replace("\r", "\n").strip())


def marks(text: str) -> str:
    """Letters and digits alone, in one case."""
    return re.sub(r"[\W_]", "", normalise(text)).upper()


def number(text: str) -> Decimal:
    """As Germans write it: dots between groups, a comma before the fraction."""
    return Decimal(re.sub(r"[.\s]", "", text).replace("\u2212", "-").replace(",", "."))


def moment(text: str) -> list[int] | str:
    """The numbers of a day or a time: 9 Uhr is 09:00, and what passports mark as unknown (0, XX) is none."""
    if not re.fullmatch(r"[0-9:.\s]*(?:Uhr|h|X{1,2})?\s*", text, re.IGNORECASE | re.ASCII):
        return text
    numbers = [int(digits) for digits in re.findall(r"[0-9]+", text)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers


#: How typed and kept are compared, for each type that is typed in.
SAME_BY: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("text", "person_name"), one_line),
    **dict.fromkeys(("number", "decimal", "currency"), number),
    "multiline": paragraphs,
    "email": str.strip,
    "postal_code": str.strip,
    "phone": one_line,
    "address": lambda text: re.sub(r" ?- ?", "-", one_line(text)),
    "register_entry": lambda text: marks(re.sub(r"^(Amtsgericht|AG) ", "", one_line(text))),
    **dict.fromkeys(("date", "partial_date", "time", "datetime"), moment),
    **dict.fromkeys(("iban", "bic", "tax_id", "licence_plate"), marks),
}


def not_kept(form: api.StepForm) -> Iterator[str]:
    """A sentence for each question whose words were changed or lost without a word."""
    form.is_valid()
    rows = {row.id: row for row in field_rows(form.rows)}
    for slot in form.slots:
        refusals, kind = form.errors.get(slot.name, []), slot.field.type.name
        if not all(str(sentence).strip() for sentence in refusals):
            yield f"{slot.name}: refused without a sentence"
        if kind in SAME_BY and not slot.is_blank:
            yield from (_lost if refusals else _changed)(slot, typed_at(form, rows[slot.name]), rows[slot.name])
    json.dumps([form.cleaned_answers, form.partial_answers], ensure_ascii=False).encode()


def typed_at(form: api.StepForm, row: FieldRow) -> dict[str, str]:
    """What was typed into the boxes of a question that are on its page, by their names."""
    names = [box.id for line in row.boxes for box in line if not box.tick] or [row.id]
    return {name: str(form.data.get(name, "")) for name in names}


def _lost(slot: Slot, typed: dict[str, str], row: FieldRow) -> Iterator[str]:
    drawn = [str(row.attributes), *(str(box.attributes) for line in row.boxes for box in line)]
    for name, text in typed.items():
        words = readable(text).strip()
        if row.value.strip() != words and not any(escape(words) in attributes for attributes in drawn):
            yield f"{name}: {text!a} was refused and does not stand in its box"


def _changed(slot: Slot, typed: dict[str, str], row: FieldRow) -> Iterator[str]:
    kept, same_by = slot.field.type.raw(slot.answer), SAME_BY[slot.field.type.name]
    for name, text in typed.items():
        word = kept.get(name.removeprefix(f"{slot.name}_"), "") if isinstance(kept, dict) else str(kept)
        if text.strip() and same_by(text) != same_by(word):
            yield f"{name} ({slot.field.type.name}): {text!a} was kept as {word!a}"


def field_rows(rows: list[Row]) -> Iterator[FieldRow]:
    """The questions of a page, those in groups and instances too."""
    for row in rows:
        if isinstance(row, FieldRow):
            yield row
        elif isinstance(row, GroupRow):
            yield from field_rows(row.rows)
        elif isinstance(row, RepetitionRow):
            for instance in row.instances:
                yield from field_rows(instance.rows)
