import pytest

from newslake.transforms.feeds import dialects
from newslake.transforms.feeds.repair import balance_tags, declare_prefixes, end_tags, repair_text
from newslake.transforms.feeds.xml import is_well_formed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&T and R&D: a Q&A;", "AT&amp;T and R&amp;D: a Q&amp;A;"),
        ("?x=1&copy=2&lang=en&sect=3", "?x=1&amp;copy=2&amp;lang=en&amp;sect=3"),
        ('<a href="?a=1&b=2">x</a>', '<a href="?a=1&amp;b=2">x</a>'),
        ("&amp; &lt; &#233; &#xE9; &quot;", "&amp; &lt; &#233; &#xE9; &quot;"),
        ("&#X41;", "&#x41;"),
        ("caf&eacute;&nbsp;&hellip;", "caf&#233;&#160;&#8230;"),
        ("&unknown; &", "&amp;unknown; &amp;"),
        ("<![CDATA[a & b &nbsp;]]> & c", "<![CDATA[a & b &nbsp;]]> &amp; c"),
        ("<!-- a & b --> & c", "<!-- a & b --> &amp; c"),
        ("<?php a & b ?> & c", "<?php a & b ?> &amp; c"),
        ("a\x0bb\x00c\ufffe", "abc"),
    ],
)
def test_references_become_what_a_parser_can_read(text: str, expected: str) -> None:
    assert repair_text(text, {}).text == expected


def test_entities_of_the_document_come_before_those_of_html() -> None:
    assert repair_text("&eacute;&paper;", {"paper": "Paper", "eacute": "E"}).text == "EPaper"


def test_what_is_lost_is_told() -> None:
    assert repair_text("a\x0b&#0;", {}).warnings == ("bad_character_reference", "control_character")
    assert repair_text("a & b", {}).warnings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<item><title>a</titel><link>x</link></item>", "<item><title>a</title><link>x</link></item>"),
        ("<item><title>a<link>x</link></item>", "<item><title>a</title><link>x</link></item>"),
        ("<item><description>a<br>b</description></item>", "<item><description>a&lt;br&gt;b</description></item>"),
        ("<item><description>a <x>b</description></item>", "<item><description>a <x>b</x></description></item>"),
        ("<entry><title type='xhtml'><b>a</title></entry>", "<entry><title type='xhtml'><b>a</b></title></entry>"),
        ("<item><title>2 < 3 <3</title></item>", "<item><title>2 &lt; 3 &lt;3</title></item>"),
        ('<item><m a="1 < 2" b="3"/></titl></item>', '<item><m a="1 &lt; 2" b="3"/></item>'),
        ("<item></link><title>a</title></item>", "<item><title>a</title></item>"),
        ("<item><a href=x y='1' y='2' z>b</a></item>", '<item><a href="x" y="1" z="">b</a></item>'),
        ("<item><TITLE>a</title></item>", "<item><TITLE>a</TITLE></item>"),
        ("<item><title><![CDATA[a<b]]></title></item>", "<item><title><![CDATA[a<b]]></title></item>"),
        ("<item><title>a[b[0]]>c</titel></item>", "<item><title>a[b[0]]&gt;c</title></item>"),
        ("<item><!-- a --><title>a</title></item>", "<item><title>a</title></item>"),
        ("<item><title>a", "<item><title>a</title></item>"),
    ],
)
def test_tags_are_made_to_fit(text: str, expected: str) -> None:
    balanced, stack = balance_tags(text)
    assert balanced + end_tags(stack) == expected
    assert is_well_formed(expected)


def test_prefixes_get_their_usual_namespaces() -> None:
    found = declare_prefixes('<rss version="2.0"><media:content a:b="1"/><xml:x/>', dialects.NAMESPACES)
    assert found == (
        '<rss xmlns:a="urn:undeclared:a" xmlns:media="http://search.yahoo.com/mrss" version="2.0">'
        '<media:content a:b="1"/><xml:x/>'
    )
