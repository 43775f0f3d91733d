"""`make drills`: each drill on portals of its own; a table, and 1 if one failed."""

import argparse
import logging
import sys
import time
from importlib import import_module

from drills.report import Report

#: One module each, with a function `drill(report)`.
DRILLS = {
    "restore": "Sicherung einspielen: das Portal ist zerstört, ein leerer Rechner steht da",
    "keys": "Ein Schlüssel wird getauscht, während Menschen Anträge stellen; danach geht einer verloren",
    "privacy": "Eine Person tut alles, was man hier tun kann; danach wird sie überall gesucht und gelöscht",
    "moving": "Schwerin zieht um: alles gilt am neuen Ort, und am alten bleibt nichts",
    "migrate": "Migrieren und zurück, während die alte Fassung arbeitet",
    "observatory": "Zehn Seiten über TLS, benotet vom Observatory",
    "supply_chain": "Bekannte Schwachstellen der Pakete",
}


def main() -> int:
    options = _options()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    reports = [_held(name) for name in options.names or DRILLS]
    print("\nÜbung      Sekunden  Ergebnis")
    for report in reports:
        print(f"{report.name:<10} {report.seconds:>8.0f}  {report.result}")
    return 0 if all(report.held for report in reports) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="drills", description="Übt den Ernstfall an eigenen Portalen.")
    parser.add_argument("names", nargs="*", metavar="ÜBUNG", help=f"nur diese: {', '.join(DRILLS)}")
    options = parser.parse_args()
    if unknown := set(options.names) - DRILLS.keys():
        parser.error(f"Diese Übung gibt es nicht: {', '.join(sorted(unknown))}.")
    return options


def _held(name: str) -> Report:
    """One drill; whatever it raises counts as not held."""
    print(f"\n{DRILLS[name]}", flush=True)
    report, begun = Report(name), time.monotonic()
    try:
        import_module(f"drills.{name}").drill(report)
    # The next drill is held whatever this one brings to light.
    except Exception as error:  # noqa: BLE001
        report.require(False, f"{type(error).__name__}: {error}")
    report.seconds = time.monotonic() - begun
    return report


if __name__ == "__main__":
    sys.exit(main())
