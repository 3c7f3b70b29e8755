"""A watching process, as a user starts and ends it."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from commandline import article, rows, run_here, write_lines
from feed_site import FeedSite, feed_site


@pytest.fixture
def site() -> Iterator[FeedSite]:
    with feed_site() as made:
        yield made


@contextmanager
def watching(lake: Path, *arguments: object, before: str = "") -> Iterator[subprocess.Popen[str]]:
    """Start a watch; ``before`` are words of the shell in front of it."""
    command = [sys.executable, "-m", "newslake", "watch", "--lake", lake, "--allow-private-addresses", *arguments]
    shell = f"{before} exec {shlex.join(map(str, command))}"
    process = subprocess.Popen(["sh", "-c", shell], stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def read_until(process: subprocess.Popen[str], is_it: Callable[[str], bool]) -> str:
    """Return the first line of the log that ``is_it`` takes."""
    assert process.stderr is not None
    for line in process.stderr:
        if is_it(line):
            return line
    raise AssertionError("the process ended before it logged the line")


def is_round(line: str) -> bool:
    return " new" in line and "sources:" in line


def staged(lake: Path) -> list[str]:
    return os.listdir(lake / "_newslake/staging")  # noqa: PTH208 (names only)


def test_a_watch_commits_answers_probes_logs_json_and_ends_on_sigterm(site: FeedSite, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    site.publish("/a", 3)
    options = ("--feeds", f"{site.url}/a?token=t0ken", "--every", "1s")
    with watching(lake, *options, "--health-address", "0", "--log-format", "json") as process:
        probes = json.loads(read_until(process, lambda line: "probes" in line))["message"].split()[-1]
        assert json.loads(read_until(process, is_round))["level"] == "INFO"
        with urllib.request.urlopen(f"{probes}/healthz") as answer:
            assert json.load(answer)["status"] == "ok"
        with urllib.request.urlopen(f"{probes}/metrics") as answer:
            metrics = answer.read()
        assert b'newslake_articles_total{outcome="new"} 3.0' in metrics
        assert b'newslake_stage_seconds_count{stage="merge"}' in metrics
        assert b"t0ken" not in metrics
        site.publish("/a")
        read_until(process, lambda line: "1 new" in line)
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    assert rows(lake, "SELECT count(*) FROM articles") == [(4,)]
    assert staged(lake) == []


def test_the_metrics_of_a_watch_with_nothing_to_read_tell_when_it_looks_again(tmp_path: Path) -> None:
    files = write_lines(tmp_path / "one.jsonl", [article(1)])
    os.utime(files, (1, 1))
    options = ("--files", files, "--every", "1s", "--health-address", "0")
    with watching(tmp_path / "lake", *options) as process:
        probes = read_until(process, lambda line: "probes" in line).split()[-1]
        read_until(process, is_round)
        found: set[bytes] = set()
        deadline = time.monotonic() + 60
        while len(found) < 2:
            assert time.monotonic() < deadline
            with urllib.request.urlopen(f"{probes}/metrics") as answer:
                found |= {line for line in answer if line.startswith(b"newslake_next_round_timestamp_seconds ")}
        with urllib.request.urlopen(f"{probes}/metrics") as answer:
            assert b'newslake_rounds_total{outcome="committed"} 1.0' in answer.read()


def test_sigterm_in_the_middle_of_a_round_leaves_nothing_half_done(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    files = write_lines(tmp_path / "many.jsonl", [article(number) for number in range(6_000)])
    os.utime(files, (1, 1))
    # A shell script starts what runs in its background with SIGINT ignored.
    with watching(lake, "--files", files, before="trap '' INT;") as process:
        read_until(process, lambda line: "watching" in line)
        deadline = time.monotonic() + 60
        while not (lake / "_newslake/staging").is_dir() or not staged(lake):
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    assert not (lake / "articles").exists()
    assert run_here(lake, "--files", files)["new"] == 6_000
    assert staged(lake) == []


def test_a_watch_that_was_killed_goes_on_where_it_stopped(site: FeedSite, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    options = ("--feeds", f"{site.url}/a", f"{site.url}/b", "--every", "1s")
    for rounds in (2, 1):
        with watching(lake, *options) as process:
            for _ in range(rounds):
                site.publish("/a", 2)
                site.publish("/b", 2)
                read_until(process, is_round)
            process.kill()
    run_here(lake, *options[:3], "--allow-private-addresses", "--all")
    assert rows(lake, "SELECT count(*), count(DISTINCT url) FROM articles") == [(site.counted, site.counted)]


def test_known_files_are_left_out_on_request(tmp_path: Path) -> None:
    lake, path = tmp_path / "lake", tmp_path / "a.jsonl"
    write_lines(path, [article(1), article(2)])
    os.utime(path, (1_000, 1_000))

    def run(*more: object) -> dict[str, Any]:
        return run_here(lake, "--files", tmp_path / "*.jsonl", *more)

    assert run("--skip-known", "--limit", "1")["read"] == 1
    assert run("--skip-known")["read"] == 2
    known = run("--skip-known")
    assert (known["read"], known["sources_known"], known["sources_ok"]) == (0, 1, 0)
    assert run()["read"] == 2
    assert run("--skip-known", "--field", "title=description")["read"] == 2
    write_lines(path, [article(1), article(2), article(3)])
    assert run("--skip-known")["new"] == 1
