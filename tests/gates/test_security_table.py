"""The table of requirements: the one in the docs names tests only, the one of a run their results as well."""

from pathlib import Path

import pytest

from hro_portal.security_table import pytest_plugin, shown
from hro_portal.security_table.shown import Requirement
from hro_portal.security_table.table import rendered

SHOWN = Requirement("ASVS", "V1.1.1", "decoded once", "", "")
BY_COMMAND = Requirement("ASVS", "V1.1.2", "looked at", "make check", "")
OPEN = Requirement("TR", "A3.1", "a law", "", "nobody has")
TESTS = {"V1.1.1": ["tests/a.py::test_a", "tests/a.py::test_b", "tests/b.py::test_c"]}


def line_of(table: str, id: str) -> list[str]:
    [line] = [line for line in table.splitlines() if line.startswith(f"| {id} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_results_are_told_test_by_test_and_counted_worst_first() -> None:
    results = {"V1.1.1": {"tests/a.py::test_a": "passed", "tests/b.py::test_c": "failed"}}
    table = rendered([SHOWN, BY_COMMAND, OPEN], TESTS, results)
    _id, _says, by, result = line_of(table, "V1.1.1")
    assert "`a.py::test_a` passed" in by
    assert "`b.py::test_c` failed" in by
    assert result == "1 failed, 1 not run, 1 passed"
    assert line_of(table, "V1.1.2")[-1] == "by its command"
    assert line_of(table, "A3.1")[-1] == "–"


def test_without_results_the_table_is_the_same_after_every_run() -> None:
    assert line_of(rendered([SHOWN, OPEN], TESTS), "V1.1.1")[1:] == [
        "decoded once",
        "`a.py::test_a`<br>`a.py::test_b`<br>`b.py::test_c`",
    ]


def test_run_writes_both_files(tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    id, named = next(iter(sorted(shown.tests_by_requirement().items())))
    monkeypatch.setattr(pytest_plugin, "_results", {id: {named[0]: "passed"}})
    monkeypatch.setattr(pytestconfig.option, "security_table", tmp_path / "var" / "security.json")
    monkeypatch.delattr(pytestconfig, "workerinput", raising=False)
    session = type("Session", (), {"config": pytestconfig})
    pytest_plugin.pytest_sessionfinish(session)
    assert named[0] in (tmp_path / "var" / "security.json").read_text()
    table = (tmp_path / "var" / "security.md").read_text()
    assert "1 passed" in line_of(table, id)[-1]
    assert all(f"| {each.id} |" in table for each in shown.requirements())
