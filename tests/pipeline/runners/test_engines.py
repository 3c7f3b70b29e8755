"""What the engines say before a job runs. Whole jobs are in tests/engines."""

import logging
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2 as job_api
from apache_beam.portability.api import beam_job_api_pb2_grpc
from commandline import newslake_command

from newslake.pipeline.config import checks
from newslake.pipeline.config.file import check_config
from newslake.pipeline.config.run_options import RunOptions, settle
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.runners import ENGINES, open_engine
from newslake.pipeline.runners.portable import server_options


class Described(beam_job_api_pb2_grpc.JobServiceServicer):
    """A job server that tells its options and does nothing else."""

    def DescribePipelineOptions(self, request: object, context: object) -> object:  # noqa: N802
        interval = job_api.PipelineOptionDescriptor(name="checkpointing_interval")
        return job_api.DescribePipelineOptionsResponse(options=[interval])


@pytest.fixture
def job_server() -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(1))
    beam_job_api_pb2_grpc.add_JobServiceServicer_to_server(Described(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)


def refusal(options: RunOptions) -> str:
    with pytest.raises(UsageError) as refused, open_engine(options):
        pass
    return str(refused.value)


def test_each_runner_of_the_command_line_has_a_module() -> None:
    assert set(ENGINES) == set(checks.RUNNERS)


def test_a_prism_that_is_not_there_is_a_mistake_that_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal(RunOptions(runner="prism")).startswith("there is no prism on PATH; build it by go install")
    told = refusal(RunOptions(runner="prism", prism_location="nowhere/prism"))
    assert told.startswith("--prism-location nowhere/prism: there is no such program; build it by go install")


@pytest.mark.parametrize(
    "script", ["#!/bin/sh\necho hello\n", "#!/bin/sh\n", "no program\n"], ids=["text", "empty", "data"]
)
def test_a_program_that_is_not_prism_is_a_mistake(script: str, tmp_path: Path) -> None:
    program = tmp_path / "prism"
    program.write_text(script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert str(program) in refusal(RunOptions(runner="prism", prism_location=str(program)))


def test_flink_needs_a_job_server_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newslake.pipeline.runners.portable._ANSWER_SECONDS", 0.5)
    assert "give its HOST:PORT with --job-endpoint" in refusal(RunOptions(runner="flink"))
    told = refusal(RunOptions(runner="flink", job_endpoint="127.0.0.1:1"))
    assert told.startswith("--job-endpoint 127.0.0.1:1: no job server answers there")


def test_the_options_of_a_job_server_are_known_and_others_are_not(job_server: str) -> None:
    assert server_options(job_server) == ["--checkpointing_interval"]
    known = RunOptions(runner="flink", job_endpoint=job_server, beam_options=("--checkpointing_interval=9",))
    with open_engine(known):
        pass
    unknown = RunOptions(runner="flink", job_endpoint=job_server, beam_options=("--checkpointing_intervall=9",))
    assert refusal(unknown) == "unknown Beam option --checkpointing_intervall: did you mean --checkpointing_interval?"


@pytest.mark.parametrize(
    ("feed", "is_readable"),
    [
        ('url = "https://a.org/f"', False),
        ('url = "https://a.org/f"\nheaders = { Accept = "application/rss+xml" }', False),
        ('url = "https://a.org/f"\nheaders = { Authorization = "Bearer ${TOKEN}" }', False),
        ('url = "https://a.org/f"\nuser = "u"\npassword = "${TOKEN}"', False),
        ('url = "https://a.org/f"\nheaders = { Authorization = "Bearer abc" }', True),
        ('url = "https://a.org/f"\nuser = "u"\npassword = "abc"', True),
        ('url = "https://a.org/f"\nproxy = "http://u:abc@proxy.example:3128"', True),
        ('url = "https://a.org/f?token=abc123"', True),
    ],
)
def test_a_warning_counts_the_feeds_whose_secrets_a_job_shows(
    feed: str, is_readable: bool, job_server: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tomllib

    monkeypatch.setenv("TOKEN", "s3cret-token")
    configured = check_config({"feeds": [tomllib.loads(feed)]}, {"TOKEN": "s3cret-token"})
    options = settle(configured, given={"runner": "flink", "job_endpoint": job_server})
    with caplog.at_level(logging.WARNING, "newslake"), open_engine(options):
        pass
    assert ("the job that is submitted shows secrets of 1 of 1 feeds" in caplog.text) is is_readable


def test_dataflow_says_what_is_missing_and_leaves_the_lake_alone(tmp_path: Path) -> None:
    done = newslake_command("run", "--files", "x", "--lake", tmp_path / "lake", "--runner", "dataflow", code=2)
    assert f"--runner dataflow: the workers of Dataflow cannot reach the folder {tmp_path / 'lake'}" in done.stderr
    assert not (tmp_path / "lake").exists()
