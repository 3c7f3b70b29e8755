import json
from typing import Any

import pytest

from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.schemas.reject import Reason, Reject
from newslake.transforms.feeds.document import FeedDocument
from newslake.transforms.feeds.jsonfeed import is_json
from newslake.transforms.feeds.read import read_document

VERSION = "https://jsonfeed.org/version/1.1"
ITEM = {"id": "1", "url": "https://p.example/1", "title": "One", "content_text": "Words."}


def read(body: bytes | str | dict[str, Any]) -> list[RawArticle | Reject]:
    if isinstance(body, dict):
        body = json.dumps(body)
    raw = body.encode() if isinstance(body, str) else body
    return list(read_document(FeedDocument("f", "https://p.example/f", raw, 200, SourceSettings())))


def read_item(**fields: Any) -> RawArticle:
    [article] = read({"version": VERSION, "title": "Paper", "items": [ITEM | fields]})
    assert isinstance(article, RawArticle)
    return article


@pytest.mark.parametrize(
    "feed",
    [
        {"version": VERSION, "items": [ITEM]},
        {"version": "1.0", "title": "Paper", "items": [ITEM]},
        {"version": 1.1, "items": [ITEM]},
        {"title": "Paper", "items": [{"title": "One"}]},
        {"items": [ITEM]},
    ],
)
def test_a_feed_is_known_by_its_version_or_its_items(feed: dict[str, Any]) -> None:
    [article] = read(feed)
    assert isinstance(article, RawArticle)
    assert article.headline == "One"


@pytest.mark.parametrize("items", [{}, {"items": None}, {"items": []}])
def test_a_feed_without_items_is_empty(items: dict[str, Any]) -> None:
    assert read({"version": VERSION, "title": "Paper"} | items) == []


@pytest.mark.parametrize(
    "other", [{"items": []}, {"items": [1, 2]}, {"items": [{"sku": 1}]}, {"version": VERSION, "items": {}}, {"a": 1}]
)
def test_other_json_is_no_feed(other: dict[str, Any]) -> None:
    [reject] = read(other)
    assert isinstance(reject, Reject)
    assert reject.reason is Reason.NOT_A_FEED


@pytest.mark.parametrize(
    ("fields", "bylines"),
    [
        ({"authors": [{"name": "Ann"}, {"name": "Bert"}]}, ("Ann", "Bert")),
        ({"authors": {"name": "Ann"}}, ("Ann",)),
        ({"authors": ["Ann", "Bert"]}, ("Ann", "Bert")),
        ({"authors": "Ann"}, ("Ann",)),
        ({"authors": [None, {"name": "Ann"}, {"url": "https://x.example"}, 7]}, ("Ann",)),
        ({"author": {"name": "Ann"}}, ("Ann",)),
        ({"author": "Ann"}, ("Ann",)),
        ({"author": {"name": "Ann"}, "authors": []}, ("Ann",)),
        ({"authors": None}, ()),
    ],
)
def test_authors_in_any_shape(fields: dict[str, Any], bylines: tuple[str, ...]) -> None:
    assert read_item(**fields).bylines == bylines


@pytest.mark.parametrize(
    ("value", "source_id"), [(5, "5"), (5.0, "5"), (5.5, "5.5"), ("a", "a"), (True, None), (None, None)]
)
def test_a_number_is_an_id(value: Any, source_id: str | None) -> None:
    assert read_item(id=value).source_id == source_id


def test_the_url_is_the_first_of_url_external_url_and_id() -> None:
    assert read_item(url="/7").url == "https://p.example/7"
    assert read_item(url=None, external_url="https://o.example/8").url == "https://o.example/8"
    assert read_item(url=None, id="https://p.example/9").url == "https://p.example/9"
    assert read_item(url=None).url is None


def test_a_number_is_a_date() -> None:
    assert read_item(date_published=1590381926).dates == (("feed", "1590381926"),)


def test_titles_are_read_as_those_of_rss() -> None:
    assert read_item(title="Tom &amp; Ann &lt;3").headline == "Tom & Ann <3"
    assert read_item(title="List<int>").headline == "List<int>"


def test_plain_content_keeps_its_tags() -> None:
    assert read_item(content_text="5 < 6 & <b>not bold</b>").body == "5 < 6 & <b>not bold</b>"


def test_a_tag_may_be_one_text() -> None:
    assert read_item(tags="news").keywords == ("news",)
    assert read_item(tags=["news", None, "sea"]).keywords == ("news", "sea")


@pytest.mark.parametrize(
    ("body", "headline"),
    [
        ('{"version": "%s", "items": [{"id": "1", "title": "One"},]}', "One"),
        ('{"version": "%s", "items": [{"id": "1", "title": "One, two,]",}, ], }', "One, two,]"),
        ('{"version": "%s", "items": [{"id": "1", "title": "One\ttwo\nthree"}]}', "One two three"),
        ('{"version": "%s", "items": [{"id": "1", "title": "A \\"word\\"\t"},]}', 'A "word"'),
    ],
)
def test_tabs_in_strings_and_trailing_commas_are_repaired_and_flagged(body: str, headline: str) -> None:
    [article] = read(body % VERSION)
    assert isinstance(article, RawArticle)
    assert (article.headline, article.warnings) == (headline, ("malformed_feed",))


@pytest.mark.parametrize("body", ['{"items": [', '{"items": "', "{1: 2}", '{"a": "\t}'])
def test_json_beyond_repair_is_one_reject(body: str) -> None:
    [reject] = read(body)
    assert isinstance(reject, Reject)
    assert reject.reason is Reason.INVALID_JSON


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_json_in_any_unicode_form_is_read(encoding: str) -> None:
    body = json.dumps({"version": VERSION, "items": [ITEM | {"title": "Été"}]}, ensure_ascii=False).encode(encoding)
    assert is_json(body)
    [article] = read(body)
    assert isinstance(article, RawArticle)
    assert (article.headline, article.warnings) == ("Été", ())


@pytest.mark.parametrize("rest", [b"", b', {"id": "3", "tags": ["a", {"b', b', {"id": "3\\', b", ", b"]"])
def test_a_feed_that_is_cut_off_gives_its_whole_items(rest: bytes) -> None:
    items = [ITEM | {"attachments": [{"url": "https://p.example/a.jpg"}]}, ITEM | {"title": "Two ]}"}]
    whole = json.dumps({"version": VERSION, "authors": [{"name": "Ann Bell"}], "items": items}).encode()
    *articles, reject = read(whole.removesuffix(b"]}") + rest)
    assert [item.headline for item in articles if isinstance(item, RawArticle)] == ["One", "Two ]}"]
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.whole_source, reject.payload) == (Reason.TRUNCATED, False, rest)
