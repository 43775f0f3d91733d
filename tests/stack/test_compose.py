"""docker-compose.yml by the published Compose schema. It has not been started here: there is no engine."""

import re
import subprocess
import sys

import pytest
import yaml

from hro_portal.stack.portal import ROOT

FILE = ROOT / "docker-compose.yml"
COMPOSE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
RUNS_ONCE = {"prepare"}


def test_the_file_follows_the_compose_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_every_part_is_there() -> None:
    assert COMPOSE["services"].keys() >= {"web", "worker", "beat", "postgres", "redis", "clamav", "mail"}


@pytest.mark.parametrize("name", sorted(COMPOSE["services"].keys() - RUNS_ONCE))
def test_every_lasting_part_tells_its_health(name: str) -> None:
    assert COMPOSE["services"][name]["healthcheck"]["test"]


@pytest.mark.tr("A3.5.05")
def test_every_secret_comes_from_the_environment() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET", name):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), name
            if "://" in value:
                assert not re.search(r"://[^:@/]+:(?!\$\{)[^@/]+@", value), name


def test_redis_refuses_rather_than_forgets() -> None:
    command = COMPOSE["services"]["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_only_the_preparation_may_change_tables() -> None:
    owners = {
        name for name, service in COMPOSE["services"].items() if "DATABASE_OWNER_URL" in service.get("environment", {})
    }
    assert owners == {"prepare"}
