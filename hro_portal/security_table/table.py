"""The table as Markdown."""

from collections import Counter

from hro_portal.security_table.shown import Requirement

NOT_RUN = "not run"
ELSEWHERE = "does not apply"
TITLES = {
    "ASVS": "OWASP ASVS 5.0.0, level 1 and 2",
    "TR": "BSI TR-03172-3 (1.0) and -4 (`R4:`)",
}


def rendered(
    requirements: list[Requirement], tests: dict[str, list[str]], results: dict[str, dict[str, str]] | None = None
) -> str:
    """One table for each standard; with `results` (--security-table) each test carries its own, counted in a column."""
    parts = []
    for standard, title in TITLES.items():
        own = [each for each in requirements if each.standard == standard]
        open_ones = [each for each in own if not shown(each, tests)]
        idle = sum(each.gap.startswith(ELSEWHERE) for each in open_ones)
        parts += [
            f"### {title}",
            "",
            f"{len(own) - len(open_ones)} of {len(own)} shown; {idle} of the other {len(open_ones)} do not apply yet.",
            "",
            "| id | in short | shown by |" + ("" if results is None else " result |"),
            "|---|---|---|" + ("" if results is None else "---|"),
            *(_line(each, tests, results) for each in own),
            "",
        ]
    return "\n".join(parts)


def shown(requirement: Requirement, tests: dict[str, list[str]]) -> bool:
    return bool(tests.get(requirement.id) or requirement.command)


def _line(requirement: Requirement, tests: dict[str, list[str]], results: dict[str, dict[str, str]] | None) -> str:
    line = f"| {requirement.id} | {_cell(requirement.says)} | {_evidence(requirement, tests, results or {})} |"
    return line if results is None else f"{line} {_result(requirement, tests, results)} |"


def _result(requirement: Requirement, tests: dict[str, list[str]], results: dict[str, dict[str, str]]) -> str:
    """Worst first: 1 failed, 2 not run, 1 skipped, 5 passed."""
    outcome = results.get(requirement.id, {})
    counted = Counter(outcome.get(test, NOT_RUN) for test in tests.get(requirement.id, []))
    told = [f"{counted[each]} {each}" for each in ("failed", NOT_RUN, "skipped", "passed") if counted[each]]
    return ", ".join(told) or ("by its command" if requirement.command else "–")


def _evidence(requirement: Requirement, tests: dict[str, list[str]], results: dict[str, dict[str, str]]) -> str:
    outcome = results.get(requirement.id, {})
    named = [
        f"`{test.removeprefix('tests/')}`" + (f" {outcome[test]}" if test in outcome else "")
        for test in tests.get(requirement.id, [])
    ]
    if requirement.command:
        named.append(f"`{requirement.command}`")
    if named and requirement.gap:
        named.append(f"*partly: {_cell(requirement.gap)}*")
    if not named and requirement.gap.startswith(ELSEWHERE):
        return _cell(requirement.gap)
    return "<br>".join(named) or f"**open:** {_cell(requirement.gap or 'no test yet')}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
