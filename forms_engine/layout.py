"""From the nodes of a step to the rows of its page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from forms_engine.controls import field_row
from forms_engine.formulas import in_words, reckoned
from forms_engine.rows import GroupRow, InstanceRow, NoteRow, RepetitionRow, ResultRow, Row
from forms_engine.sheet import Block, Node, Note, Repetition, Slot
from forms_engine.structure import Calculated

if TYPE_CHECKING:
    from forms_engine.step_form import StepForm


def build_rows(form: StepForm, nodes: Iterable[Node]) -> list[Row]:
    """The rows of these nodes, in order."""
    rows: list[Row] = []
    for node in nodes:
        if isinstance(node, Slot):
            rows.append(field_row(form, node))
        elif isinstance(node, Note):
            rows.append(_note_row(form, node))
        elif isinstance(node, Block):
            rows.append(_group_row(form, node))
        else:
            rows.append(_repetition_row(form, node))
    return rows


def _note_row(form: StepForm, node: Note) -> NoteRow | ResultRow:
    if isinstance(node.static, Calculated):
        number = reckoned(node.static, form.sheet.reading, node.where)
        words = "" if number is None else in_words(node.static, number)
        return ResultRow("forms_engine/rows/calculated.html", node.static.text(form.language), words)
    return NoteRow("forms_engine/rows/note.html", node.static.text(form.language))


def _group_row(form: StepForm, node: Block) -> GroupRow:
    group = node.group
    return GroupRow(
        "forms_engine/rows/group.html",
        node.name,
        group.title(form.language),
        group.optional,
        group.hint(form.language) if group.hint else "",
        build_rows(form, node.nodes),
    )


def _repetition_row(form: StepForm, node: Repetition) -> RepetitionRow:
    group, repeat = node.group, node.repeat
    name = repeat.instance(form.language)
    count = len(node.blocks)
    return RepetitionRow(
        template="forms_engine/rows/repetition.html",
        id=node.name,
        title=group.title(form.language),
        focused=form.focus == node.name,
        hint=group.hint(form.language) if group.hint else "",
        instances=[_instance_row(form, block, f"{name} {block.number}", count > repeat.min) for block in node.blocks],
        add=repeat.add(form.language),
        added=_("%(what)s hinzugefügt") % {"what": f"{name} {count + 1}"},
        can_grow=count < repeat.max,
    )


def _instance_row(form: StepForm, block: Block, title: str, can_be_removed: bool) -> InstanceRow:
    return InstanceRow(
        id=block.name,
        instance=block.instance or "",
        title=title,
        remove=_("%(what)s entfernen") % {"what": title},
        removed=_("%(what)s entfernt") % {"what": title},
        can_be_removed=can_be_removed,
        rows=build_rows(form, block.nodes),
    )
