"""``newslake check`` with a server on loopback and with saved feeds."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from newslake.pipeline.cli import main

ITEM = (
    "<item><title>Story</title><link>https://example.org/1</link><guid>1</guid>"
    "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>"
)
FEED = f'<rss version="2.0"><channel><title>Paper</title>{ITEM}</channel></rss>'
NOW = "2026-03-02T12:00:00Z"


class Site(BaseHTTPRequestHandler):
    """A site with a good feed, a moved one, one behind a login, and a page."""

    asked: list[dict[str, str]]

    def do_GET(self) -> None:
        type(self).asked.append(dict(self.headers))
        path = self.path.partition("?")[0]
        if path == "/old":
            self.answer(301, "", ("Location", "/rss"))
        elif path == "/login":
            self.answer(401 if self.headers.get("X-Plan") != "s3cret-value" else 200, FEED)
        elif path == "/page":
            self.answer(200, "<!doctype html><html><title>Home</title><p>s3cret-value</html>")
        else:
            self.answer(200 if path == "/rss" else 404, FEED, ("ETag", '"1"'))

    def answer(self, status: int, body: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, in which nothing may be left behind."""
    monkeypatch.chdir(tmp_path)


def check(*words: str) -> int:
    return main(["check", "--allow-private-addresses", "--now", NOW, *words])


def test_each_feed_is_asked_once_without_validators_and_nothing_is_written(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(f"{site}/rss") == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[:2] == [f"{site}/rss", "  can be read: 1 entry, nothing is wrong"]
    assert lines[2].startswith("  note: the feed comes by http")
    assert told.err == "1 of 1 feeds can be read\n"
    assert [name for asked in Site.asked for name in asked if name.startswith("If-")] == []
    assert len(Site.asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_feed_that_cannot_be_read_gives_exit_code_3(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    feeds = [f"{site}{path}" for path in ("/rss", "/old", "/gone?token=s3cret", "/page")]
    assert check("--json", *feeds, "missing.xml") == 3
    streams = capsys.readouterr()
    told = {one["feed"].removeprefix(site): one for one in map(json.loads, streams.out.splitlines())}
    assert {feed: (one["can_be_read"], one["status"], one["entries"]) for feed, one in told.items()} == {
        "/rss": (True, 200, 1),
        "/old": (True, 200, 1),
        "/gone?token=***": (False, 404, 0),
        "/page": (True, 200, 1),
        "missing.xml": (False, None, 0),
    }
    assert told["/old"]["findings"][0]["advice"] == f"change its URL to {site}/rss"
    assert "s3cret" not in streams.out + streams.err


def test_feeds_of_the_configuration_are_asked_with_their_settings(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.opml").write_text(f'<opml version="2.0"><body><outline xmlUrl="{site}/rss"/></body></opml>')
    (tmp_path / "newslake.toml").write_text(
        f"""
        [[feeds]]
        url = "{site}/login"
        headers = {{"X-Plan" = "s3cret-value"}}
        [[feeds]]
        opml = "list.opml"
        """
    )
    assert check("--config", "newslake.toml") == 0
    told = capsys.readouterr()
    assert told.err == "2 of 2 feeds can be read\n"
    assert check("--config", "newslake.toml", f"{site}/login") == 0
    assert check(f"{site}/login") == 3
    assert "what to do: the server wants a login" in capsys.readouterr().out


def test_a_private_address_is_told_with_what_to_do(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", f"{site}/rss"]) == 3
    assert "--allow-private-addresses" in capsys.readouterr().out
    assert Site.asked == []


def test_a_saved_feed_is_checked_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "saved.xml").write_text(FEED)
    assert check("saved.xml") == 0
    assert capsys.readouterr().out == "saved.xml\n  can be read: 1 entry, nothing is wrong\n\n"


def test_without_a_feed_it_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert "no feed to check: name one" in capsys.readouterr().err


def test_no_line_but_an_address_is_wider_than_the_terminal(
    site: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    check(f"{site}/page", f"{site}/rss", "missing.xml")
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 60
