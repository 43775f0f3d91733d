"""Writes the table into docs/security.md, checks it, or prints it with results."""

import argparse
import json
import sys
from pathlib import Path

from hro_portal.security_table.shown import ROOT, requirements, tests_by_requirement
from hro_portal.security_table.table import rendered

PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def main() -> int:
    options = _options()
    known, tests = requirements(), tests_by_requirement()
    if unknown := sorted(tests.keys() - {each.id for each in known}):
        print("Tests nennen Anforderungen, die nicht in requirements.csv stehen:", ", ".join(unknown), file=sys.stderr)
        return 1
    if options.results:
        print(rendered(known, tests, json.loads(options.results.read_text())))
        return 0
    page = PAGE.read_text()
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    new = f"{before}{BEGIN}\n{rendered(known, tests)}{END}{after}"
    if not options.check:
        PAGE.write_text(new)
    elif new != page:
        print("Die Tabelle in docs/security.md ist alt: python -m hro_portal.security_table schreibt sie neu.")
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="security_table")
    parser.add_argument("--check", action="store_true", help="nur prüfen")
    parser.add_argument(
        "--results", type=Path, help="Ergebnisse von pytest --security-table: Tabelle mit ihnen ausgeben"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
