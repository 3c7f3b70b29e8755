import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.normalise.text import html_to_text, one_line, plain_text, word_count


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("One line.", "One line."),
        ("Two  spaces,\ta tab", "Two spaces, a tab"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\n\nFirst.\n \t\n\n\nSecond. \n third\n", "First.\n\nSecond.\nthird"),
        ("no\u00a0break and\u2009thin\u3000wide", "no break and thin wide"),
        ("first\u2029second\u2028third", "first\n\nsecond\nthird"),
        ("nul\x00l, bell\x07, \x1bescape, delete\x7f, \x9cc1", "null, bell, escape, delete, c1"),
        ("\ufeffbom, soft\u00adhyphen", "bom, softhyphen"),
        ("evil \u202etxt.exe\u202c \u2066x\u2069", "evil txt.exe x"),
        ("cafe\u0301", "caf\u00e9"),
        ("lone \ud83d half", "lone \ufffd half"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_plain_text_has_one_form(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_a_headline_is_one_line() -> None:
    assert one_line(" Rain\n\n and  wind\r\n") == "Rain and wind"
    assert one_line("Rain and wind") == "Rain and wind"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain & simple", "plain & simple"),
        ("first\n\nsecond &amp; last", "first\n\nsecond & last"),
        ("<p>First <b>bold</b>\n line.</p>\n<p>Second&nbsp;one.</p>", "First bold line.\n\nSecond one."),
        ("<P>First<P>Second", "First\n\nSecond"),
        ("one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour"),
        ("one<br><br>two", "one\n\ntwo"),
        ("before<div>inside</div>after", "before\n\ninside\n\nafter"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
        ("wo<b>r</b>d <a href='/?a=1&b=<p>'>link</a>.", "word link."),
        ("a<script>alert('<p>x</p>')</script>b<style>p{}</style>c<template>t</template><noscript>n</noscript>d", "abcd"),
        ("<!-- <p>hidden</p> -->seen<?php echo ?>", "seen"),
        ("<html><head><title>T</title></head><body><p>x</p></body></html><p>joined", "x\n\njoined"),
        ("&lt;p&gt; &eacute; &#233; &#x2019; &unknown;", "<p> é é ’ &unknown;"),
        ("<i>&lt;p&gt;</i> &eacute; &#x2019;", "<p> é ’"),
        ("3 < 5 and 5 > 3, I <3 you", "3 < 5 and 5 > 3, I <3 you"),
        ("<p-card>one</p-card> two", "one two"),
        ("<?xml version='1.0' encoding='latin-1'?><p>é</p>", "é"),
        ("<p>a\x00b\ufdd0c</p>", "abc"),
        ("<p>\ud800x</p>", "\ufffdx"),
        ("<>", "<>"),
        ("<br>", ""),
    ],
)
def test_html_reads_as_in_a_browser(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize("depth", [200, 1_500, 10_000])
def test_no_text_is_lost_however_deep_it_is_nested(depth: int) -> None:
    html = "<div>" * depth + "deep<script>no</script> <b>text</b>" + "</div>" * depth + "<p>after</p>"
    assert html_to_text(html).split() == ["deep", "text", "after"]


def test_a_long_text_comes_back_whole() -> None:
    paragraphs = [f"Paragraph {number} of a long story." for number in range(30_000)]
    assert html_to_text("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)) == "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("word", 1),
        ("Two words.\n\nThen four more words\nand three more.", 9),
        ("Dürer’s café – open", 4),
        ("東京都は雨", 5),
        ("東京、大阪。", 4),
        ("도쿄에 비가 온다", 3),
        ("iPhone 15が発売", 5),
        ("ตลาดหุ้น", 2),
        ("ตลาด NATO", 2),
    ],
)
def test_words_are_counted_by_the_rules_of_the_script(text: str, words: int) -> None:
    assert word_count(text) == words


ODD = st.text(alphabet=st.sampled_from(" \t\n\r\x00\x1c\x85\u00a0\u00ad\u2028\u2029\u202e\u3000\u0301\ufdd0ae\ud800東ก")) | st.text()
MARKUP = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "<p>",
            "</p>",
            "<br>",
            "<div",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "</html>",
            "&",
            "&amp;",
            "&#0;",
            "&#x1e;",
            "x",
            " ",
            "\n",
        ]
    )
).map("".join)


@given(ODD)
def test_plain_text_is_its_own_plain_text(text: str) -> None:
    plain = plain_text(text)
    assert plain_text(plain) == plain
    assert unicodedata.is_normalized("NFC", plain)
    assert "\n\n\n" not in plain
    assert plain == plain.strip()
    plain.encode()


@given(ODD | MARKUP)
def test_any_html_has_a_text(html: str) -> None:
    text = html_to_text(html)
    assert plain_text(text) == text


@given(st.text(alphabet=" \nab,"))
def test_words_of_ascii_are_what_stands_between_spaces(text: str) -> None:
    plain = plain_text(text)
    assert word_count(plain) == len(plain.split())
