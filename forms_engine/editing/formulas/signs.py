"""The signs that a formula is written with, and the operations of the engine that they stand for."""

OPERATORS = {"+": "sum", "-": "difference", "*": "product", "/": "quotient"}
#: Others that people type.
USUAL = {"×": "*", "·": "*", "÷": "/", ":": "/", "−": "-", "–": "-"}
