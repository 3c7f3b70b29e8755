"""The log messages that reach stderr, and those that do not."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apache_beam.utils.thread_pool_executor import UnboundedThreadPoolExecutor
from commandline import SAMPLE, article, newslake_command, run_here, write_lines

from newslake.pipeline import logs
from newslake.pipeline.cli import main
from newslake.pipeline.options import COMMANDS

ROOT = Path(__file__).parents[2]

LOGGING = """
import logging, sys, warnings
from newslake.pipeline import logs

logs.set_up(secrets=["Bearer s3cret-value"])
logs.set_up(quiet="quiet" in sys.argv, secrets=["Bearer s3cret-value"])
ours, other = logging.getLogger("newslake"), logging.getLogger("apache_beam.x")
ours.info("told %d", 1)
ours.warning("asked https://user:pass@example.org/rss?lang=nl&token=abc with s3cret-value as the Bearer")
other.info("chatter")
other.warning("odd")
logging.warning("apitools not found, and so on")
warnings.warn("deprecated")
raise RuntimeError("s3cret-value was refused by https://example.org/?api_key=abc")
"""


LOGGING_JSON = """
import logging, sys, threading, warnings
from newslake.pipeline import logs

logs.set_up(as_json=True)
logs.set_up(secrets=["Bearer message-s3cret"])
ours = logging.getLogger("newslake")
ours.info("two\\nlines, told %d times", 1)
ours.warning("asked https://user:pass@example.org/rss?lang=nl&token=abc with message-s3cret as the Bearer")
ours.info("done", extra={"fields": {"summary": {"read": 3, "failures": ["https://example.org/?token=abc"]}}})
logging.getLogger("apache_beam.x").warning("odd \\udcff letter")
warnings.warn("deprecated")
logs.complain("no lake at https://u:p@example.org/")
logs.tell("10 rows read", end="\\r")
print("a", "worker", "prints message-s3cret", file=logs.printed())
def fail():
    raise ValueError("message-s3cret in a thread")
thread = threading.Thread(target=fail, name="asks")
thread.start()
thread.join()
raise RuntimeError("message-s3cret was refused by https://example.org/?api_key=abc")
"""


@pytest.fixture(autouse=True)
def log_as_text() -> Iterator[None]:
    """Leave a process that logs text to the tests that follow."""
    yield
    logs.set_up(as_json=False)


def logged(*arguments: str, program: str = LOGGING, options: tuple[str, ...] = ()) -> list[str]:
    done = subprocess.run(
        [sys.executable, *options, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.splitlines()


def test_each_line_is_told_once_with_its_instant_and_without_secrets() -> None:
    lines = logged()
    assert [line.partition("Z ")[2] for line in lines[:3]] == [
        "INFO newslake: told 1",
        "WARNING newslake: asked https://***@example.org/rss?lang=nl&token=*** with *** as the Bearer",
        "WARNING apache_beam.x: odd",
    ]
    assert lines[0][4] == "-"
    assert "CRITICAL newslake: an error that newslake does not know" in lines[3]
    assert lines[-1] == "RuntimeError: *** was refused by https://example.org/?api_key=***"
    assert "s3cret" not in "".join(lines)


def test_quiet_leaves_warnings_and_errors() -> None:
    lines = logged("quiet")
    assert "WARNING newslake: asked" in lines[0]
    assert "WARNING apache_beam.x: odd" in lines[1]


def objects(stderr: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON log, each with its instant, level, logger and message."""
    told = [json.loads(line) for line in stderr.splitlines()]
    assert all(list(one)[:4] == ["time", "level", "logger", "message"] for one in told)
    return told


def test_each_line_of_a_json_log_is_an_object_without_secrets() -> None:
    lines = logged(program=LOGGING_JSON, options=("-W", "default"))
    told = objects("\n".join(lines))
    assert [(one["level"], one["logger"], one["message"]) for one in told] == [
        ("INFO", "newslake", "two\nlines, told 1 times"),
        ("WARNING", "newslake", "asked https://***@example.org/rss?lang=nl&token=*** with *** as the Bearer"),
        ("INFO", "newslake", "done"),
        ("WARNING", "apache_beam.x", "odd \ufffd letter"),
        ("WARNING", "py.warnings", told[4]["message"]),
        ("ERROR", "newslake", "no lake at https://***@example.org/"),
        ("INFO", "newslake", "10 rows read"),
        ("WARNING", "newslake", "a worker prints ***"),
        ("CRITICAL", "newslake", "an error that newslake does not know; please report it"),
        ("CRITICAL", "newslake", "an error that newslake does not know; please report it"),
    ]
    assert told[2]["summary"] == {"read": 3, "failures": ["https://example.org/?token=***"]}
    assert "deprecated" in told[4]["message"]
    assert told[-2]["exception"].endswith("ValueError: *** in a thread")
    assert told[-1]["exception"].endswith("RuntimeError: *** was refused by https://example.org/?api_key=***")
    assert "s3cret" not in "".join(lines)
    assert all(one["time"].endswith("Z") and len(one["time"]) == 24 for one in told)


def test_an_exception_of_a_thread_is_told_without_secrets_as_text_too() -> None:
    text = LOGGING_JSON.replace("as_json=True", "as_json=False")
    assert "ValueError: *** in a thread" in "\n".join(logged(program=text))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_mistake_of_any_command_is_an_object(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--config", "--log-format", "json"]) == 2
    (told,) = objects(capsys.readouterr().err)
    assert (told["level"], told["message"]) == ("ERROR", "--config: expected one argument")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["lake", "log", "--lake", "missing"], 2),
        (["sql", "--lake", str(SAMPLE), "SELECT 1"], 2),
        (["lake", "log", "--lake", "missing\0"], 2),
        ([], 2),
        (["rnu"], 2),
        (["run", "--config", "missing.toml"], 2),
    ],
)
def test_a_complaint_is_an_object(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(logs.FORMAT_VARIABLE, "json")
    assert main(words) == code
    (told,) = objects(capsys.readouterr().err)
    assert told["level"] == "ERROR"
    assert not told["message"].startswith("newslake:")


def test_a_wrong_variable_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(logs.FORMAT_VARIABLE, "xml")
    assert main(["lake", "log"]) == 2
    assert "NEWSLAKE_LOG_FORMAT: should be one of text, json, not 'xml'\n" in capsys.readouterr().err


def test_a_run_tells_its_summary_and_its_failures_as_objects(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = write_lines(tmp_path / "a.jsonl", [article(1), article(2)])
    words = ["run", "--lake", str(tmp_path / "lake"), "--files", str(files), "missing", "--log-format", "json"]
    with capsys.disabled():
        run_here(tmp_path / "first", "--files", files)  # imports Beam, which may say something
    assert main(words) == 0
    streams = capsys.readouterr()
    told = objects(streams.err)
    (summary,) = [one["summary"] for one in told if "summary" in one]
    assert (summary["status"], summary["new"], summary["sources_failed"]) == ("committed", 2, 1)
    assert any(one["message"].startswith("failed: ") and one["level"] == "WARNING" for one in told)
    assert streams.out == ""
    assert main([*words, "--summary", "json", "--quiet"]) == 0
    streams = capsys.readouterr()
    assert json.loads(streams.out)["unchanged"] == 2
    assert all(one["level"] != "INFO" for one in objects(streams.err))


def test_workers_log_objects(tmp_path: Path) -> None:
    files = write_lines(tmp_path / "a.jsonl", [article(number) for number in range(5)])
    done = newslake_command(
        "run", "--lake", tmp_path / "lake", "--files", files, "--workers", "2",
        env={**os.environ, logs.FORMAT_VARIABLE: "json"},
    )  # fmt: skip
    assert objects(done.stderr)[-1]["summary"]["new"] == 5


def test_what_beam_says_of_a_job_that_is_over_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    stream = logs.printed()
    logs.mute_beam(is_over=True)
    try:
        logging.getLogger("apache_beam.runners.worker").error("a connection is cut")
        logging.getLogger().error("a bundle failed")
        UnboundedThreadPoolExecutor().submit(print, "Traceback of a worker", file=stream).result()
        print("interrupted", file=stream)
        logging.getLogger("newslake").warning("the run is committed")
    finally:
        logs.mute_beam(is_over=False)
    told = capsys.readouterr().err
    assert "the run is committed" in told
    assert "interrupted" in told
    assert not any(word in told for word in ("cut", "bundle", "Traceback"))
