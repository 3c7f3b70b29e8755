"""Ctrl-C and SIGTERM at many moments of a job: the job ends, and the lake is as before or after."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from commandline import SAMPLE
from engines.moments import Moment, Moments
from engines.targets import Tables, Target, committed, run, staging

PORTABLE = "apache_beam.runners.portability.portable_runner"
COMMIT = "newslake.transforms.lake.commit"
STEPS = (
    Moment("sources", "newslake.pipeline.run.settings", "sources_of", ""),
    Moment("prepare", PORTABLE, "JobServiceHandle.prepare", "", "before"),
    Moment("submit", PORTABLE, "JobServiceHandle.run", "", "before"),
    Moment("submitted", PORTABLE, "JobServiceHandle.run", ""),
    Moment("plan", "newslake.transforms.files.plan", "plan_files", "", "before"),
    Moment("normalise", "newslake.transforms.normalise.steps", "normalise_batch", "", "before"),
    Moment("later", "newslake.transforms.normalise.steps", "normalise_batch", "", "after", 5),
    Moment("shard", "newslake.transforms.lake.staging", "write_shard", ""),
    Moment("decide", "newslake.transforms.deduplicate.decider", "Decider.decide", "", "before"),
    Moment("decided", "newslake.transforms.deduplicate.decider", "Decider.decide", ""),
    Moment("build", "newslake.transforms.lake.build", "FileBuilder.build", ""),
    Moment("commit", COMMIT, "commit_run", "", "before"),
    Moment("append", COMMIT, "_append", "", "before"),
    Moment("appended", COMMIT, "_append", ""),
    Moment("outcome", COMMIT, "commit_run", ""),
)
SIGNALS = {"SIGINT": (130, "newslake: interrupted"), "SIGTERM": (143, "newslake: ended by SIGTERM")}
ON_THE_CLUSTER = {"submitted", "shard", "append"}


@pytest.fixture(scope="module")
def undisturbed(local: Target, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tables, Tables]:
    """A lake, its rows, and its rows after one more run."""
    first, second = (tmp_path_factory.mktemp("local") / name for name in ("first", "second"))
    run(command(local, first, "feeds"))
    shutil.copytree(first, second)
    run(command(local, second, "documents"))
    return first, committed(first), committed(second)


def command(engine: Target, lake: Path, folder: str) -> list[str]:
    return engine.command(lake, "--files", SAMPLE / folder / "*")


CASES = [
    pytest.param(engine, step, name, id=f"{engine}-{name}-{step.name}")
    for engine in ("prism", "flink", "cluster")
    for name in SIGNALS
    for step in STEPS
    if engine != "cluster" or step.name in ON_THE_CLUSTER
]


@pytest.mark.parametrize(("engine", "step", "name"), CASES)
def test_a_signal_ends_the_job_and_leaves_the_lake_as_before_or_after(
    engine: str,
    step: Moment,
    name: str,
    request: pytest.FixtureRequest,
    local: Target,
    moments: Moments,
    undisturbed: tuple[Path, Tables, Tables],
    tmp_path: Path,
) -> None:
    target: Target = request.getfixturevalue(engine)
    first, before, after = undisturbed
    lake = tmp_path / "lake"
    shutil.copytree(first, lake)
    planned = moments if engine == "cluster" else Moments(tmp_path)
    planned.plan([replace(step, act=name)])
    ended = run(command(target, lake, "documents"), planned.environment, planned.tell_command)
    code, sentence = SIGNALS[name]
    assert planned.passed() == {step.name}
    assert ended.code == code, ended.err
    assert ended.err.rstrip().endswith(sentence), ended.err
    assert "Traceback" not in ended.err
    if target.server is not None:
        assert "RUNNING" not in target.server.jobs().values()
        target.server.wait_until_idle()
    if engine != "cluster":  # whose pool lives on
        assert planned.processes() == []
    assert committed(lake) in (before, after)
    assert staging(lake) == []
    run(command(local, lake, "documents"))
    assert _without_runs(committed(lake)) == _without_runs(after)


def _without_runs(tables: Tables) -> Tables:
    return {table: rows for table, rows in tables.items() if table != "runs"}
