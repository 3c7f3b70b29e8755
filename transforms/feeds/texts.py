"""Titles and texts of entries: which of them are HTML, and which were escaped too often."""

import html
import re
from dataclasses import dataclass
from html.entities import html5

from newslake.schemas.html import HTML_ELEMENTS


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_VOID = frozenset({"br", "img", "wbr"})
"""Elements without an end tag that stand in titles."""
_UNSEEN = frozenset({"script", "style"})
_INLINE = _words(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd mark nobr q s samp small span "
    "strike strong sub sup time tt u var wbr"
)
"""The words beside these tags belong together. Any other tag parts words."""

_MAX_TITLE_CHARACTERS = 10_000
"""A longer text is no title, and keeps its tags."""
_MAX_COMMENTS = 100
"""A title with more of them keeps them. Each that is never closed costs a look at all the rest."""
_COMMENT_OR_CDATA = re.compile(r"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>")
_REFERENCE = re.compile(
    r"&(?:#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});?|"
    r"(?P<name>[A-Za-z][A-Za-z0-9]{1,31}(?:;|(?![A-Za-z0-9=;]))))"
)

_NOTHING = frozenset({"null", "undefined", "(null)", "NULL"})
"""What programs write where they have no text."""
_TAG_START = re.compile(r"<[A-Za-z/!?]")
_NAMED_TAG = re.compile(r"<(?=(?P<name>[A-Za-z][\w:-]*))")
_MARKS_OF_TAGS = ("</", "/>", '="', "='")
_BLOCK_START = re.compile(
    r"\s*<(?:(?P<name>p|div|h[1-6]|ul|ol|dl|table|blockquote|figure|section|article|pre|center|header)|img|br|hr)"
    r"\b[^<>]*>",
    re.IGNORECASE,
)
_LINK = re.compile(r"<a\s(?=[^<>]*>)[^<>]*?\bhref\s*+=", re.IGNORECASE)
"""The start tag of a link up to its address. The tag ends, which is looked at first, so that a text
of many "href" takes no long time."""
_LINK_END = re.compile(r"</a\s*>", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:p|div|h[1-6]|ul|ol|dl|table|blockquote|figure|section|article|pre)\s*>", re.IGNORECASE)
_TEXT_AFTER_TAG = re.compile(r"(?:\A|>)\s*[^\s<]")


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and whether it is markup."""

    value: str
    is_html: bool


def title_text(title: str, *, is_markup: bool) -> Text | None:
    """Return the title of an entry; None if it is empty or a program's word for nothing.

    Atom tells whether a title is markup (RFC 4287 section 3.1.1), and many publishers escape its
    plain titles twice.
    """
    plain = plain_title(title) if is_markup else unescape_once(title)
    return None if not plain or plain in _NOTHING else Text(plain, False)


def body_text(text: str, *, is_markup: bool, is_untyped: bool = False) -> Text | None:
    """Return the summary or content of an entry; None if it is a program's word for nothing.

    RSS never tells the kind of a text, and most of its texts are markup. Atom tells it (RFC 4287
    section 3.1.1). A plain text of Atom that is escaped HTML all the same is read as HTML: if it
    begins with a block or a picture, or if its element has no type and it holds a block or a link.
    Publishers often escape plain texts twice (Blogger's summaries hold "&nbsp;"), so character
    references in them are resolved.

    ``is_markup`` is True for a text that is HTML by the rules of its format.
    """
    if text in _NOTHING:
        return None
    if is_markup:
        return Text(_unescaped_again(_with_words_kept(text)), True)
    shown = unescape_once(text)
    for value in (text, shown):
        if _is_block(value) or (is_untyped and (_holds_link(value) or _BLOCK_END.search(value))):
            return Text(value, True)
    return Text(shown, False)


def has_text(text: Text) -> bool:
    """Tell whether a text shows more than pictures."""
    return not text.is_html or _TEXT_AFTER_TAG.search(text.value) is not None


def _is_block(text: str) -> bool:
    """Tell whether a text begins with a block that is closed, or with a picture or a break."""
    start = _BLOCK_START.match(text)
    return start is not None and (start["name"] is None or f"</{start['name']}".lower() in text.lower())


def _holds_link(text: str) -> bool:
    start = _LINK.search(text)
    return start is not None and _LINK_END.search(text, start.end()) is not None


def _with_words_kept(markup: str) -> str:
    """Return HTML whose words in angle brackets stay words, if it is a plain text.

    RSS has plain texts in the same place as HTML: "vector<int> is a List<T>". HTML has an element
    of HTML, an end tag or an attribute. A name with a hyphen or a colon is that of an element as
    well: <amp-img>, <svg:path>.
    """
    if "<" not in markup or any(mark in markup for mark in _MARKS_OF_TAGS):
        return markup
    names = (tag["name"].lower() for tag in _NAMED_TAG.finditer(markup))
    if any(name in HTML_ELEMENTS or "-" in name or ":" in name for name in names):
        return markup
    return _NAMED_TAG.sub("&lt;", markup)


def _unescaped_again(markup: str) -> str:
    """Return HTML that was escaped twice as it was meant; other HTML as it is.

    HTML that was escaped twice has no tags, only their escapes. But so has a text about HTML, which
    must keep its tags as words: "Use &lt;b&gt; for bold". So the text is unescaped once more only
    if it then begins with a block, or holds a link. If it then has no tags but still references
    ("Kestwick &amp;amp; Vale"), these were escaped twice too.
    """
    if "&" not in markup or _TAG_START.search(markup):
        return markup
    shown = unescape_once(markup)
    if shown == markup or _is_block(shown):
        return shown
    if _holds_link(shown):
        return shown.replace("\n", "<br>\n")  # its lines are those of a plain text
    is_plain = _TAG_START.search(shown) is None
    return shown if is_plain and unescape_once(shown) != shown else markup


def plain_title(title: str) -> str:
    """Return the title of a feed or entry, which may hold HTML, as plain text on one line.

    A tag is markup if it is of a known HTML element and its end tag follows, or its start tag came
    before. The elements br, img and wbr need no end tag. Other words in angle brackets are words.
    Character references are resolved once.

    >>> plain_title("<i>Hamlet</i> returns &amp; wins"), plain_title("List<int> and a<b")
    ('Hamlet returns & wins', 'List<int> and a<b')

    RSS does not say whether a title is HTML (RSS Advisory Board, "RSS Best Practices Profile",
    section 4.1.1.20.1). Publishers write both kinds.
    """
    if "<" in title and len(title) <= _MAX_TITLE_CHARACTERS:
        if title.count("<!") <= _MAX_COMMENTS:
            title = _COMMENT_OR_CDATA.sub(r"\1", title)
        title = _without_tags(title)
    return " ".join(unescape_once(title).split())


def unescape_once(text: str) -> str:
    """Return ``text`` with its character references resolved.

    As in attributes of HTML, a name needs its semicolon before "=" or a letter: "?a=1&copy=2"
    stays (HTML Living Standard, section 13.2.5.73).
    """
    return _REFERENCE.sub(_resolved, text) if "&" in text else text


def _resolved(reference: re.Match[str]) -> str:
    return html5.get(reference["name"], reference[0]) if reference["name"] else html.unescape(reference[0])


def _without_tags(title: str) -> str:
    tags = list(_TAG.finditer(title))
    markup = _markup(tags)
    kept: list[str] = []
    position = unseen_until = 0
    for place, tag in enumerate(tags):
        if place not in markup:
            continue
        if position >= unseen_until:
            kept.append(title[position : tag.start()])
        name = tag["name"].lower()
        kept.append("" if name in _INLINE else " ")
        position = tag.end()
        if name in _UNSEEN and not tag["end"]:
            unseen_until = max(unseen_until, tags[markup[place]].end())
    kept.append(title[position:])
    return "".join(kept)


def _markup(tags: list[re.Match[str]]) -> dict[int, int]:
    """Return the places of the tags that are markup, each with the place of its other tag."""
    opened: dict[str, list[int]] = {}
    markup: dict[int, int] = {}
    for place, tag in enumerate(tags):
        name = tag["name"].lower()
        if name in _VOID:
            markup[place] = place
        elif name in HTML_ELEMENTS and not tag["end"]:
            opened.setdefault(name, []).append(place)
        elif opened.get(name):
            start = opened[name].pop()
            markup |= {start: place, place: start}
    return markup
