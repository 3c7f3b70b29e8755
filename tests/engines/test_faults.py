"""A fault in a worker: Flink starts the job again, and Prism ends it. No row is lost or doubled.

The faults are raised in the real workers, each once (see engines/moments.py).
"""

import shutil
from pathlib import Path

import pytest
from commandline import SAMPLE
from engines.moments import Moment, Moments
from engines.targets import Summary, Tables, Target, committed, entries, run, staging

LAKE_ERROR = "newslake.transforms.storage.base.LakeError"
FAULTS = (
    Moment("normalise", "newslake.transforms.normalise.steps", "normalise_batch", "OSError", "before"),
    Moment("shard", "newslake.transforms.lake.staging", "write_shard", "OSError"),
    Moment("decide", "newslake.transforms.deduplicate.decider", "Decider.decide", LAKE_ERROR),
    Moment("build", "newslake.transforms.lake.build", "FileBuilder.build", "OSError"),
    Moment("commit", "newslake.transforms.lake.commit", "_append", "RuntimeError"),
    Moment("outcome", "newslake.transforms.lake.commit", "commit_run", "RuntimeError"),
)
COMMITTED_FROM = "commit"
SENTENCES = {
    "OSError": (1, "newslake: the machine failed: fault {}\n"),
    LAKE_ERROR: (2, "newslake: fault {}\n"),
    "RuntimeError": (1, "RuntimeError: fault {}"),
}


@pytest.fixture(scope="module")
def undisturbed(
    local: Target, inputs: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Path, Summary, Tables]]:
    """Lakes after one run and after two, with the summary of the last run and the rows."""
    first, second = (tmp_path_factory.mktemp("local") / name for name in ("first", "second"))
    found = []
    for lake, glob in zip((first, second), inputs, strict=True):
        if found:
            shutil.copytree(first, second)
        ended = run(command(local, lake, glob))
        assert ended.code == 0, ended.err
        found.append((lake, ended.summary, committed(lake)))
    return found


def command(engine: Target, lake: Path, files: Path) -> list[str]:
    return engine.command(lake, "--config", SAMPLE / "newslake.toml", "--files", files)


@pytest.mark.parametrize("engine", ["flink", "cluster"])
def test_one_job_of_flink_survives_every_fault(
    engine: str,
    request: pytest.FixtureRequest,
    moments: Moments,
    inputs: list[Path],
    undisturbed: list[tuple[Path, Summary, Tables]],
    tmp_path: Path,
) -> None:
    target: Target = request.getfixturevalue(engine)
    assert target.server is not None
    lake, before = tmp_path / "lake", target.server.flink_jobs()
    moments.plan(FAULTS)
    ended = run(command(target, lake, inputs[0]), moments.environment)
    assert ended.code == 0, ended.err
    assert moments.passed() == {fault.name for fault in FAULTS}
    _, summary, tables = undisturbed[0]
    assert ended.summary == summary
    assert committed(lake) == tables
    assert entries(lake) == ["run"]
    assert staging(lake) == []
    target.server.wait_until_idle()
    jobs = target.server.flink_jobs()
    assert [jobs[job] for job in jobs.keys() - before.keys()] == ["FINISHED"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_prism_ends_at_a_fault_and_leaves_the_lake_as_before_or_after(
    fault: Moment,
    prism: Target,
    inputs: list[Path],
    undisturbed: list[tuple[Path, Summary, Tables]],
    tmp_path: Path,
) -> None:
    lake, moments = tmp_path / "lake", Moments(tmp_path)
    (first, _, before), (_, _, after) = undisturbed
    shutil.copytree(first, lake)
    moments.plan([fault])
    ended = run(command(prism, lake, inputs[1]), moments.environment)
    code, sentence = SENTENCES[fault.act]
    assert moments.passed() == {fault.name}
    assert ended.code == code, ended.err
    assert sentence.format(fault.name) in ended.err
    is_committed = fault.name in (COMMITTED_FROM, "outcome")
    assert ("the run is committed as entry" in ended.err) == is_committed
    assert committed(lake) == (after if is_committed else before)
    assert staging(lake) == []
    if not is_committed:
        ended = run(command(prism, lake, inputs[1]))
        assert ended.code == 0, ended.err
        assert committed(lake) == after
