import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.feeds import pieces
from newslake.transforms.feeds.pieces import Piece, cut_feed

HEAD = "<rss><channel><title>Paper</title>"
TAIL = "</channel></rss>"


def entries(text: str, block: int = 1_000_000) -> list[str]:
    """The text of each entry of a feed that comes in blocks of some size."""
    _, *parts = cut_feed(text[at : at + block] for at in range(0, len(text), block))
    return [part.text[start:end] for part in parts if isinstance(part, Piece) for start, end in part.entries]


def item(content: str) -> str:
    return f"<item>{content}</item>"


def test_a_feed_is_cut_into_its_head_its_entries_and_its_tail() -> None:
    head, piece = cut_feed([f"{HEAD}{item('a')} <x/> {item('b')}{TAIL}"])
    assert head == HEAD
    assert isinstance(piece, Piece)
    assert [piece.text[start:end] for start, end in piece.entries] == ["<item>a</item>", "<item>b</item>"]
    assert piece.tail == TAIL


@given(st.integers(1, 200))
def test_blocks_of_any_size_give_the_same_entries(block: int) -> None:
    feed = (
        f"{HEAD}{item('<![CDATA[<item>no</item>]]>')}<!-- <item>no</item> -->{item('b')}<item x='1'/>{item('d')}{TAIL}"
    )
    assert entries(feed, block) == [
        "<item><![CDATA[<item>no</item>]]></item>",
        "<item>b</item>",
        "<item x='1'/>",
        "<item>d</item>",
    ]


def test_a_large_feed_comes_in_pieces_and_none_of_its_entries_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_CHARS", 100)
    feed = HEAD + "".join(item(f"<title>{number}</title>") for number in range(1_000)) + TAIL
    parts = list(cut_feed(feed[at : at + 64] for at in range(0, len(feed), 64)))
    assert len(parts) > 100
    assert entries(feed, 64) == [item(f"<title>{number}</title>") for number in range(1_000)]
    assert [part.tail for part in parts if isinstance(part, Piece)][-1] == TAIL


@pytest.mark.parametrize(
    ("name", "broken", "expected"),
    [
        ("no section follows", item("<t><![CDATA[x</t>") + item("b"), [item("<t><![CDATA[x]]></t>"), item("b")]),
        (
            "a section follows",
            item("<t><![CDATA[x</t>") + item("<![CDATA[y]]>"),
            [item("<t><![CDATA[x]]></t>"), item("<![CDATA[y]]>")],
        ),
        (
            "a section follows in the same entry",
            item("<t><![CDATA[x</t><d><![CDATA[y]]></d>"),
            [item("<t><![CDATA[x]]></t><d><![CDATA[y]]></d>")],
        ),
        ("between entries", item("a") + "<![CDATA[" + item("b"), [item("a"), item("b")]),
        ("a comment", item("a <!-- b") + item("c"), [item("a  b"), item("c")]),
        ("a comment that another one ends", item("a <!-- b") + item("<!-- c -->"), [item("a  b"), item("<!-- c -->")]),
    ],
)
def test_what_is_never_closed_swallows_no_other_entry(name: str, broken: str, expected: list[str]) -> None:
    assert entries(f"{HEAD}{broken}{TAIL}") == expected


def test_instructions_and_sections_in_any_case_hide_what_they_hold() -> None:
    feed = f"{HEAD}<?php echo '<item>no</item>' ?>{item('a')}{item('<![cdata[<item>no</item>]]>')}<? {item('b')}{TAIL}"
    assert entries(feed) == [item("a"), item("<![CDATA[<item>no</item>]]>"), item("b")]


def test_a_flood_of_openings_is_cut_in_one_step() -> None:
    flood = "<![CDATA[" * 50_000
    assert entries(f"{HEAD}<item><t>{flood}</t></item>{item('b')}{TAIL}")[-1] == item("b")


def test_a_section_may_hold_the_code_of_a_feed() -> None:
    code = item("<![CDATA[<item>a</item><item>b</item><!-- c -->]]>")
    assert entries(f"{HEAD}{code}{item('d')}{TAIL}") == [code, item("d")]


def test_an_entry_without_an_end_tag_ends_where_the_next_one_starts() -> None:
    assert entries(f"{HEAD}<item>a<item>b</item>{TAIL}") == ["<item>a", "<item>b</item>"]


def test_a_tag_in_an_attribute_is_no_entry() -> None:
    link = '<a href="https://p.example/?q=<item>&r=</item>" type="x"/>'
    assert entries(f"{HEAD}{item(link)}{item('b')}{TAIL}") == [item(link), item("b")]
    assert entries(f'{HEAD}<item><a href="https://p.example/{item("b")}{TAIL}')[1:] == [item("b")]


@pytest.mark.parametrize("tag", ["items", "itemprop", "media:item", "gd:entry", "item-list"])
def test_other_elements_are_no_entries(tag: str) -> None:
    assert entries(f"{HEAD}<{tag}>x</{tag}>{item('a')}<{tag}>y</{tag}>{TAIL}") == [item("a")]


@pytest.mark.parametrize(
    "head",
    [
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom">',
        '<rss><channel xmlns:a="http://purl.org/rss/1.0/">',
        "<rss><a:channel>",
    ],
)
def test_entries_may_have_the_prefix_of_their_feed(head: str) -> None:
    assert entries(f"{head}<a:entry>x</a:entry><A:ITEM/><a:item/></a:feed>") == ["<a:entry>x</a:entry>", "<a:item/>"]


def test_an_entry_that_never_ends_takes_no_endless_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MAX_ENTRY_CHARS", 1_000)
    monkeypatch.setattr(pieces, "PIECE_CHARS", 100)
    found = entries(f"{HEAD}{item('a')}<item>{'x' * 5_000}</item>{item('b')}{TAIL}", 100)
    assert found[0] == item("a")
    assert 1_000 < len(found[1]) <= 1_200
    assert found[2:] == [item("b")]
