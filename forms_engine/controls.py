"""From a question at its place to the control that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forms_engine.boxes import build_boxes, build_date
from forms_engine.field_types import Upload
from forms_engine.field_types.choices import FEW
from forms_engine.field_types.countries import Country
from forms_engine.field_types.uploads import MEDIA_TYPES, size_in_words
from forms_engine.markup import html_attributes, input_class
from forms_engine.origins import KeptFile
from forms_engine.reusing import choice_of
from forms_engine.rows import Choice, FieldRow, FileLine, OfferLine
from forms_engine.sheet import Slot
from foundation.inspection.limits import MOST_PHOTO_MB

if TYPE_CHECKING:
    from forms_engine.step_form import StepForm


def target(form: StepForm, slot: Slot) -> str:
    """The id of the first control to look at: the wrong box, the first option, or the field itself."""
    if boxes := form.wrong_parts(slot) or slot.field.type.parts:
        return f"{slot.name}_{boxes[0]}"
    if _control(form, slot) in ("radios", "checkboxes") and (choices := _choices(form, slot)):
        return f"{slot.name}-{choices[0][0]}"
    return slot.name


def _control(form: StepForm, slot: Slot) -> str:
    control = slot.field.type.control
    if control == "choice":
        return "radios" if len(_choices(form, slot)) <= FEW else "select"
    return control


def field_row(form: StepForm, slot: Slot) -> FieldRow:
    """A question with all that its template shows."""
    control = _control(form, slot)
    hint = _hint(form, slot)
    error = form.sentence(slot)
    source, offers = form.source(slot), form.origins.offers.get(slot.name, ())
    described = (("hint", hint), ("source", source), ("offers", offers), ("error", error))
    row = FieldRow(
        template=f"forms_engine/rows/{control}.html",
        id=slot.name,
        label=slot.field.label(form.language),
        optional=not slot.field.required,
        required=slot.required,
        hint=hint,
        error=error,
        source=source,
        offers=[OfferLine(choice_of(slot.name, offer.raw), offer.text, offer.origin) for offer in offers],
        described_by=" ".join(f"{slot.name}-{part}" for part, text in described if text),
        controlling=slot.field.path in form.step.controlling,
        focused=slot is form.first_in_focus,
        focus=target(form, slot),
    )
    _BUILDERS[control](form, slot, row)
    return row


def _hint(form: StepForm, slot: Slot) -> str:
    limits, hints = slot.field.limits, []
    if slot.field.hint:
        hints.append(slot.field.hint(form.language))
    if form.sheet.is_locked(slot):
        hints.append(_("Diese Angabe kommt aus Ihrem Konto. Sie ändern sie dort."))
    if slot.field.type.control == "file":
        types = [name.upper() for name in limits["accept"]]
        listed = types[0] if len(types) == 1 else _(" oder ").join((", ".join(types[:-1]), types[-1]))
        most = limits["max_files"]
        hints.append(
            ngettext(
                "%(types)s, höchstens %(size)d MB.",
                "%(types)s, höchstens %(size)d MB je Datei, bis zu %(most)d Dateien.",
                most,
            )
            % {"types": listed, "size": limits["max_size_mb"], "most": most}
        )
        if "jpg" in limits["accept"] and limits["max_size_mb"] < MOST_PHOTO_MB:
            hints.append(_("Fotos vom Handy bis %(size)d MB.") % {"size": MOST_PHOTO_MB})
    elif slot.field.type.control == "textarea":
        hints.append(_("Höchstens %(longest)d Zeichen.") % {"longest": limits["max_length"]})
    return " ".join(hints)


def _described(row: FieldRow) -> dict[str, Any]:
    attributes: dict[str, Any] = {"required": row.required, "autofocus": row.focused}
    if row.error:
        attributes["aria-invalid"] = "true"
    if row.described_by:
        attributes["aria-describedby"] = row.described_by
    return attributes


def _build_input(form: StepForm, slot: Slot, row: FieldRow) -> None:
    field_type = slot.field.type
    attributes = {
        "class": input_class(bool(row.error)),
        "id": slot.name,
        "name": slot.name,
        "type": field_type.html_type,
    }
    attributes |= {"value": slot.raw, "readonly": form.sheet.is_locked(slot)} | _described(row)
    if field_type.inputmode:
        attributes["inputmode"] = field_type.inputmode
    if field_type.capitals:
        attributes |= {"autocapitalize": "characters", "spellcheck": "false"}
    if slot.field.autocomplete:
        attributes["autocomplete"] = slot.field.autocomplete
    row.attributes = html_attributes(attributes)
    row.unit = slot.field.limits.get("unit") or getattr(field_type, "unit", None) or ""


def _build_textarea(form: StepForm, slot: Slot, row: FieldRow) -> None:
    attributes: dict[str, Any] = {"class": input_class(bool(row.error)), "id": slot.name, "name": slot.name, "rows": 4}
    if slot.field.autocomplete:
        attributes["autocomplete"] = slot.field.autocomplete
    row.attributes = html_attributes(attributes | _described(row))
    row.value = str(slot.raw)


def _choices(form: StepForm, slot: Slot) -> list[tuple[str, str]]:
    if isinstance(slot.field.type, Country):
        return list(slot.field.type.names(form.language).items())
    if slot.field.type.name == "yes_no":
        return [("true", _("Ja")), ("false", _("Nein"))]
    offered = [(option.value, option.label(form.language)) for option in form.sheet.options(slot)]
    gone = _("%(code)s (nicht mehr wählbar – bitte neu wählen)")
    return [*offered, *((code, gone % {"code": code}) for code in slot.gone)]


def _build_choices(form: StepForm, slot: Slot, row: FieldRow) -> None:
    chosen = [slot.raw] if isinstance(slot.raw, str) else slot.raw
    hints = {option.value: option.hint(form.language) for option in slot.field.options if option.hint}
    row.choices = [
        Choice(f"{slot.name}-{value}", value, label, value in chosen, hints.get(value, ""))
        for value, label in _choices(form, slot)
    ]


def _build_select(form: StepForm, slot: Slot, row: FieldRow) -> None:
    attributes = {
        "class": "kern-form-input__select" + (" kern-form-input__select--error" if row.error else ""),
        "id": slot.name,
        "name": slot.name,
    }
    if slot.field.autocomplete:
        attributes["autocomplete"] = slot.field.autocomplete
    row.attributes = html_attributes(attributes | _described(row))
    _build_choices(form, slot, row)


def _build_consent(form: StepForm, slot: Slot, row: FieldRow) -> None:
    attributes: dict[str, Any] = {
        "class": "kern-form-check__checkbox" + (" kern-form-check__checkbox--error" if row.error else ""),
        "type": "checkbox",
        "id": slot.name,
        "name": slot.name,
        "value": "true",
        "checked": slot.raw == "true",
    }
    row.attributes = html_attributes(attributes | _described(row))


def _build_file(form: StepForm, slot: Slot, row: FieldRow) -> None:
    uploads = form.uploads.get(slot.name, ())
    row.files = [_file_line(upload) for upload in uploads]
    row.kept_files = _kept_files(form, slot)
    suffixes = [suffix for name in slot.field.limits["accept"] for suffix in MEDIA_TYPES[name]]
    attributes: dict[str, Any] = {
        "class": input_class(bool(row.error)),
        "id": slot.name,
        "name": slot.name,
        "type": "file",
    }
    attributes |= {"accept": ",".join(suffixes), "multiple": slot.field.limits["max_files"] > 1}
    row.attributes = html_attributes(attributes | _described(row) | {"required": row.required and not uploads})


def _kept_files(form: StepForm, slot: Slot) -> list[KeptFile]:
    """What may be attached from elsewhere and fits, as long as one more file is possible."""
    limits = slot.field.limits
    if limits["max_files"] <= len(form.uploads.get(slot.name, ())):
        return []
    return [
        kept
        for kept in form.origins.kept_files
        if kept.kind in limits["accept"] and kept.size <= limits["max_size_mb"] * 1_000_000
    ]


def _file_line(upload: Upload) -> FileLine:
    return FileLine(upload.id, upload.name, size_in_words(upload.size), upload.verdict)


_BUILDERS = {
    "input": _build_input,
    "textarea": _build_textarea,
    "radios": _build_choices,
    "checkboxes": _build_choices,
    "select": _build_select,
    "consent": _build_consent,
    "date": build_date,
    "boxes": build_boxes,
    "file": _build_file,
}
