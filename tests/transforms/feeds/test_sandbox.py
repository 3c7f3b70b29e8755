import json
import subprocess
import sys
from pathlib import Path

import pytest

from newslake.schemas.raw import RawArticle, RawItem, SourceSettings
from newslake.schemas.reject import Reason, Reject
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.read import read_document
from newslake.transforms.feeds.sandbox import FeedParser, time_limit

ROOT = Path(__file__).parents[3]


def feed(entries: int, body: str = "some text", *, is_plain: bool = False) -> FeedDocument:
    """Return a feed. One with a DOCTYPE is not plain: the child reads it."""
    items = "".join(
        f"<item><title>Title {n}</title><link>https://p.example/{n}</link><description>{body} {n}</description></item>"
        for n in range(entries)
    )
    prolog = "" if is_plain else "<!DOCTYPE rss>"
    text = f'{prolog}<rss version="2.0"><channel><title>Paper</title><link>https://p.example/</link>{items}</channel></rss>'
    return FeedDocument("https://p.example/feed", "https://p.example/feed", text.encode(), 200, SourceSettings())


def child_of(parser: FeedParser) -> "subprocess.Popen[bytes]":
    assert parser._child is not None
    return parser._child


def only_reject(items: list[RawItem]) -> Reject:
    [reject] = items
    assert isinstance(reject, Reject)
    assert reject.whole_source
    return reject


def test_the_child_reads_what_the_reader_reads() -> None:
    document = feed(1_234)
    with FeedParser() as parser:
        assert list(parser.parse(document)) == list(read_document(document))


def test_plain_feeds_are_read_without_a_child() -> None:
    with FeedParser() as parser:
        document = feed(12, is_plain=True)
        assert list(parser.parse(document)) == list(read_document(document))
        assert parser.doubt is None
        assert parser._child is None


def test_the_parser_says_why_a_feed_went_to_the_child() -> None:
    with FeedParser() as parser:
        assert len(list(parser.parse(feed(1)))) == 1
        assert parser.doubt is not None
        assert "DOCTYPE" in parser.doubt.reason
        assert len(list(parser.parse(feed(1, is_plain=True)))) == 1
        assert parser.doubt is None


def test_one_child_serves_many_feeds_and_ends_with_the_parser() -> None:
    with FeedParser() as parser:
        assert len(list(parser.parse(feed(1)))) == 1
        child = child_of(parser)
        assert len(list(parser.parse(feed(2)))) == 2
        assert list(parser.parse(feed(0))) == []
        assert child_of(parser) is child
    assert child.returncode == 0


def test_a_feed_past_its_time_limit_is_rejected_and_the_next_one_is_read() -> None:
    with FeedParser() as parser:
        reject = only_reject(list(parser.parse(feed(20_000), limit_seconds=0.5)))
        assert reject.reason is Reason.TIMEOUT
        assert "0.5 s" in reject.detail
        assert len(list(parser.parse(feed(3)))) == 3


def test_a_child_that_is_killed_is_a_reject_and_the_next_feed_is_read() -> None:
    with FeedParser() as parser:
        list(parser.parse(feed(1)))
        child_of(parser).kill()
        reject = only_reject(list(parser.parse(feed(1))))
        assert reject.reason is Reason.PARSER_FAILED
        assert "SIGKILL" in reject.detail
        assert len(list(parser.parse(feed(1)))) == 1


def test_a_child_out_of_memory_is_a_reject_and_the_next_feed_is_read() -> None:
    with FeedParser(max_memory_bytes=200_000_000) as parser:
        reject = only_reject(list(parser.parse(feed(1, "x" * 120_000_000))))
        assert reject.reason is Reason.TOO_LARGE
        assert "200000000 bytes of memory" in reject.detail
        assert len(list(parser.parse(feed(1)))) == 1


def test_a_caller_that_stops_early_leaves_nothing_for_the_next_feed() -> None:
    with FeedParser() as parser:
        items = parser.parse(feed(5_000))
        next(items)
        items.close()  # type: ignore[attr-defined]
        assert len(list(parser.parse(feed(2)))) == 2


def test_a_large_feed_is_read_within_its_limit() -> None:
    document = feed(6_000)
    with FeedParser() as parser:
        articles = [item for item in parser.parse(document) if isinstance(item, RawArticle)]
    assert [article.position for article in articles] == [f"entry {n}" for n in range(1, 6_001)]


def test_the_limit_grows_with_the_feed() -> None:
    assert time_limit(0) == 30.0
    assert time_limit(10_000_000) == 150.0


def test_a_parser_that_never_parsed_can_be_closed() -> None:
    with FeedParser():
        pass


def test_the_child_is_ours_wherever_it_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "transforms").mkdir()
    (tmp_path / "transforms" / "__init__.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(tmp_path)
    with FeedParser() as parser:
        assert len(list(parser.parse(feed(1)))) == 1


def test_the_child_does_not_import_beam() -> None:
    code = (
        "import json, sys, newslake.transforms.feeds.sandbox, newslake.transforms.feeds.read; "
        "print(json.dumps(sorted(sys.modules)))"
    )
    modules = json.loads(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout)
    assert "feedparser" in modules
    assert not {"apache_beam", "aiohttp"} & set(modules)
