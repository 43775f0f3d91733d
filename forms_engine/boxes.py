"""Fields of several boxes: which there are, in which lines, and how a browser may help to fill them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from forms_engine.markup import html_attributes, input_class
from forms_engine.rows import Box, FieldRow
from forms_engine.sheet import Slot

if TYPE_CHECKING:
    from forms_engine.step_form import StepForm


def build_date(form: StepForm, slot: Slot, row: FieldRow) -> None:
    """Day, month and year, each as far as the type asks for it."""
    labels = {
        "day": pgettext("date", "Tag"),
        "month": pgettext("date", "Monat"),
        "year": pgettext("date", "Jahr"),
        "time": pgettext("date", "Uhrzeit"),
    }
    widths = {"day": "2", "month": "2", "year": "4", "time": "4"}
    birthday = slot.field.autocomplete == "bday"
    row.boxes = [
        [
            _box(
                form,
                slot,
                row,
                part,
                labels[part],
                width=widths[part],
                inputmode="" if part == "time" else "numeric",
                maxlength="" if part == "time" else widths[part],
                autocomplete=f"bday-{part}" if birthday else "",
            )
            for part in slot.field.type.parts
        ]
    ]


def build_boxes(form: StepForm, slot: Slot, row: FieldRow) -> None:
    """The boxes of an address, of a name, of an entry in a register."""
    lines = _LINES[slot.field.type.name](slot)
    row.boxes = [[_box(form, slot, row, part, label, **more) for part, label, more in line] for line in lines]


def _box(form: StepForm, slot: Slot, row: FieldRow, part: str, label: str, *, width: str = "", **more: str) -> Box:
    name, tick = f"{slot.name}_{part}", part in getattr(slot.field.type, "ticks", ())
    error = bool(row.error) and part in form.wrong_parts(slot)
    typed = slot.raw[part]  # type: ignore[call-overload, index]
    needed = slot.field.type.needs(slot.field, part)
    attributes: dict[str, Any] = {"id": name, "name": name}
    if tick:
        kind = "kern-form-check__checkbox" + (" kern-form-check__checkbox--error" if error else "")
        attributes |= {"class": kind, "type": "checkbox", "value": "true", "checked": typed == "true"}
    else:
        attributes |= {"class": input_class(error, width), "type": "text", "value": typed}
        attributes["required"] = row.required and needed
    attributes["autofocus"] = row.focused and part == slot.field.type.parts[0]
    attributes |= {key: value for key, value in more.items() if value}
    if error:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{slot.name}-error"}
    return Box(name, label, html_attributes(attributes), error, tick, part in _FREE)


_Lines = list[list[tuple[str, str, dict[str, str]]]]
_FREE = ("care_of",)  # boxes that may stay empty, whatever the others hold


def _address(slot: Slot) -> _Lines:
    own = slot.field.prefill == "address"
    asks = slot.field.limits.get

    def helped(token: str, inputmode: str = "") -> dict[str, str]:
        # Browsers know no house number of its own; without a token they leave the box alone.
        return {"autocomplete": token if own else "", "inputmode": inputmode}

    lines: _Lines = [
        [("street", _("Straße"), helped("address-line1")), ("house_number", _("Hausnummer"), {})],
        [("postal_code", _("Postleitzahl"), helped("postal-code", "numeric"))],
    ]
    lines[1].append(("city", _("Ort"), helped("address-level2")))
    if asks("care_of"):
        lines.insert(0, [("care_of", _("Wohnt bei oder in (Name, Einrichtung)"), {})])
    if asks("no_fixed_abode"):
        lines.append([("no_fixed_abode", _("Ohne festen Wohnsitz: Dann genügt der Ort."), {})])
    return lines


def _person_name(slot: Slot) -> _Lines:
    own = slot.field.prefill == "person_name"
    return [
        [
            ("given_name", _("Vornamen"), {"autocomplete": "given-name" if own else ""}),
            ("family_name", _("Nachname"), {"autocomplete": "family-name" if own else ""}),
        ],
        [("one_name", _("Es gibt nur einen Namen"), {})],
    ]


def _register_entry(slot: Slot) -> _Lines:
    return [[("court", _("Registergericht"), {}), ("number", _("Art und Nummer"), {})]]


_LINES = {"address": _address, "person_name": _person_name, "register_entry": _register_entry}
