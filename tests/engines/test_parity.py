"""Every engine makes the same records, ids, verdicts, rejects and counts of the same inputs."""

from pathlib import Path

import pytest
from commandline import COUNTS, SAMPLE
from engines.inputs import ARTICLES
from engines.targets import Summary, Tables, Target, committed, run

ENGINES = ("local_2", "prism", "flink", "cluster")


@pytest.fixture(scope="module")
def expected(
    local: Target, inputs: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Summary, Tables]]:
    return run_twice(local, inputs, tmp_path_factory.mktemp("local") / "lake")


def run_twice(engine: Target, inputs: list[Path], lake: Path) -> list[tuple[Summary, Tables]]:
    """Run over the sample and the generated inputs, then over the sample and the later inputs."""
    found = []
    for glob in inputs:
        ended = run(engine.command(lake, "--config", SAMPLE / "newslake.toml", "--files", glob))
        assert ended.code == 0, ended.err
        found.append((ended.summary, committed(lake)))
    return found


def test_the_inputs_bring_every_verdict(expected: list[tuple[Summary, Tables]]) -> None:
    """What follows compares something."""
    for summary, tables in expected:
        assert summary["read"] > 4 * ARTICLES
        assert {"articles", "duplicates", "rejects", "runs"} <= tables.keys()
    assert all(expected[1][0][name] > 0 for name in COUNTS)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_makes_the_lake_of_the_local_runner(
    engine: str,
    request: pytest.FixtureRequest,
    inputs: list[Path],
    expected: list[tuple[Summary, Tables]],
    tmp_path: Path,
) -> None:
    found = run_twice(request.getfixturevalue(engine), inputs, tmp_path / "lake")
    for (summary, tables), (expected_summary, expected_tables) in zip(found, expected, strict=True):
        assert summary == expected_summary
        assert tables.keys() == expected_tables.keys()
        for table, rows in tables.items():
            assert rows == expected_tables[table], table
