"""What an author's pages may do with a definition."""

from forms_engine.editing.asking import (
    Lists,
    Question,
    choices,
    in_words,
    inside_of_rules,
    literal,
    of_options,
    of_rules,
    sentence,
    takes_answer_of,
)
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
from forms_engine.editing.changing import Fault, change, change_whole, changed_options, faults
from forms_engine.editing.condition_rows import Row, RowError, Rows, built, read
from forms_engine.editing.formulas.operands import Operand, Operands, operands
from forms_engine.editing.formulas.reading import FormulaError, formula_of
from forms_engine.editing.formulas.writing import written
from forms_engine.editing.keys import key_from
from forms_engine.editing.kinds import KINDS, fitting_types, keys_of
from forms_engine.editing.places import Address, find, instance_around, level_of, name_of, position_of, walk

__all__ = [
    "KINDS",
    "Address",
    "Direction",
    "Edited",
    "Fault",
    "FormulaError",
    "Lists",
    "Operand",
    "Operands",
    "Question",
    "Row",
    "RowError",
    "Rows",
    "add_item",
    "add_step",
    "built",
    "change",
    "change_whole",
    "changed_options",
    "choices",
    "duplicate",
    "faults",
    "find",
    "fitting_types",
    "formula_of",
    "in_words",
    "inside_of_rules",
    "instance_around",
    "key_from",
    "keys_of",
    "level_of",
    "literal",
    "move",
    "move_to_step",
    "name_of",
    "new_form",
    "of_options",
    "of_rules",
    "operands",
    "position_of",
    "read",
    "remove",
    "sentence",
    "takes_answer_of",
    "walk",
    "written",
]
