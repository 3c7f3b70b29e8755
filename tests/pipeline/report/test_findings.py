"""What is said of a feed, by its answer and the entries that the parser makes of it."""

import datetime as dt
from typing import Any

import pytest

from newslake.pipeline.report.findings import Finding, Severity, can_be_read, findings
from newslake.schemas.feed_state import AnswerFacts, Validators
from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.feeds.document import Answer, FeedDocument, FeedRequest, Postponed
from newslake.transforms.feeds.read import read_document

NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
URL = "https://example.org/rss"
HTTP = "http://example.org/rss"
LINK = "https://example.org/x"
DATE = "Mon, 02 Mar 2026 10:00:00 GMT"
GOOD = "".join(
    f"<item><title>News {number}</title><link>https://example.org/{number}</link><guid>{number}</guid>"
    f"<pubDate>Mon, 02 Mar 2026 0{number}:00:00 GMT</pubDate></item>"
    for number in range(4)
)
VALIDATORS = Validators("etag", None, "hash")


def rss(items: str) -> bytes:
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title><link>https://example.org/</link>'
    return f"{head}{items}</channel></rss>".encode()


def found(
    body: bytes | str | Reject | Postponed,
    *,
    url: str | None = URL,
    location: str = URL,
    charset: str | None = None,
    cut: str = "",
    settings: SourceSettings = SourceSettings(),  # noqa: B008
    **facts: Any,
) -> list[Finding]:
    """Return what is found of a feed with this body, or of these items of an RSS feed."""
    result: Any = body
    if isinstance(body, str | bytes):
        whole = rss(body) if isinstance(body, str) else body
        result = FeedDocument("feed", url, whole, 200 if url else None, settings, charset, cut=cut)
    answer = Answer(
        FeedRequest(location, settings), result, AnswerFacts(**{"status": 200, "validators": VALIDATORS, **facts})
    )
    items = list(read_document(result)) if isinstance(result, FeedDocument) else []
    return findings(answer, items, NOW)


def test_a_good_feed_has_no_finding() -> None:
    assert found(GOOD) == []
    assert found(GOOD, url=None, location="saved.xml") == []


def item(**parts: str) -> str:
    return f"<item>{''.join(f'<{name}>{value}</{name}>' for name, value in parts.items())}</item>"


@pytest.mark.parametrize(
    ("given", "level", "what", "advice"),
    [
        ({"body": GOOD, "moved_to": "https://new.example/rss"}, "warning", "moved for good to https://new", "change"),
        ({"body": GOOD, "found_at": "https://example.org/feed"}, "warning", "the address is a page", "change the URL"),
        ({"body": GOOD, "url": "https://cdn.example/rss?token=abc"}, "note", "rss?token=***, for now", ""),
        ({"body": GOOD, "url": HTTP, "location": HTTP}, "note", "comes by http", "https"),
        ({"body": GOOD, "validators": Validators()}, "note", "neither ETag nor Last-Modified", "longer interval"),
        ({"body": GOOD, "fresh_seconds": 86_400}, "note", "stays as it is for 86,400 seconds", ""),
        ({"body": GOOD, "cut": "the connection broke"}, "warning", "ends too early: the connection broke", "again"),
        ({"body": ""}, "warning", "no entries", "still publishes"),
        ({"body": rss(GOOD).replace(b"</title>", b" \xe9\xe0\xfc</title>")}, "warning", "encoding", "set encoding"),
        ({"body": b"<!doctype html><html><title>x</title>"}, "fault", "not_a_feed: it is an HTML page", "HTML page"),
        ({"body": b""}, "fault", "empty", "empty"),
        ({"body": Postponed(90)}, "fault", "wait for 90 seconds", "again"),
    ],
)  # fmt: skip
def test_a_finding(given: dict[str, Any], level: str, what: str, advice: str) -> None:
    told = found(**given)
    assert any(one.level == level and what in one.what and advice in one.advice for one in told), told
    assert can_be_read(told) is (level != "fault")


@pytest.mark.parametrize(
    ("parts", "level", "what"),
    [
        ({"guid": "9", "pubDate": DATE}, "warning", "1 of 5 entries without a link of their own"),
        ({"link": LINK, "pubDate": DATE}, "note", "1 of 5 entries without guid or id"),
        ({"link": "/x", "guid": "9", "pubDate": DATE}, "note", "1 of 5 entries with a relative link"),
        ({"link": LINK, "guid": "1", "pubDate": DATE}, "warning", "2 of 5 entries with the guid or id of another"),
        ({"link": LINK, "guid": "9"}, "warning", "1 of 5 entries without a date"),
        ({"link": LINK, "guid": "9", "pubDate": "soon"}, "warning", "1 of 5 entries with a date that newslake cannot"),
        (
            {"link": LINK, "guid": "9", "pubDate": DATE.replace("2026", "2027")},
            "warning",
            "1 of 5 entries with a date in",
        ),
    ],
)
def test_an_entry_that_lacks_something_is_counted(parts: dict[str, str], level: str, what: str) -> None:
    told = [one for one in found(GOOD + item(title="x", **parts)) if one.what.startswith(what)]
    assert [one.level for one in told] == [level]


def test_a_date_is_read_in_the_language_of_the_feed() -> None:
    months = "<language>nl</language>" + GOOD + item(title="x", link=LINK, guid="9", pubDate="2 maart 2026")
    assert found(months) == []


def test_dates_that_are_all_equal_are_told() -> None:
    (told,) = found("".join(item(title=f"{n}", link=f"{LINK}{n}", guid=f"{n}", pubDate=DATE) for n in range(3)))
    assert (told.level, told.what) == ("warning", "all entries have the same date")
    assert found("".join(item(title=f"{n}", link=f"{LINK}{n}", guid=f"{n}", pubDate=DATE) for n in range(2))) == []


@pytest.mark.parametrize(
    ("reason", "detail", "status", "advice"),
    [
        (Reason.HTTP_STATUS, "HTTP 401 Unauthorized", 401, "wants a login"),
        (Reason.HTTP_STATUS, "HTTP 403 Forbidden", 403, "ask the publisher"),
        (Reason.HTTP_STATUS, "HTTP 404 Not Found", 404, "new address"),
        (Reason.HTTP_STATUS, "HTTP 410 Gone", 410, "remove this URL"),
        (Reason.HTTP_STATUS, "HTTP 429", 429, "raise interval"),
        (Reason.HTTP_STATUS, "HTTP 502 Bad Gateway", 502, "the server itself has an error"),
        (Reason.HTTP_STATUS, "HTTP 302 Found: more than 5 redirects", 302, "last address"),
        (Reason.NETWORK, "h: Name or service not known", None, "DNS"),
        (Reason.NETWORK, "h: its certificate is not valid: expired", None, "certificate"),
        (Reason.NETWORK, "h: Connection refused", None, "browser"),
        (Reason.FORBIDDEN_ADDRESS, "h: the host has no public address", None, "--allow-private-addresses"),
        (Reason.TIMEOUT, "no answer within 30 s", None, "browser"),
    ],
)
def test_a_feed_that_cannot_be_had_is_a_fault(reason: Reason, detail: str, status: int | None, advice: str) -> None:
    (told,) = found(Reject(Stage.FETCH_FEEDS, reason, "feed", detail, whole_source=True), status=status)
    assert (told.level, told.what) == (Severity.FAULT, f"{reason}: {detail}")
    assert advice in told.advice


def test_the_worst_comes_first() -> None:
    told = found(b"<html>", moved_to="https://new.example/", validators=Validators())
    assert [one.level for one in told] == sorted((one.level for one in told), key=list(Severity).index)
    assert told[0].level == Severity.FAULT


def test_a_feed_that_is_cut_is_read_up_to_there() -> None:
    told = found(rss(GOOD)[:-60])
    assert can_be_read(told)
    assert any("truncated" in one.what for one in told)


def test_a_repaired_feed_says_how_many_entries_were_mended() -> None:
    told = found(rss(GOOD.replace("News 1", "News &#0; 1")))
    assert any("1 entry" in one.what and "references to characters" in one.what for one in told), told
    told = found(rss(GOOD.replace("News 1", "News \x02 1")))
    assert any("control characters" in one.what for one in told), told


def test_no_text_of_an_entry_is_told() -> None:
    secret = item(title="s3cret", link="https://example.org/?token=s3cret", guid="s3cret", pubDate="s3cret")
    assert "s3cret" not in repr(found(secret * 3))


def test_the_interval_of_the_feed_is_compared_with_the_cache() -> None:
    assert found(GOOD, fresh_seconds=5_000, settings=SourceSettings(interval=7_200)) == []
    assert found(GOOD, fresh_seconds=5_000) != []
