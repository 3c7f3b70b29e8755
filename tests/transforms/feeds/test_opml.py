import dataclasses

import pytest

from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reason, Reject
from newslake.transforms.feeds.document import FeedRequest
from newslake.transforms.feeds.opml import expand_opml, is_opml

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Europe" title="Europe">
  <outline text="Nederland">
    <outline type="rss" text="Krant" xmlUrl="https://krant.example/rss?a=1&b=2" htmlUrl="https://krant.example/"/>
  </outline>
  <outline type="rss" text="Blatt" xmlUrl=" https://blatt.example/atom.xml "/>
</outline>
<outline text="Daily"><outline text="Krant again" xmlUrl="https://krant.example/rss?a=1&amp;b=2"/></outline>
<outline text="Loose" xmlUrl="feed://loose.example/rss"/>
<outline text="Looser" xmlUrl="feed:https://looser.example/rss"/>
</body></opml>"""
SETTINGS = SourceSettings(publisher="P", language="nl", tags=("news",), headers=(("Authorization", "x"),))


def expand(data: str | bytes) -> list[FeedRequest | Reject]:
    raw = data.encode() if isinstance(data, str) else data
    return expand_opml(raw, source_uri="https://u:p@lists.example/l.opml", settings=SETTINGS)


def test_each_feed_is_one_request_with_its_folders_as_tags() -> None:
    expected = [
        ("https://krant.example/rss?a=1&b=2", ("news", "Europe", "Nederland", "Daily")),
        ("https://blatt.example/atom.xml", ("news", "Europe")),
        ("http://loose.example/rss", ("news",)),
        ("https://looser.example/rss", ("news",)),
    ]
    assert expand(LIST) == [
        FeedRequest(location, dataclasses.replace(SETTINGS, tags=tags, headers=())) for location, tags in expected
    ]  # fmt: skip


def addresses(body: str) -> list[str]:
    return [item.location for item in expand(f"<opml><body>{body}</body></opml>") if isinstance(item, FeedRequest)]


@pytest.mark.parametrize(
    "outline",
    [
        '<outline XMLURL="https://x.example/f"/>',
        "<outline XmlUrl = 'https://x.example/f'></outline>",
        '<Outline xmlUrl="https://x.example/f"/>',
        '<outline type="rss" url="https://x.example/f"/>',
        '<outline type="Atom" url="https://x.example/f"/>',
        '<outline type="rss" xmlUrl="" url="https://x.example/f"/>',
        '<o:outline o:xmlUrl="https://x.example/f"/>',
        '<outline text="a < b > c" xmlUrl="https://x.example/f"/>',
        '<outline xmlUrl="https://x.example/f" xmlUrl="https://y.example/f"/>',
        '<outline text="Caf&eacute; &nbsp;B" xmlUrl="https://x.example/f"/>',
        '<outline text="He said "no"" xmlUrl="https://x.example/f"/>',
        '<!-- <outline xmlUrl="https://y.example/f"/> --><outline xmlUrl="https://x.example/f"/>',
        "<outline xmlUrl=https://x.example/f></outline>",
    ],
)
def test_a_feed_is_found_however_its_outline_is_written(outline: str) -> None:
    assert addresses(outline) == ["https://x.example/f"]


@pytest.mark.parametrize(
    "outline",
    [
        '<outline type="link" url="https://x.example/"/>',
        '<outline url="https://x.example/"/>',
        '<outline type="include" url="https://x.example/list.opml"/>',
        '<outline htmlUrl="https://x.example/"/>',
    ],
)
def test_an_outline_of_another_kind_is_no_feed(outline: str) -> None:
    assert addresses(f'{outline}<outline xmlUrl="https://y.example/"/>') == ["https://y.example/"]


def test_a_namespace_changes_nothing() -> None:
    whole = '<opml xmlns="http://opml.org/spec2"><body><outline xmlUrl="https://x.example/f"/></body></opml>'
    prefixed = (
        '<o:opml xmlns:o="http://opml.org/spec2"><o:body><o:outline xmlUrl="https://x.example/f"/></o:body></o:opml>'
    )
    for text in (whole, prefixed):
        [request] = expand(text)
        assert isinstance(request, FeedRequest)


def test_what_is_commented_out_is_left_out_with_all_below() -> None:
    assert addresses(
        '<outline text="A" isComment="true"><outline xmlUrl="https://a.example/"><outline xmlUrl="https://b.example/"/>'
        '</outline></outline><outline text="C" isComment="false" xmlUrl="https://c.example/"/>'
        '<outline iscomment="TRUE" xmlUrl="https://d.example/"/>'
    ) == ["https://c.example/"]


def test_a_cut_list_gives_its_whole_outlines_and_a_reject() -> None:
    text = '<opml><body><outline xmlUrl="https://x.example/1"/><outline xmlUrl="https://x.example/2"/></body></opml>'
    for end in range(text.index("<outline"), len(text) - 1):
        *requests, reject = expand(text[:end])
        assert isinstance(reject, Reject)
        assert (reject.reason, reject.whole_source) == (Reason.TRUNCATED, not requests)
        assert len(requests) == text[:end].count("/>")


def test_an_outline_with_an_open_quote_costs_itself_only() -> None:
    [first, last, reject] = expand(
        '<opml><body><outline xmlUrl="https://x.example/1"/>\n<outline text="A xmlUrl="https://x.example/2"/>\n'
        '<outline xmlUrl="https://x.example/3"/></body></opml>'
    )
    assert isinstance(first, FeedRequest)
    assert isinstance(last, FeedRequest)
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.whole_source) == (Reason.CORRUPT, False)
    assert reject.payload == b'<outline text="A xmlUrl="https://x.example/2"/>'


def test_a_list_in_utf_16_is_read() -> None:
    assert expand(LIST.replace("UTF-8", "UTF-16").encode("utf-16")) == expand(LIST)


@pytest.mark.parametrize(
    "address", ["/etc/passwd", "file:///etc/passwd", "../feed.xml", "ftp://x.example/f", "javascript:alert(1)"]
)
def test_a_list_opens_no_files(address: str) -> None:
    [reject, request] = expand(
        f'<opml><body><outline xmlUrl="{address}"/><outline xmlUrl="https://x.example/"/></body></opml>'
    )
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.source_uri, reject.whole_source) == (
        Reason.FORBIDDEN_ADDRESS,
        "https://***@lists.example/l.opml",
        False,
    )
    assert address in reject.detail
    assert isinstance(request, FeedRequest)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ('<!DOCTYPE opml [<!ENTITY a "b"><!ENTITY c "&a;">]><opml/>', Reason.ENTITY_EXPANSION),
        ('<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body/></opml>', Reason.ENTITY_EXPANSION),
        ("<opml><body><outline></body></opml>", Reason.EMPTY),
        ('<opml><body><outline text="x"/>', Reason.TRUNCATED),
        ("<rss/>", Reason.NOT_A_FEED),
        ("", Reason.NOT_A_FEED),
        ('<opml><body><outline text="x"/></body></opml>', Reason.EMPTY),
    ],
)
def test_a_list_that_cannot_be_used_is_one_reject(data: str, reason: Reason) -> None:
    [reject] = expand(data)
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.whole_source, reject.payload) == (reason, True, data.encode())


def test_a_deeply_nested_list_is_read_with_its_outer_folders() -> None:
    depth = 20_000
    folders = "".join(f'<outline text="{number}">' for number in range(depth))
    [request] = expand(
        f'<opml><body>{folders}<outline xmlUrl="https://x.example/"/>{"</outline>" * depth}</body></opml>'
    )
    assert isinstance(request, FeedRequest)
    assert request.settings.tags == ("news", *map(str, range(49)))


@pytest.mark.parametrize(
    ("data", "expected"),
    [(LIST, True), ("\n<!-- <rss> --><OPML>", True), ("<rss><opml/></rss>", False), ("opml", False)],
)
def test_a_list_is_known_by_its_root(data: str, expected: bool) -> None:
    assert is_opml(data.encode()) is expected


def test_entities_that_stand_for_plain_text_are_resolved() -> None:
    entities = '<!DOCTYPE opml [<!ENTITY nbsp "&#160;"><!ENTITY host "x.example">]>'
    [request] = expand(f'{entities}<opml><body><outline text="A&nbsp;B" xmlUrl="https://&host;/f"/></body></opml>')
    assert isinstance(request, FeedRequest)
    assert request.location == "https://x.example/f"
