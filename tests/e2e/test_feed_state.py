"""What the lake remembers of feeds, from run to run, through the command line."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import rows, run_here
from feed_site import FeedSite, feed_site

from newslake.pipeline.cli import main
from newslake.transforms.lake import log
from newslake.transforms.lake.feed_states import read_states
from newslake.transforms.storage.local import open_local


@pytest.fixture
def site() -> Iterator[FeedSite]:
    with feed_site() as made:
        made.publish("/a", 3)
        made.publish("/b", 2)
        yield made


def read(
    lake: Path, site: FeedSite, now: str, *arguments: object, feeds: tuple[str, ...] = ("/a", "/b"), **more: Any
) -> dict[str, Any]:
    named = [f"{site.url}{feed}" for feed in feeds]
    return run_here(lake, "--feeds", *named, "--now", now, "--allow-private-addresses", *arguments, **more)


def skipped(summary: dict[str, Any]) -> tuple[int, int, int]:
    return summary["sources_ok"], summary["sources_not_modified"], summary["sources_not_due"]


def test_a_feed_that_did_not_change_costs_no_parse_and_is_no_reject(site: FeedSite, tmp_path: Path) -> None:
    assert read(tmp_path / "lake", site, "2026-03-02T10:00:00Z")["new"] == 5
    site.publish("/a")
    summary = read(tmp_path / "lake", site, "2026-03-02T11:00:00Z")
    assert skipped(summary) == (1, 1, 0)
    assert (summary["read"], summary["new"], summary["unchanged"], summary["rejected"]) == (4, 1, 3, 0)


def test_a_run_in_which_nothing_was_modified_or_due_ends_well(site: FeedSite, tmp_path: Path) -> None:
    read(tmp_path / "lake", site, "2026-03-02T10:00:00Z")
    assert skipped(read(tmp_path / "lake", site, "2026-03-02T11:00:00Z")) == (0, 2, 0)
    site.paths_asked()
    assert skipped(read(tmp_path / "lake", site, "2026-03-02T11:01:00Z")) == (0, 0, 2)
    assert site.paths_asked() == []


def test_all_asks_feeds_that_are_not_due(site: FeedSite, tmp_path: Path) -> None:
    for _ in range(2):
        read(tmp_path / "lake", site, "2026-03-02T10:00:00Z", "--all")
    assert sorted(site.paths_asked()) == ["/a", "/a", "/b", "/b"]


@pytest.mark.parametrize("option", [("--limit", "1"), ("--dry-run",)])
def test_a_limit_and_a_dry_run_remember_nothing(site: FeedSite, tmp_path: Path, option: tuple[str, ...]) -> None:
    read(tmp_path / "lake", site, "2026-03-02T10:00:00Z", *option)
    assert read(tmp_path / "lake", site, "2026-03-02T10:00:01Z")["read"] == 5


def test_other_settings_read_a_feed_again(site: FeedSite, tmp_path: Path) -> None:
    config = tmp_path / "newslake.toml"
    for language, read_entries in (("nl", 3), ("nl", 0), ("de", 3)):
        config.write_text(f'[[feeds]]\nurl = "{site.url}/a"\nlanguage = "{language}"\nallow_private = true\n')
        assert run_here(tmp_path / "lake", "--config", config, "--all")["read"] == read_entries


def test_the_rows_of_fetches_tell_the_changes_and_health_the_present(
    site: FeedSite, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    site.statuses["/b"] = 503
    for day in (2, 3, 4):
        read(lake, site, f"2026-03-0{day}T10:00:00Z")
    capfd.readouterr()
    assert main(["health", "--lake", str(lake), "--json", "--now", "2026-03-04T10:00:00Z"]) == 0
    worst = json.loads(capfd.readouterr().out.splitlines()[0])
    assert (worst["feed"][-2:], worst["level"], worst["failures"], worst["status"]) == ("/b", "failing", 3, 503)
    del site.statuses["/b"]
    read(lake, site, "2026-03-06T10:00:00Z")
    fetches = rows(lake, "SELECT feed[-2:], status, outcome, new FROM fetches ORDER BY checked_at, feed")
    assert fetches == [("/a", 200, "ok", 3), ("/b", 503, "failed", 0), ("/b", 200, "ok", 2)]


def test_a_feed_that_is_gone_is_not_asked_again(site: FeedSite, tmp_path: Path) -> None:
    site.statuses["/b"] = 410
    read(tmp_path / "lake", site, "2026-03-02T10:00:00Z")
    site.paths_asked()
    summary = read(tmp_path / "lake", site, "2026-03-09T10:00:00Z")
    assert site.paths_asked() == ["/a"]
    assert (summary["sources_not_modified"], summary["sources_failed_before"]) == (1, 1)
    assert ["gone for good" in notice for notice in summary["notices"]] == [True]
    assert rows(tmp_path / "lake", "SELECT outcome, due_at FROM fetches WHERE feed LIKE '%/b'") == [("gone", None)]


def test_one_feed_that_fails_alone_is_exit_code_3_and_still_remembered(site: FeedSite, tmp_path: Path) -> None:
    site.statuses["/b"] = 500
    read(tmp_path / "lake", site, "2026-03-02T10:00:00Z", feeds=("/b",), code=3)
    lake = open_local(str(tmp_path / "lake"))
    [state] = read_states(lake, log.read_state(lake)).values()
    assert (state.failures, state.status, state.checks) == (1, 500, 1)


def test_the_host_that_asks_to_wait_is_left_alone_for_all_its_feeds(site: FeedSite, tmp_path: Path) -> None:
    site.statuses["/a"], site.headers["/a"] = 429, {"Retry-After": "7200"}
    read(tmp_path / "lake", site, "2026-03-02T10:00:00Z", feeds=("/a",), code=3)
    site.paths_asked()
    summary = read(tmp_path / "lake", site, "2026-03-02T11:59:59Z")
    assert (summary["sources_not_due"], summary["sources_failed_before"], site.paths_asked()) == (1, 1, [])
    del site.statuses["/a"]
    assert skipped(read(tmp_path / "lake", site, "2026-03-02T12:00:00Z")) == (2, 0, 0)


def test_the_retry_of_a_run_without_a_usable_source_is_no_success(site: FeedSite, tmp_path: Path) -> None:
    site.statuses["/b"] = 500
    for time in ("10:00:00", "10:01:00"):
        key = ("--run-key", "h1")
        summary = read(tmp_path / "lake", site, f"2026-03-02T{time}Z", *key, feeds=("/b",), code=3)
    assert (summary["sources_failed"], summary["sources_failed_before"]) == (0, 1)
    del site.statuses["/b"]
    assert read(tmp_path / "lake", site, "2026-03-02T10:10:00Z", *key, feeds=("/b",))["new"] == 2


def test_feeds_that_did_not_change_count_among_the_sources_of_which_some_may_fail(
    site: FeedSite, tmp_path: Path
) -> None:
    read(tmp_path / "lake", site, "2026-03-02T10:00:00Z")
    site.statuses["/b"] = 500
    limit = ("--max-failed-sources", "50%")
    assert read(tmp_path / "lake", site, "2026-03-02T11:00:00Z", *limit)["sources_failed"] == 1


def test_a_feed_of_the_command_line_keeps_its_settings_of_the_configuration(site: FeedSite, tmp_path: Path) -> None:
    config = tmp_path / "newslake.toml"
    config.write_text(f'[[feeds]]\nurl = "{site.url}/a"\nallow_private = true\nkeep_headline = "nothing"\n')
    summary = run_here(tmp_path / "lake", "--config", config, "--feeds", f"{site.url}/a")
    assert (summary["sources_ok"], summary["read"]) == (1, 0)


def test_a_quarantined_feed_comes_again(site: FeedSite, tmp_path: Path) -> None:
    empty = "".join(f"<item><guid>{number}</guid></item>" for number in range(30))
    site.bodies["/b"] = f"<rss version='2.0'><channel><title>b</title>{empty}</channel></rss>"
    for _ in range(2):
        summary = read(tmp_path / "lake", site, "2026-03-02T10:00:00Z", "--all", feeds=("/b",), code=4)
        assert (summary["sources_quarantined"], summary["sources_not_modified"]) == (1, 0)


def test_a_feed_that_rolled_over_may_have_missed_articles(site: FeedSite, tmp_path: Path) -> None:
    read(tmp_path / "lake", site, "2026-03-02T10:00:00Z")
    site.publish("/a", 25)
    site.publish("/b", 3)
    read(tmp_path / "lake", site, "2026-03-02T11:00:00Z")
    fetches = rows(
        tmp_path / "lake", "SELECT right(feed, 2), may_have_missed FROM fetches WHERE checked_at > '2026-03-02 10:30'"
    )
    assert sorted(fetches) == [("/a", True), ("/b", False)]


def test_patterns_choose_entries_and_the_summary_tells_how_many_were_left_out(site: FeedSite, tmp_path: Path) -> None:
    config = tmp_path / "newslake.toml"
    config.write_text(
        f'[[feeds]]\nurl = "{site.url}/a"\nallow_private = true\nkeep_headline = "story"\ndrop_url = "/2$"\n'
    )
    summary = run_here(tmp_path / "lake", "--config", config)
    assert (summary["read"], summary["new"]) == (2, 2)
    assert summary["notices"] == [f"{site.url}/a: entries left out by keep and drop: 1"]


def test_a_password_and_a_token_are_sent_and_appear_nowhere(
    site: FeedSite, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "newslake.toml"
    feed = f'[[feeds]]\nurl = "{site.url}/a?token=t0ken-in-url"\nallow_private = true'
    config.write_text(f'{feed}\nuser = "me"\npassword = "pa55word-sent"\n')
    site.headers["/a"] = {"ETag": '"pa55word-sent"', "Last-Modified": "t0ken-in-url"}
    site.entries["/a"].append(
        "<item><guid>x-t0ken-in-url</guid><title>Echo t0ken-in-url pa55word-sent</title>"
        "<link>https://me:pa55word-sent@news.example/x?reader=t0ken-in-url</link></item>"
    )
    run_here(tmp_path / "lake", "--config", config)
    assert site.asked[0][1]["Authorization"].startswith("Basic ")
    site.statuses["/a"] = 401
    run_here(tmp_path / "lake", "--config", config, "--all", code=3)
    secrets = (b"t0ken-in-url", b"pa55word-sent", site.asked[0][1]["Authorization"].split()[1].encode())
    stored = b"".join(path.read_bytes() for path in (tmp_path / "lake").rglob("*") if path.is_file())
    said = "".join(capfd.readouterr()).encode()
    for path in (tmp_path / "lake").rglob("*.gz"):
        stored += gzip.decompress(path.read_bytes())
    assert not [secret for secret in secrets if secret in stored + said]


def test_the_same_feed_in_two_places_is_asked_once(site: FeedSite, tmp_path: Path) -> None:
    opml = tmp_path / "list.opml"
    opml.write_text(f'<opml version="2.0"><body><outline type="rss" xmlUrl="{site.url}/a"/></body></opml>')
    summary = run_here(tmp_path / "lake", "--feeds", f"{site.url}/a", opml, "--allow-private-addresses")
    assert site.paths_asked() == ["/a"]
    assert (summary["read"], summary["sources_ok"]) == (3, 1)


def test_a_list_whose_feeds_all_fail_is_no_source(site: FeedSite, tmp_path: Path) -> None:
    opml = tmp_path / "list.opml"
    outlines = f'<outline type="rss" xmlUrl="{site.url}/gone"/><outline type="rss" xmlUrl="nonsense://x"/>'
    opml.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    summary = run_here(tmp_path / "lake", "--feeds", opml, "--allow-private-addresses", code=3)
    assert summary["sources_ok"] == 0


def test_a_list_whose_host_asks_to_wait_is_read_later(site: FeedSite, tmp_path: Path) -> None:
    site.statuses["/x"], site.headers["/x"] = 503, {"Retry-After": "60"}
    lists = [f"{site.url}/x?{number}.opml" for number in range(4)]
    summary = run_here(tmp_path / "lake", "--feeds", *lists, "--allow-private-addresses", code=None)
    assert summary["sources_failed"] + summary["sources_not_due"] == 4
    assert summary["sources_not_due"] >= 1
