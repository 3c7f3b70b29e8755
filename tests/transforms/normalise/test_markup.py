import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.markup import FigureCaption, HtmlText, html_to_text, read_html
from newslake.transforms.normalise.text import plain_text


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
        (
            "a<script>alert('<p>x</p>')</script>b<style>p{}</style>c<template>t</template><noscript>n</noscript>d",
            "abcd",
        ),
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


STORY = "<p>The river rose for two days before the bridge at the mill gave way, and nobody was hurt.</p>"
STORY_TEXT = "The river rose for two days before the bridge at the mill gave way, and nobody was hurt."


@pytest.mark.parametrize(
    ("html", "text", "credit"),
    [
        ("<figure><img src=a.jpg alt=alt><figcaption>The bridge</figcaption></figure>", "The bridge", None),
        ("<FIGURE><IMG><FIGCAPTION>The bridge</FIGCAPTION></FIGURE>", "The bridge", None),
        (
            "<figure><figcaption>The<br>bridge,  <em>fallen</em>.</figcaption><img></figure>",
            "The bridge, fallen.",
            None,
        ),
        ("<figure><figcaption>The bridge</figcaption></figure>", "The bridge", None),
        (
            "<figure><img><figcaption>The bridge <span class='credit'>(Foto: ANP)</span></figcaption></figure>",
            "The bridge",
            "(Foto: ANP)",
        ),
        (
            "<figure><img><span class=copyright>AFP</span><figcaption>The bridge</figcaption></figure>",
            "The bridge",
            "AFP",
        ),
        ("<figure><img><figcaption>The bridge</figcaption><p class=source>AFP</p></figure>", "The bridge", "AFP"),
        ("<figure><img><figcaption><i itemprop='copyrightHolder'>AFP</i></figcaption></figure>", "", "AFP"),
        (
            "<figure><img><figcaption>Bridge <i class=author>A. B.</i><i class=agency>AFP</i></figcaption></figure>",
            "Bridge",
            "A. B. / AFP",
        ),
        ('<div class="wp-caption alignleft"><img><p class="wp-caption-text">The bridge</p></div>', "The bridge", None),
        ('[caption id="a" width="9"]<a href="x"><img></a> The bridge[/caption]', "The bridge", None),
        ("[caption caption='The bridge']<img>[/caption]", "The bridge", None),
        (
            '<table class="tr-caption-container"><tr><td><img><tr><td class="tr-caption">The bridge</table>',
            "The bridge",
            None,
        ),
        ('<div class="img_caption"><img><p>The bridge</p></div>', "The bridge", None),
        ('<figure class="caption caption-img"><img><figcaption>The bridge</figcaption></figure>', "The bridge", None),
        ("<div itemprop='description caption'>The bridge</div>", "The bridge", None),
        ('<img><p class="image__caption">The bridge</p>', "The bridge", None),
        ('<img><span class="storyPhotoCaption">The bridge</span>', "The bridge", None),
        ('<img><p class="pie-de-foto">El puente</p>', "El puente", None),
        ('<img><p class="foto-legenda">A ponte</p>', "A ponte", None),
        ('<img><p CLASS="Bildunterschrift">Die Br&uuml;cke</p>', "Die Brücke", None),
        ('<div class="caption">The bridge</div> <div class="credit">AFP</div>', "The bridge", "AFP"),
        ('<div class="credit">AFP</div> <div class="caption">The bridge</div>', "The bridge", "AFP"),
        ('<div class="caption">The bridge</div><p class="photo-credit">AFP</p>', "The bridge", "AFP"),
        ('<img><span class="credit">AFP</span>', "", "AFP"),
        ('<p class="photo-credit">AFP</p>', "", "AFP"),
        (
            "<figure><noscript class=caption><img></noscript>"
            "<b class=credit>AFP</b><figcaption>Bridge</figcaption></figure>",
            "Bridge",
            "AFP",
        ),
        ('<p class="caption-credit">AFP</p>', "", "AFP"),
    ],
)
def test_a_caption_is_set_apart_from_the_text(html: str, text: str, credit: str | None) -> None:
    assert read_html(html + STORY) == HtmlText(STORY_TEXT, (FigureCaption(text, credit),))
    assert read_html(STORY + html) == HtmlText(STORY_TEXT, (FigureCaption(text, credit),))
    assert read_html(STORY + html + "and on") == HtmlText(f"{STORY_TEXT}\n\nand on", (FigureCaption(text, credit),))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<table><caption>Levels</caption><tr><td>1</td></tr></table>", "Levels\n\n1"),
        ("<table><caption class=caption>Levels</caption><tr><td>1</td></tr></table>", "Levels\n\n1"),
        ("<p class='table-caption'>Levels</p>", "Levels"),
        ("<figure><blockquote>Alas.</blockquote><figcaption>A. Name</figcaption></figure>", "Alas.\n\nA. Name"),
        ("<figure><pre>1 + 1</pre><figcaption>Sum <i class=credit>A</i>.</figcaption></figure>", "1 + 1\n\nSum A."),
        ("<figure><img alt='not a caption'></figure>", ""),
        ("<figure><img><figcaption> <br></figcaption></figure>", ""),
        ("<figure><img><p>Of the text.</p></figure>", "Of the text."),
        ("<p class='captioned-story'>One.</p>", "One."),
        ("<p class='has-caption'>One.</p>", "One."),
        ("<p class='accredited'>One.</p>", "One."),
        ("<p class='legend'>One.</p>", "One."),
        ("<p class='credit'>One.</p>", "One."),
        ("<p class='author'>One.</p>", "One."),
        ("<p class='caption-container'>One.</p>", "One."),
        ("[caption] is a shortcode", "[caption] is a shortcode"),
    ],
)
def test_a_caption_that_is_not_a_figures_stays_in_the_text(html: str, text: str) -> None:
    assert read_html(STORY + html) == HtmlText(f"{STORY_TEXT}\n\n{text}".strip(), ())


def test_captions_keep_their_order_and_their_own_credits() -> None:
    gallery = (
        "<figure><figure><img><figcaption>One<b class=credit>A</b></figcaption></figure>"
        "<figure><b class=credit>B</b><img><figcaption>Two</figcaption></figure>"
        "<figure><img><figcaption>Three</figcaption></figure><figcaption>All of them</figcaption></figure>"
    )
    captions = (
        FigureCaption("One", "A"),
        FigureCaption("Two", "B"),
        FigureCaption("Three", None),
        FigureCaption("All of them", None),
    )
    assert read_html(gallery + STORY).captions == captions


def test_a_credit_after_a_picture_is_not_that_of_the_picture_before() -> None:
    html = "<img><p class=caption>One</p><img><p class=credit>AFP</p>"
    assert read_html(html + STORY).captions == (FigureCaption("One", None), FigureCaption("", "AFP"))


@pytest.mark.parametrize(
    "html",
    [
        f"<div class=caption>{STORY}</div><p>Short.</p>",
        f"<figure><figcaption>Never closed {STORY * 8}",
        f"<figure><img><figcaption>{STORY * 30}</figcaption></figure>{STORY * 60}",
        "<figure><img><figcaption>Nothing else is there.</figcaption></figure>",
        "<p class=credit>" + "A credit is short. " * 40 + "</p>" + STORY * 20,
    ],
)
def test_an_element_with_most_of_the_text_is_no_caption(html: str) -> None:
    assert read_html(html) == HtmlText(html_to_text(html), ())


def test_headlines_and_descriptions_keep_captions_in_place() -> None:
    assert html_to_text("a<figure><img><figcaption>b</figcaption></figure>c") == "a\n\nb\n\nc"


@pytest.mark.parametrize(
    "hidden", ["hidden", "hidden=until-found", 'style="color:red;display: none !important"', "STYLE='DISPLAY:NONE'"]
)
def test_hidden_elements_are_not_text(hidden: str) -> None:
    html = f"<p>seen <b {hidden}>not <i class=caption>so</i></b> and seen</p>{STORY}"
    assert read_html(html) == HtmlText(f"seen and seen\n\n{STORY_TEXT}", ())
    assert html_to_text(html) == f"seen and seen\n\n{STORY_TEXT}"


def test_words_for_hiding_in_other_places_hide_nothing() -> None:
    html = "<p style='display:block'>a hidden <i aria-hidden=true>path</i> </p><p class='hidden'>display: none</p>"
    assert read_html(html).text == html_to_text(html) == "a hidden path\n\ndisplay: none"


@pytest.mark.parametrize(
    "style",
    [
        "display:none;display:block",
        "x-display:none",
        "--display: none",
        "display:none;DISPLAY : inline !important;display:none",
        "/*display:none*/",
    ],
)
def test_a_style_hides_nothing_if_its_last_display_is_not_none(style: str) -> None:
    html = f'<p>seen <b style="{style}">and this</b></p>{STORY}'
    assert read_html(html).text.startswith("seen and this")


@pytest.mark.parametrize(
    "style",
    ["display:block;display:none", "display:none!important;display:block", "/* off */ display :none ; color:red"],
)
def test_a_style_hides_if_its_last_display_is_none(style: str) -> None:
    html = f'<p>seen <b style="{style}">not this</b></p>{STORY}'
    assert read_html(html).text == html_to_text(html) == f"seen\n\n{STORY_TEXT}"


def test_titles_of_drawings_and_formulas_are_not_text() -> None:
    svg = "<svg><title>Icon</title><g><SVG><desc>An icon</desc></SVG><text>42 %</text></g><metadata>x</metadata></svg>"
    formula = '<math><mi>x</mi><annotation encoding="application/x-tex">\\x</annotation></math>'
    assert html_to_text(f"<p>Turnout {svg} and {formula} rose</p>") == "Turnout 42 % and x rose"
    assert html_to_text("<p>A <desc>story</desc></p>") == "A story"


def test_a_zero_width_space_is_no_text() -> None:
    assert html_to_text("<p>&#8203;</p>") == html_to_text("&#8203;") == ""


def test_a_hidden_element_with_most_of_the_text_is_text() -> None:
    assert read_html(f"<p>Read on</p><div style='display:none'>{STORY}</div>").text == f"Read on\n\n{STORY_TEXT}"


def test_preformatted_text_keeps_its_lines() -> None:
    html = "<p>a\nb</p><pre><b\nclass=x>first</b>\n  second,\tindented\n\nthird\n</pre>c\nd"
    assert read_html(html).text == html_to_text(html) == "a b\n\nfirst\nsecond, indented\n\nthird\n\nc d"


def test_text_in_a_cdata_section_is_text() -> None:
    assert html_to_text("<![CDATA[First<p>second]]>") == "First\n\nsecond"


@pytest.mark.parametrize(
    "html",
    [
        "<div class=caption>" * 40_000 + "<p>text",
        "<figure>" * 1_900 + "<figcaption>text</figcaption>" * 2_000,
        "<figure><img><figcaption>text</figcaption></figure>" * 20_000 + STORY,
        "<div><img></div><p class=credit>text</p>" * 20_000 + STORY,
        "[caption]" * 100_000 + "<p>text[/caption]",
        "<p hidden>" * 1_900 + "text " * 10_000,
        "<p>text" + "<pre>\n" * 50_000,
        "text<br>" * 100_000,
        f"<p title='{'a ' * 5_000_000}'>text</p>",
        f"<p class='{'caption ' * 100_000}'>text</p>",
        "<p>text" + "\x00<p>\ud800" * 10_000,
    ],
)
def test_huge_and_broken_html_loses_no_text(html: str) -> None:
    read = read_html(html)
    words = " ".join([read.text, *[f"{caption.text} {caption.credit}" for caption in read.captions]])
    assert words.count("text") == html.count("text")


@pytest.mark.parametrize(
    "forged",
    [
        "&#xFDD3;",
        "&#xFDDB;",
        "&#xFDD5;a&#xFDDB;&#xFDDB;",
        "\ufdd3",
        "\ufddb",
        "&#x1e;",
        "&#xffff;",
        "&#xfd&#xfddb;d3;",
        "&#064979",
    ],
)
def test_forged_marks_lose_no_text(forged: str) -> None:
    read = read_html(f"<p class=caption>one{forged}</p>two{forged}<i class=credit>three</i>{forged} four{STORY}")
    words = " ".join([read.text, *[f"{caption.text} {caption.credit}" for caption in read.captions]])
    assert all(word in words for word in ("one", "two", "three", "four", STORY_TEXT))


PIECES = """
< > <p> </p> <br> <div <!-- --> <pre> <script> </script> </html> &amp; &#0; &#x1e; &#xfdd3; &#xfddb;
x yy é <![CDATA[ ]]> <figure> </figure> <img> <figcaption> </figcaption>
<b|hidden> <p|class=caption> <p|class=credit> [caption] [/caption]
<noscript|hidden> </noscript> <style|class=caption> </style>
"""
MARKUP = st.lists(
    st.sampled_from([piece.replace("|", " ") for piece in PIECES.split()]) | st.sampled_from(" \n&\ud800\ufddb")
).map("".join)


@given(MARKUP | st.text())
def test_any_html_has_a_text_in_its_one_form(html: str) -> None:
    read = read_html(html)
    assert plain_text(read.text) == read.text
    assert plain_text(html_to_text(html)) == html_to_text(html)
    for caption in read.captions:
        assert caption.text or caption.credit
        assert "\n" not in caption.text + (caption.credit or "")


@given(MARKUP)
def test_words_that_leave_the_text_are_in_the_captions(html: str) -> None:
    read = read_html(html)
    lifted = "".join([caption.text + (caption.credit or "") for caption in read.captions])
    whole = html_to_text(html)
    for letter in "xyé":
        assert read.text.count(letter) + lifted.count(letter) == whole.count(letter)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><noembed><a href=x>b</a></noembed><noframes><p>c</p></noframes><p>d</p>", "a\n\nd"),
        ("a<iframe src=x><p>No frames</p></iframe>b", "ab"),
        ("<p>a</p><iframe src='x'/><p>b</p>", "a\n\nb"),
        ("<p>a</p><IFRAME src='x'><p>b</p>", "a\n\nb"),
        ("a <textarea><b>copy</b> this</textarea>", "a copy this"),
    ],
)
def test_tags_that_a_browser_reads_as_text_leave_no_tags(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_a_frame_with_a_caption_is_a_figure() -> None:
    read = read_html("<figure><iframe src=x>no</iframe><figcaption>The film</figcaption></figure>It rained.")
    assert read == HtmlText("It rained.", (FigureCaption("The film", None),))


def test_many_open_frames_take_no_time() -> None:
    assert html_to_text("a" + "<iframe>b" * 20_000).count("b") == 20_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("The ferry<sup>1</sup> is late.", "The ferry 1 is late."),
        ("It is late.<sup><a href='#f'>[2]</a></sup>", "It is late. [2]"),
        ("5 km<sup>2</sup>, 10<sup>6</sup>, the 1<sup>st</sup>", "5 km2, 106, the 1st"),
    ],
)
def test_the_mark_of_a_footnote_does_not_glue_to_a_word(html: str, text: str) -> None:
    assert html_to_text(html) == text
