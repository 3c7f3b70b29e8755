"""Feeds from a real HTTP server on loopback."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from commandline import article, newslake_command, rows, run, run_here, write_lines


def holds(lake: Path, word: bytes) -> bool:
    """Tell whether any file of a lake holds a word, also if it is compressed."""
    for path in lake.rglob("*"):
        stored = path.read_bytes() if path.is_file() else b""
        if word in (gzip.decompress(stored) if path.suffix == ".gz" else stored):
            return True
    return False


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Loopback Times</title><link>https://times.example/</link>
<item><title>One</title><link>https://times.example/1</link><description>The first of two.</description></item>
<item><title>Two</title><link>https://times.example/2</link><description>The second of two.</description></item>
</channel></rss>"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = FEED.encode()
        if self.path.startswith("/personal"):
            number = self.path[-1]
            body = (
                f"<rss><channel><item><guid>1</guid><title>For reader {number}</title></item></channel></rss>".encode()
            )
        is_absent = self.path == "/gone"
        if self.headers["Authorization"]:
            is_absent = self.path != "/echo"
            sent = self.headers["Authorization"]
            link = f'<link rel="alternate" type="application/rss+xml" href="/x/{sent}">'
            body = f"<html><head>{link}</head><body>you sent {sent}</body></html>".encode()
        if self.path == "/signed":
            body = FEED.replace("/1<", f"/1?reader={self.headers['X-Api-Key']}<").encode()
        self.send_response(404 if is_absent else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()
    thread.join()


def test_a_feed_is_fetched_and_the_fetch_is_a_row(server: str, tmp_path: Path) -> None:
    feed = f"{server}/feed?api_key=secret"
    summary = run(tmp_path / "lake", "--feeds", feed, f"{server}/gone", "--allow-private-addresses")
    assert (summary["new"], summary["rejected"], summary["sources_failed"]) == (2, 0, 1)
    fetches = rows(tmp_path / "lake", "SELECT feed, status, entries, new FROM fetches ORDER BY entries DESC")
    assert fetches == [(f"{server}/feed?api_key=***", 200, 2, 2), (f"{server}/gone", 404, 0, 0)]
    assert rows(tmp_path / "lake", "SELECT DISTINCT publisher FROM articles") == [("Loopback Times",)]
    everything = b"".join(path.read_bytes() for path in (tmp_path / "lake").rglob("*") if path.is_file())
    assert b"secret" not in everything


@pytest.mark.parametrize("name", ["PHPSESSID", "jwt", "sid"])
def test_feeds_that_differ_in_a_secret_alone_stay_two(server: str, name: str, tmp_path: Path) -> None:
    feeds = [f"{server}/personal?{name}=hidden-{number}" for number in (1, 2)]
    summary = run_here(tmp_path / "lake", "--feeds", *feeds, "--allow-private-addresses")
    assert summary["new"] == 2
    summary = run_here(tmp_path / "lake", "--feeds", *feeds, "--allow-private-addresses", "--all")
    assert (summary["read"], summary["sources_not_modified"]) == (0, 2)
    assert rows(tmp_path / "lake", "SELECT count(*), count(DISTINCT source_uri) FROM articles") == [(2, 2)]
    fetches = rows(tmp_path / "lake", "SELECT feed, entries, new FROM fetches ORDER BY new DESC")
    assert [row[1:] for row in fetches] == [(1, 1), (1, 1)]
    assert len({row[0] for row in fetches}) == 2
    if name != "sid":
        assert not holds(tmp_path / "lake", b"hidden")


def test_a_page_that_repeats_a_header_is_rejected_without_it(server: str, tmp_path: Path) -> None:
    config = tmp_path / "newslake.toml"
    config.write_text(f'[[feeds]]\nurl = "{server}/echo"\nheaders = {{ Authorization = "Bearer s3cret-0123456789" }}\n')
    done = newslake_command("run", "--config", config, "--lake", tmp_path / "lake", "--allow-private-addresses", code=3)
    assert rows(tmp_path / "lake", "SELECT reason, payload LIKE '%you sent%' FROM rejects") == [("not_a_feed", True)]
    assert "s3cret" not in done.stdout + done.stderr
    assert not holds(tmp_path / "lake", b"s3cret")


def test_a_feed_that_repeats_a_header_is_read_without_it(server: str, tmp_path: Path) -> None:
    config = tmp_path / "newslake.toml"
    config.write_text(f'[[feeds]]\nurl = "{server}/signed"\nheaders = {{ X-Api-Key = "s3cret-0123456789" }}\n')
    summary = run_here(tmp_path / "lake", "--config", config, "--allow-private-addresses")
    assert summary["new"] == 2
    assert rows(tmp_path / "lake", "SELECT url FROM articles ORDER BY url") == [
        ("https://times.example/1?reader=***",),
        ("https://times.example/2",),
    ]


def test_a_secret_in_a_name_that_leads_nowhere_is_written_nowhere(tmp_path: Path) -> None:
    named = [
        "--files",
        "nowhere://AKIA:hidden@bucket/x?token=hidden",
        "--feeds",
        "htp://user:hidden@example.org/feed",
        "user:hidden@x/y",
    ]
    done = newslake_command("run", "--lake", tmp_path / "lake", *named, code=3)
    assert "hidden" not in done.stdout + done.stderr
    tables = [rows(tmp_path / "lake", f"FROM {table}") for table in ("rejects", "runs")]
    assert "hidden" not in repr(tables)
    assert not holds(tmp_path / "lake", b"hidden")


def test_an_address_of_this_machine_is_refused_unless_allowed(server: str, tmp_path: Path) -> None:
    run(tmp_path / "lake", "--feeds", f"{server}/feed", code=3)
    assert rows(tmp_path / "lake", "SELECT reason FROM rejects") == [("forbidden_address",)]


def test_an_opml_list_names_its_feeds(server: str, tmp_path: Path) -> None:
    outline = f'<outline text="Daily"><outline type="rss" xmlUrl="{server}/feed"/></outline>'
    (tmp_path / "feeds.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>')
    run_here(tmp_path / "lake", "--feeds", tmp_path / "feeds.opml", "--allow-private-addresses")
    assert rows(tmp_path / "lake", "SELECT headline, tags FROM articles ORDER BY headline") == [
        ("One", ["Daily"]),
        ("Two", ["Daily"]),
    ]


def test_feeds_are_fetched_once_where_the_files_make_several_slices(server: str, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(
        f'<opml version="2.0"><body><outline type="rss" xmlUrl="{server}/feed?2"/></body></opml>'
    )
    files = [
        write_lines(tmp_path / f"{number}.jsonl", [article(number * 20 + one) for one in range(20)])
        for number in range(2)
    ]
    feeds = "--feeds", f"{server}/feed", f"{server}/gone", tmp_path / "feeds.opml", "--allow-private-addresses"
    summary = run_here(tmp_path / "lake", "--files", *files, *feeds, "--slice-articles", 20)
    assert (summary["read"], summary["new"], summary["slices"]) == (44, 42, 2)
    assert (summary["sources_ok"], summary["sources_failed"]) == (4, 1)
    fetched = rows(tmp_path / "lake", "SELECT run_id, count(DISTINCT feed), count(*) FROM fetches GROUP BY 1")
    assert fetched == [(f"{summary['run_id']}-001", 3, 3)]
