"""What an author's pages may do with a definition."""

from forms_engine.editing.asking import Question, choices, in_words, literal, sentence
from forms_engine.editing.building import (
    Direction,
    Edited,
    add_item,
    add_step,
    duplicate,
    move,
    move_to_step,
    new_form,
    remove,
)
from forms_engine.editing.changing import Fault, change, changed_options, faults, retitle
from forms_engine.editing.condition_rows import Row, RowError, Rows, built, read
from forms_engine.editing.keys import key_from
from forms_engine.editing.kinds import KINDS, fitting_types, keys_of
from forms_engine.editing.places import Address, find, instance_around, level_of, name_of, position_of, walk

__all__ = [
    "KINDS",
    "Address",
    "Direction",
    "Edited",
    "Fault",
    "Question",
    "Row",
    "RowError",
    "Rows",
    "add_item",
    "add_step",
    "built",
    "change",
    "changed_options",
    "choices",
    "duplicate",
    "faults",
    "find",
    "fitting_types",
    "in_words",
    "instance_around",
    "key_from",
    "keys_of",
    "level_of",
    "literal",
    "move",
    "move_to_step",
    "name_of",
    "new_form",
    "position_of",
    "read",
    "remove",
    "retitle",
    "sentence",
    "walk",
]
