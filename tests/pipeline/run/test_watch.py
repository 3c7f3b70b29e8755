"""Rounds over a real server and real files, with a clock of the test's own."""

import datetime as dt
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from commandline import article, rows, write_lines
from feed_site import FeedSite, feed_site

from newslake.pipeline.config.file import check_config
from newslake.pipeline.config.run_options import RunOptions, settle
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.run.watch import Look, Watch, watch
from newslake.pipeline.runners import open_engine

START = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site() -> Iterator[FeedSite]:
    with feed_site() as made:
        yield made


def looks(options: RunOptions, clock: Clock, count: int) -> Iterator[Look]:
    """Yield ``count`` looks of one process, with the time between them passed."""
    with open_engine(RunOptions()) as engine:
        rounds = Watch(options, engine, clock)
        for _ in range(count):
            found = rounds.look()
            yield found
            clock.now = max(found.next_at, clock.now + dt.timedelta(seconds=1))


def settled(lake: Path, *, feeds: Sequence[str] = (), files: Sequence[str] = (), **given: object) -> RunOptions:
    given = {"allow_private_addresses": True, **given}
    return settle(check_config({}, {}), lake=str(lake), feeds=feeds, files=files, given=given)


def made_old(path: Path, clock: Clock, seconds: float = 60) -> Path:
    at = clock.now.timestamp() - seconds
    os.utime(path, (at, at))
    return path


def news(found: Look) -> int | None:
    return found.outcome.summary["new"] if found.outcome else None


def test_each_feed_is_asked_when_it_is_due(site: FeedSite, tmp_path: Path, clock: Clock) -> None:
    config = check_config(
        {
            "feeds": [
                {"url": f"{site.url}/fast", "interval": "30s"},
                {"url": f"{site.url}/slow", "interval": "70s"},
            ]
        },
        {},
    )
    site.publish("/fast")
    site.publish("/slow")
    options = settle(config, lake=str(tmp_path / "lake"), given={"allow_private_addresses": True})
    asked = []
    for _ in looks(options, clock, 4):
        asked.append((int((clock.now - START).total_seconds()), sorted(site.paths_asked())))
        site.publish("/fast")
        site.publish("/slow")
    assert asked == [(0, ["/fast", "/slow"]), (30, ["/fast"]), (60, ["/fast"]), (70, ["/slow"])]
    assert rows(tmp_path / "lake", "SELECT count(*) FROM articles") == [(7,)]


def test_a_new_file_is_read_once_and_a_changed_one_again(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_lines(made_old(folder, clock) / "a.jsonl", [article(1)])
    made_old(folder / "a.jsonl", clock)
    read = []
    for number, found in enumerate(looks(settled(tmp_path / "lake", files=[str(folder)]), clock, 5)):
        read.append(news(found))
        if number == 1:
            made_old(write_lines(folder / "b.jsonl", [article(2)]), clock)
        if number == 3:
            made_old(write_lines(folder / "a.jsonl", [article(1), article(3)]), clock, seconds=5)
    assert read == [1, None, 1, None, 1]


def test_a_file_that_was_changed_just_now_may_still_be_written(tmp_path: Path, clock: Clock) -> None:
    path = made_old(write_lines(tmp_path / "a.jsonl", [article(1)]), clock, seconds=1)
    read = [news(found) for found in looks(settled(tmp_path / "lake", files=[str(path)]), clock, 3)]
    assert read == [None, 1, None]


def test_a_file_with_a_reject_is_tried_again_after_longer_and_longer_waits(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"headline": "One", "text": "First."}\n{"broken": \n')
    made_old(path, clock)
    tried = [
        int((found.now - START).total_seconds())
        for found in looks(settled(tmp_path / "lake", files=[str(path)], every=20.0), clock, 16)
        if found.outcome
    ]
    assert tried == [0, 20, 60, 140]


def test_a_pattern_that_names_nothing_yet_waits_for_files(tmp_path: Path, clock: Clock) -> None:
    options = settled(tmp_path / "lake", files=[str(tmp_path / "later" / "*.jsonl")])
    read = []
    for found in looks(options, clock, 3):
        read.append(news(found))
        if len(read) == 1:
            (tmp_path / "later").mkdir()
            made_old(write_lines(tmp_path / "later" / "a.jsonl", [article(1)]), clock)
    assert read == [None, 1, None]


def test_a_round_that_fails_is_tried_again_after_a_pause(site: FeedSite, tmp_path: Path, clock: Clock) -> None:
    site.publish("/a")
    lake = tmp_path / "lake"
    pauses, read = [], []
    for number, found in enumerate(looks(settled(lake, feeds=[f"{site.url}/a"]), clock, 5)):
        pauses.append((found.next_at - found.now).total_seconds() if found.error else None)
        read.append(news(found))
        if number == 0:
            site.publish("/a")
            (lake / "_newslake/staging").rmdir()
            (lake / "_newslake/staging").write_text("no folder")
        if number == 2:
            (lake / "_newslake/staging").unlink()
    assert pauses == [None, 5, 10, None, None]
    assert read == [1, None, None, 1, 0]


def test_a_signal_within_a_step_ends_the_process(tmp_path: Path, clock: Clock) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            self.connection.close()  # else the step waits for the answer

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        options = settled(tmp_path / "lake", feeds=[f"http://127.0.0.1:{server.server_port}/a"])
        with pytest.raises((KeyboardInterrupt, RuntimeError)):
            next(looks(options, clock, 1))
        server.shutdown()


def test_a_second_process_goes_on_where_the_first_one_stopped(site: FeedSite, tmp_path: Path, clock: Clock) -> None:
    site.publish("/a", 2)
    options = settled(tmp_path / "lake", feeds=[f"{site.url}/a"])
    assert [news(found) for found in looks(options, clock, 1)] == [2]
    clock.now = START + dt.timedelta(seconds=10)
    found = next(looks(options, clock, 1))
    assert (found.outcome, found.next_at) == (None, START + dt.timedelta(minutes=5))


def test_a_list_of_feeds_is_read_again_each_interval(site: FeedSite, tmp_path: Path, clock: Clock) -> None:
    def outline(*feeds: str) -> str:
        outlines = "".join(f'<outline type="rss" xmlUrl="{site.url}{feed}"/>' for feed in feeds)
        return f'<opml version="2.0"><body>{outlines}</body></opml>'

    site.publish("/a")
    site.publish("/b")
    site.bodies["/list.opml"] = outline("/a")
    read = []
    for found in looks(settled(tmp_path / "lake", feeds=[f"{site.url}/list.opml"]), clock, 2):
        read.append((int((found.now - START).total_seconds()), news(found)))
        site.bodies["/list.opml"] = outline("/a", "/b")
    assert read == [(0, 1), (300, 1)]


def test_standard_input_cannot_be_watched(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(UsageError, match="standard input cannot be watched"):
        next(looks(settled(tmp_path / "lake", files=["-"]), clock, 1))


def test_the_process_sleeps_until_something_is_due(site: FeedSite, tmp_path: Path, clock: Clock) -> None:
    site.publish("/a")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt
        clock.sleep(seconds)

    with open_engine(RunOptions()) as engine, pytest.raises(KeyboardInterrupt):
        watch(Watch(settled(tmp_path / "lake", feeds=[f"{site.url}/a"]), engine, clock), lambda _: None, sleep, clock)
    assert slept == [300.0, 300.0, 300.0]
