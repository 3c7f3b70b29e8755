import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.feeds.prolog import Prolog, read_prolog


def test_the_parts_of_a_prolog_are_found() -> None:
    doctype = (
        """<!DOCTYPE rss SYSTEM "a>b" [ <!-- ]> <!ENTITY no "x"> --> <?pi ]>?> """
        """<!ELEMENT e ANY> <!ENTITY a "]>"> <!ENTITY b '"'> ]>"""
    )
    text = f"\ufeff<?xml version='1.0'?> <!-- <feed> -->\n{doctype} <atom:feed x='1'>"
    start = text.index("<!DOCTYPE")
    assert read_prolog(text) == Prolog(
        "atom:feed", text.index("<atom:feed"), (start, start + len(doctype)), (("a", "]>"), ("b", '"'))
    )


@pytest.mark.parametrize(
    "text",
    ["", "text", "<", "< rss>", "<1>", "<!-- ", "<?xml ", "<!DOCTYPE rss [", '<!DOCTYPE rss "', "</rss>", "&a;<rss>"],
)
def test_a_text_that_is_not_xml_has_no_root(text: str) -> None:
    assert read_prolog(text).root is None


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY % p "x">',
        '<!ENTITY a SYSTEM "x">',
        '<!ENTITY a PUBLIC "x" "y">',
        "<!ENTITY>",
        '<!ENTITY a "x" NDATA y>',
        "<!ENTITY a %p;>",
    ],
)
def test_declarations_that_are_not_plain_are_told(declaration: str) -> None:
    assert read_prolog(f"<!DOCTYPE rss [{declaration}]><rss>").has_other_entities


@given(st.text(alphabet="<!->?[]\"' DOCTYPEN%aSM;="))
def test_any_text_has_a_prolog_inside_it(text: str) -> None:
    prolog = read_prolog(f"<!DOCTYPE {text}")
    assert 0 <= prolog.root_start <= len(text) + 10
