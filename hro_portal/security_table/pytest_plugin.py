"""`pytest --security-table FILE`: the result of each test, for each requirement that it shows; beside it, the table.

The marks travel with the reports, so that this holds with several processes too.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from hro_portal.security_table.shown import MARKS, requirements, tests_by_requirement
from hro_portal.security_table.table import rendered

SHOWS = "shows"
WORST_FIRST = ("failed", "skipped", "passed")
_results: dict[str, dict[str, str]] = defaultdict(dict)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--security-table", type=Path, help="writes requirement → test → result as JSON")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        ids = [each for name in MARKS for mark in item.iter_markers(name) for each in mark.args]
        if ids:
            item.user_properties.append((SHOWS, ids))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test counts once, whatever its parameters; one failure is a failure."""
    if report.when != "call" and report.outcome == "passed":
        return
    test = report.nodeid.partition("[")[0]
    for name, ids in report.user_properties:
        for each in ids if name == SHOWS and isinstance(ids, list) else ():
            known = _results[each].get(test, "passed")
            _results[each][test] = min(known, report.outcome, key=WORST_FIRST.index)


def pytest_sessionfinish(session: pytest.Session) -> None:
    target = session.config.getoption("--security-table")
    if target and not hasattr(session.config, "workerinput"):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(_results, indent=1, sort_keys=True))
        table = rendered(requirements(), tests_by_requirement(), _results)
        target.with_suffix(".md").write_text(table)
