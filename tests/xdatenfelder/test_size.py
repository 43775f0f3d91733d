"""A schema as large as the largest of the federation fits into little memory. How long it takes, `make bench` says."""

from pathlib import Path

from bench import schema

MOST_MB = 200


def test_a_schema_of_three_and_a_half_megabytes_stays_below_its_memory(tmp_path: Path) -> None:
    file = tmp_path / "schema.xml"
    file.write_bytes(schema.large(3.5))
    assert file.stat().st_size > 3_500_000
    steps, megabytes, _ = schema.read(file)
    assert steps == 20
    assert megabytes < MOST_MB
