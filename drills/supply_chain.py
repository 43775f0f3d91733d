"""Asks the public list of advisories for each package of the locks. Where it cannot be reached, the drill says so."""

import json
import subprocess
import sys
from pathlib import Path

from drills.report import Report
from hro_portal.stack.portal import ROOT


def drill(report: Report) -> None:
    for name in ("base", "dev"):
        lock = ROOT / "requirements" / f"{name}.txt"
        audit = str(Path(sys.executable).with_name("pip-audit"))
        command = [audit, "--requirement", str(lock), "--disable-pip", "--format", "json"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        packages = json.loads(done.stdout)["dependencies"] if done.stdout.startswith("{") else []
        looked_at = [each for each in packages if "vulns" in each]
        if not looked_at:
            report.skip("die Liste der Schwachstellen ist von hier nicht erreichbar")
            return
        report.require(len(looked_at) == len(packages), f"{name}: alle {len(packages)} Pakete sind dort bekannt")
        for each in looked_at:
            for found in each["vulns"]:
                report.require(False, f"{each['name']} {each['version']}: {found['id']}")
        report.say(f"{name}: {len(looked_at)} Pakete angesehen")
