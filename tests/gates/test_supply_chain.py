"""The list of what the portal is made of is the lock, no more and no less."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", re.MULTILINE)


@pytest.mark.asvs("V15.1.2")
@pytest.mark.tr("A3.7.02", "A3.4.01")
def test_sbom_lists_what_is_locked(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"
    command = Path(sys.executable).with_name("cyclonedx-py")
    subprocess.run([command, "requirements", ROOT / "requirements/base.txt", "--output-file", target], check=True)
    listed = {(each["name"], each["version"]) for each in json.loads(target.read_text())["components"]}
    locked = set(PINNED.findall((ROOT / "requirements/base.txt").read_text()))
    assert len(locked) > 50
    assert listed == locked


@pytest.mark.tr("A3.7.02")
@pytest.mark.parametrize("name", ["base", "dev", "node"])
def test_each_locked_package_is_fixed_by_hash_and_names_no_place(name: str) -> None:
    lock = (ROOT / f"requirements/{name}.txt").read_text()
    assert "://" not in lock
    assert lock.count("==") <= lock.count("--hash=sha256:")
