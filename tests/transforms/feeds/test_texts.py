import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.feeds.texts import Text, body_text, has_text, plain_title, title_text, unescape_once


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        # words in angle brackets
        *(
            (title, title)
            for title in ("List<int>", "Optional<T> and Result<T, E>", "a<b", "p<0.05 result", "I <3 you")
        ),
        *((title, title) for title in ("user <ann@x.example> wrote", "Use of <script>", "<canvas> basics", "A <-- B")),
        *((title, title) for title in ("Why </body> matters", "<!DOCTYPE> history", "x <y and z> w", "Ends with <")),
        *((title, title) for title in ("add a blocker for <texlive-2023", "<hello-world>", "The <b> tag", "<p>Alone")),
        ("</i>Late<i>", "</i>Late<i>"),
        # markup
        ("<i>Hamlet</i> returns", "Hamlet returns"),
        ("<I CLASS='x'>Hamlet</I> returns", "Hamlet returns"),
        ("<b><i>Crossed</b></i>", "Crossed"),
        ("H<sub>2</sub>O", "H2O"),
        ("One<br>two<br/>three<wbr>four", "One two threefour"),
        ("<p>One</p><p>two</p>", "One two"),
        ('Map <img src="x.png" alt="y"> of it', "Map of it"),
        ("Post<script>var a=1;</script><style>p {}</style><!-- x -->", "Post"),
        ("<b>The <i> tag</b>", "The <i> tag"),
        ("<![CDATA[Wrapped twice]]>", "Wrapped twice"),
        # references
        ("Tom &amp; Ann &lt;3", "Tom & Ann <3"),
        ("Use of &lt;div&gt; in pages", "Use of <div> in pages"),
        ("A &#8220;word&#x201D; &eacute;", "A “word” é"),
        ("AT&T, R&D and Q&A;", "AT&T, R&D and Q&A;"),
        ("x?a=1&copy=2&lt=3", "x?a=1&copy=2&lt=3"),
        ("Late&nbsp", "Late"),
        ("&amp;amp; once", "&amp; once"),
        ("Two\n  lines", "Two lines"),
    ],
)
def test_only_what_is_markup_leaves_a_title(title: str, plain: str) -> None:
    assert plain_title(title) == plain


@given(st.text(alphabet="ab <>/!-&;i", max_size=60))
def test_letters_of_a_title_outside_tags_stay(title: str) -> None:
    assert plain_title(html.escape(title)) == " ".join(title.split())


@given(st.text())
def test_any_title_is_read(title: str) -> None:
    assert "\n" not in plain_title(title)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # escaped twice: a block, a link, or references alone
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "<p>One</p><p>two</p>"),
        ('&lt;img src="x.png"&gt; One', '<img src="x.png"> One'),
        (
            'To &lt;a href="https://x.example"&gt;Ann&lt;/a&gt;.\nYes',
            'To <a href="https://x.example">Ann</a>.<br>\nYes',
        ),
        ("Rain for Kestwick &amp;amp; Vale", "Rain for Kestwick &amp; Vale"),
        # texts about HTML, and texts with markup, stay
        *((text, text) for text in ("Use &lt;b&gt; for &lt;/b&gt;", "A &lt;p&gt; element", "&lt;p&gt; opens")),
        *((text, text) for text in ("<p>Use &lt;p&gt;x&lt;/p&gt;</p>", "5 &lt; 6 &amp; 7", "Fish &amp; chips", "Rain")),
    ],
)
def test_markup_is_unescaped_again_only_if_it_was_escaped_twice(text: str, expected: str) -> None:
    assert body_text(text, is_markup=True) == Text(expected, True)


@pytest.mark.parametrize(
    ("text", "is_untyped", "expected"),
    [
        ("<p>One</p>", False, Text("<p>One</p>", True)),
        ("&lt;p&gt;One&lt;/p&gt;", False, Text("<p>One</p>", True)),
        ("One<p>two</p>", True, Text("One<p>two</p>", True)),
        ("One<p>two</p>", False, Text("One<p>two</p>", False)),
        ("5 < 6 & <b>not bold</b>", True, Text("5 < 6 & <b>not bold</b>", False)),
        ("Late&nbsp;again", False, Text("Late\xa0again", False)),
    ],
)
def test_plain_text_of_atom_may_be_markup_all_the_same(text: str, is_untyped: bool, expected: Text) -> None:
    assert body_text(text, is_markup=False, is_untyped=is_untyped) == expected


def test_words_in_angle_brackets_stay_words_where_a_text_has_no_tags() -> None:
    assert body_text("vector<int> is a List<T> & x<y", is_markup=True) == Text(
        "vector&lt;int> is a List&lt;T> & x&lt;y", True
    )


@pytest.mark.parametrize(
    "text", ["List<int><br>", "<noindex>Late.</noindex>", "<image/>", "<font-face> x", "Late<o:p> again", "<x y='1'>"]
)
def test_tags_of_any_element_stay_tags(text: str) -> None:
    assert body_text(text, is_markup=True) == Text(text, True)


@pytest.mark.parametrize("word", ["null", "undefined"])
def test_a_programs_word_for_nothing_is_no_text(word: str) -> None:
    assert body_text(word, is_markup=True) is None
    assert body_text(word, is_markup=False) is None
    assert title_text(word, is_markup=True) is None
    assert body_text(f"{word} and void", is_markup=True) is not None


def test_pictures_are_no_text() -> None:
    assert not has_text(Text('<p><img src="x.png"></p>\n', True))
    assert has_text(Text("<img src='x.png'> x", True))
    assert has_text(Text("<p>", False))


@given(st.text())
def test_what_is_escaped_is_unescaped(text: str) -> None:
    assert unescape_once(html.escape(text)) == text
