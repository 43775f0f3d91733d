"""Reads out of the tests' files which requirement each of them shows, without running them."""

import ast
import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARKS = ("asvs", "tr")


@dataclass(frozen=True)
class Requirement:
    standard: str
    id: str
    says: str
    command: str
    gap: str


def requirements() -> list[Requirement]:
    """All that are looked at, in the order of their standards."""
    with (Path(__file__).parent / "requirements.csv").open(newline="") as file:
        return [Requirement(**row) for row in csv.DictReader(file)]


def tests_by_requirement() -> dict[str, list[str]]:
    """{requirement: ["tests/room/test_file.py::test_name", …]}, sorted."""
    found = defaultdict(set)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, ids in _marked(ast.parse(file.read_text())):
            for each in ids:
                found[each].add(f"{file.relative_to(ROOT)}::{name}")
    return {each: sorted(tests) for each, tests in found.items()}


def _marked(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """(test, its requirements) of a file; a mark of the whole module holds for each of its tests."""
    of_all = [each for statement in module.body if _is_pytestmark(statement) for each in _ids(statement)]
    for statement in ast.walk(module):
        if isinstance(statement, ast.FunctionDef) and statement.name.startswith("test_"):
            own = [each for decorator in statement.decorator_list for each in _ids(decorator)]
            if ids := of_all + own:
                yield statement.name, ids


def _is_pytestmark(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and any(
        getattr(name, "id", "") == "pytestmark" for name in statement.targets
    )


def _ids(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in MARKS:
            yield from (str(argument.value) for argument in call.args if isinstance(argument, ast.Constant))
