"""Turn HTML into plain text in paragraphs, with the captions of its figures apart.

The text is what a reader sees (HTML Living Standard). Block elements become paragraphs, ``br`` ends
a line, ``pre`` keeps its lines, and other white space folds to one space. Not text are scripts,
styles, templates, ``noscript``, comments, elements that the ``hidden`` attribute or an inline style
hides, and the titles and descriptions of drawings and formulas. Elements with ``aria-hidden`` are
text: a page hides them from screen readers only.
"""

import html as html_entities
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from newslake.schemas import codec
from newslake.transforms.normalise.text import one_line, plain_text

if TYPE_CHECKING:
    from lxml import etree

# These marks stand in the text for elements of the tree. They are noncharacters, which the Unicode
# Standard (section 23.7) reserves for internal use.
_PARAGRAPH, _LINE = "\ufdd0", "\ufdd1"
_PICTURE = "\ufdd2"
_HIDDEN, _FIGURE, _FIGURE_OF_TEXT, _CAPTION, _LIKELY_CAPTION, _CREDIT, _LIKELY_CREDIT, _ATTRIBUTION = map(
    chr, range(0xFDD3, 0xFDDB)
)
_END = "\ufddb"
_STARTS_AND_ENDS = re.compile("([\ufdd3-\ufddb])")
_ALL_MARKS = "".join(map(chr, range(0xFDD0, 0xFDDC)))
_BREAKS_AND_PICTURES = re.compile("[\ufdd0-\ufdd2]")
_FORGED_MARK = re.compile("&#(?:[xX]0*[fF][dD][dD][0-9a-bA-B]|0*649(?:7[6-9]|8[0-7]))(?![0-9a-fA-F]);?")
_ZERO_WIDTH_NO_BREAK_SPACE = "\ufeff"
"""Replaces a forged mark; ``plain_text`` drops it."""
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML does not allow (XML 1.0 section 2.2, Char)."""
_BLANK = " \t\n\r\f\u00a0" + _PARAGRAPH + _LINE
_BLANK_OR_MARK = _BLANK + _ALL_MARKS


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_BLOCKS = (
    "address article aside blockquote caption center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul"
)
_BREAKS = {"br": _LINE, "td": " ", "th": " "} | dict.fromkeys(_BLOCKS.split(), _PARAGRAPH)
_STARTS_WITH_BREAKS = {start + name: mark + start + name for name, mark in _BREAKS.items() for start in ("<", "</")}
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?=[\s/>])")
_LISTING = re.compile(r"(</?pre(?=[\s/>]))", re.IGNORECASE)
_DOCUMENT_END = re.compile(r"</(?:body|html)\s?>", re.IGNORECASE)
"""The parser stops at these tags, but joined documents have text behind them."""
_UNSEEN = ("head", "script", "style", "template", "noscript")
_UNSEEN_WITHIN = {"svg": ("title", "desc", "metadata"), "math": ("annotation", "annotation-xml")}
"""Parts of drawings and formulas for tooltips and machines (SVG 2 section 5.8, MathML Core section
4).

Elsewhere "title" and "desc" may be text of some XML.
"""
_RAW_START = re.compile(r"<(?P<name>iframe|noembed|noframes|textarea)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_RAW_END = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("iframe", "noembed", "noframes", "textarea")}
"""Elements whose tags are text to a browser (HTML Living Standard, section 13.2.5.2).

A browser shows the text of a textarea, and nothing of the others.
"""
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_FOOTNOTE_MARK = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?”»’]))(?=<sup\b[^<>]*>\s*+(?:<a\b[^<>]*>)?\s*+[\[(]?(?:\d{1,3}|[*†‡§])[\])]?\s*+"
    r"(?:</a>)?\s*+</sup>)",
    re.IGNORECASE,
)
"""The place between a word and the mark of its footnote. Units are shorter: "km²"."""
_SEEN_TAG = re.compile(rf"<(?!/?(?:{'|'.join(_UNSEEN)})\b)/?[A-Za-z][^<>]*>", re.IGNORECASE)
_MAX_DEPTH = 2_000
"""libxml2 gives up on a document that is nested deeper than 2,048 elements."""

_HIDING_STYLE = re.compile(r"display\s*:\s*none\b", re.IGNORECASE)
"""A quick first search; ``_hides`` then reads the style."""
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_HIDDEN_ATTRIBUTE = re.compile(r"[\s\"']hidden[\s=/>]", re.IGNORECASE)

_PICTURE_TAGS = (
    "img",
    "picture",
    "video",
    "audio",
    "iframe",
    "svg",
    "canvas",
    "object",
    "embed",
    "amp-img",
    "amp-video",
    "amp-iframe",
)

_CAPTION_WORDS = _words(
    "caption figcaption thumbcaption imagecaption imgcaption photocaption piccaption captiontext cutline "
    "bildunterschrift bildtext bildetekst billedtekst kuvateksti didascalia bijschrift"
)
"""Words in a class that make its element the caption of a picture.

HTML, WordPress, Drupal, Joomla, Blogger and TYPO3 say "caption" in every language. The last words
are those of sites whose class names are in their own language.
"""
_LEGEND_WORDS = _words("legend legende legenda leyenda pie")
"""These mean a caption only beside a word for a picture, because charts have legends too."""
_PICTURE_WORDS = _words("photo image img picture pic media foto bild video figure fig caption")
_INNER_WORDS = _words("text txt body content inner title description desc full holder notice line name")
"""These may follow a caption or credit word: "wp-caption-text", "caption__body", "copyrightHolder".
"""
_DENYING_WORDS = _words("no not has with without is table closed hide show toggle")
"""A class with one of these is ignored: "has-caption" describes the picture, and a table's caption
is part of the text.
"""
_CREDIT_WORDS = _words("credit credits copyright photographer creditline photocredit imagecredit")
_PICTURE_CREDIT_WORDS = _words("photographer photocredit imagecredit")
"""These always mean a picture's credit, because the text of an article has no such element."""
_ATTRIBUTION_WORDS = _words(
    "source author agency byline attribution rights quelle bildquelle fuente fonte bron fotograf fotografo"
)
"""Credits inside a figure or a caption. Anywhere else they are about the article."""
_SURE_CLASSES = _words("wp-caption wp-caption-text wp-element-caption tr-caption img_caption thumbcaption")
"""WordPress, Blogger, Joomla and MediaWiki set these themselves, and on captions only."""
_CLASSES = re.compile(r"class\s*=\s*[\"']?([^\"'>]*)")
_CLASS_HINTS = (
    "caption",
    *sorted(word for word in _CAPTION_WORDS | _LEGEND_WORDS | _CREDIT_WORDS if "caption" not in word),
)
"""Every class that alone makes a caption or a credit contains one of these, in lower case."""
_PARTING = re.compile(r"[-_:./]+|(?<=[a-z])(?=[A-Z])")
_NEVER_CAPTIONS = _words("article caption figure form main section table tbody tfoot thead tr")
_WHOLE_DOCUMENT = _words("html body")
_MAX_CLASS_CHARACTERS = 1_000

_SHORTCODE = re.compile(
    r"\[caption\b([^\[\]<>]*)\]((?:(?!\[/?caption\b).){0,5000}?)\[/caption\]", re.DOTALL | re.IGNORECASE
)
"""WordPress's shortcode for a picture and its caption, in feeds of posts that nothing has rendered.
"""
_SHORTCODE_TEXT = re.compile(r"\bcaption=(?:\"([^\"]*)\"|'([^']*)')")

_MAX_CAPTION_CHARACTERS = 2_000
_MAX_CREDIT_CHARACTERS = 300
_LONG_CAPTION_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class FigureCaption:
    """The caption of a figure, and the credit that the page marks in it, each as one line.

    ``text`` is "" if the page gives only a credit. ``credit`` is as printed, with its label and
    brackets: "(Photo: AFP)". If the page marks no credit, it is None, and ``text`` may end with
    one.
    """

    text: str
    credit: str | None


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The text of HTML as ``plain_text`` gives it, and the captions of its figures in their order.

    A caption is not repeated in the text.
    """

    text: str
    captions: tuple[FigureCaption, ...]


def read_html(html: str) -> HtmlText:
    """Return the text of an HTML fragment or document, with the captions of its figures apart.

    A caption is a ``figcaption``, an element whose class or ``itemprop`` calls it one, or
    WordPress's shortcode "[caption]". An ``alt`` is no caption, and neither is the title of a
    table.

    A caption stays in the text if its figure has text of its own and no picture, such as a
    quotation or a listing. It stays too if it is longer than a caption can be, or if there is no
    other text. A hidden element is left out, unless it holds most of the text, because a script
    will show it. If elements are nested more than 2,000 deep, captions and hidden elements stay.
    Any ``html`` is accepted, and nothing else that a reader sees is lost.

    >>> read_html("<figcaption>Rain <i class=credit>AFP</i></figcaption>It fell.")
    HtmlText(text='It fell.', captions=(FigureCaption(text='Rain', credit='AFP'),))
    """
    return _read(html, lifts_captions=True)


def html_to_text(html: str) -> str:
    """Return the text of HTML as ``plain_text`` gives it, with captions where they stand.

    For headlines and descriptions. Any ``html`` is accepted. Text without a tag keeps its lines.

    >>> html_to_text("<p>Bread &amp; butter</p><p>and<br>jam")
    'Bread & butter\\n\\nand\\njam'
    """
    return _read(html, lifts_captions=False).text


def _read(html: str, lifts_captions: bool) -> HtmlText:
    html = codec.scrub(html)
    if "[" in html:
        # In XML that was wrapped twice. HTML reads it as the start of a comment, and would lose the
        # text.
        if "<![CDATA[" in html:
            html = html.replace("<![CDATA[", "").replace("]]>", "")
        if "[/caption]" in html:
            html = _SHORTCODE.sub(_shortcode_as_html, html)
    if "<" not in html:
        return HtmlText(plain_text(html_entities.unescape(html)), ())
    html = html.replace("\x00", "")
    if not html.isascii() and any(mark in html for mark in _ALL_MARKS):
        html = html.translate(dict.fromkeys(map(ord, _ALL_MARKS)))
    if "&#" in html:
        html = _FORGED_MARK.sub(_ZERO_WIDTH_NO_BREAK_SPACE, html)
    if _has(html, "<iframe") or _has(html, "<no") or _has(html, "<textarea"):
        html = _without_raw_tags(html)
    if _has(html, "<sup"):
        html = _FOOTNOTE_MARK.sub(" ", html)
    html = _TAG.sub(_with_break, _DOCUMENT_END.sub(_PARAGRAPH, html))
    if _has(html, "<pre"):
        html = _with_lines_kept(html)
    if html.count("<") > _MAX_DEPTH and _is_too_deep(html):
        html = _SEEN_TAG.sub("", html)
    root = _parse(html)
    if root is None:
        return HtmlText("", ())
    may_lift = lifts_captions and _may_hold_captions(html)
    may_hide = _may_hide(html)
    if not (may_lift or may_hide):
        return HtmlText(_in_paragraphs(_text_of(root)), ())
    if may_hide:
        _mark_hidden(root)
    if may_lift:
        _mark_figures(root)
    text, captions = _set_apart(_text_of(root))
    return HtmlText(_in_paragraphs(text), captions)


def _has(html: str, word: str) -> bool:
    """Tell whether ``html`` has ``word`` in lower case or in upper case.

    Two searches are faster than one over ``html.lower()``.
    """
    return word in html or word.upper() in html


def _may_hold_captions(html: str) -> bool:
    """Tell fast whether ``html`` may hold captions; True may be wrong, False is always right.

    Most documents then need no search of their tree.
    """
    if _has(html, "figcaption") or "itemprop" in html or "CLASS" in html:
        return True
    classes = " ".join(_CLASSES.findall(html)).lower()
    return any(hint in classes for hint in _CLASS_HINTS)


def _may_hide(html: str) -> bool:
    """Tell fast whether ``html`` may hold hidden elements; True may be wrong, False is right."""
    if _has(html, "hidden") and _HIDDEN_ATTRIBUTE.search(html):
        return True
    return _has(html, "display") and _HIDING_STYLE.search(html) is not None


def _shortcode_as_html(shortcode: re.Match[str]) -> str:
    attributes, inside = shortcode.groups()
    text = _SHORTCODE_TEXT.search(html_entities.unescape(attributes))
    return f'<div class="wp-caption">{inside} {(text[1] or text[2] or "") if text else ""}</div>'


def _without_raw_tags(html: str) -> str:
    """Return HTML without the content of frames, and without the tags in a textarea.

    An element of these that is never closed is empty, because XML writes ``<iframe/>``.
    """
    kept: list[str] = []
    position = 0
    unclosed: set[str] = set()
    while start := _RAW_START.search(html, position):
        name = start["name"].lower()
        is_empty = start[0].endswith("/>") or name in unclosed
        end = None if is_empty else _RAW_END[name].search(html, start.end())
        if end is None and not is_empty:
            unclosed.add(name)
        inside = html[start.end() : end.start()] if end and name == "textarea" else ""
        kept += (html[position : start.start()], start[0].replace("/>", ">"), _ANY_TAG.sub(" ", inside), f"</{name}>")
        position = end.end() if end else start.end()
    return "".join(kept) + html[position:]


def _with_break(tag: re.Match[str]) -> str:
    start = tag[0]
    return _STARTS_WITH_BREAKS.get(start) or _STARTS_WITH_BREAKS.get(start.lower(), "")[:1] + start


def _with_lines_kept(html: str) -> str:
    pieces = _LISTING.split(html)
    for place in range(2, len(pieces), 2):
        if pieces[place - 1][1] != "/":
            # behind the line end and not instead of it, because the line end may stand inside a tag
            pieces[place] = pieces[place].replace("\n", "\n" + _LINE)
    return "".join(pieces)


@lru_cache(maxsize=1)
def _parser() -> "etree.HTMLParser[etree._Element]":
    # Imported only when HTML is read, because lxml takes longer to load than everything else here.
    from lxml import etree

    return etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)


def _parse(html: str) -> "etree._Element | None":
    from lxml import etree

    try:
        root = etree.fromstring(html.encode(), _parser())
    except etree.XMLSyntaxError:  # some versions of libxml2: only white space and comments
        return None
    if root is not None:
        etree.strip_elements(root, *_UNSEEN, with_tail=False)
        if next(root.iter(*_UNSEEN_WITHIN), None) is not None:
            _strip_unseen_within(root)
    return root


def _strip_unseen_within(root: "etree._Element") -> None:
    from lxml import etree

    outermost: list[etree._Element] = []
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=tuple(_UNSEEN_WITHIN)):
        if event == "start":
            if not depth:
                outermost.append(element)
            depth += 1
        else:
            depth -= 1
    for element in outermost:
        etree.strip_elements(element, *_UNSEEN_WITHIN[element.tag], with_tail=False)


def _is_too_deep(html: str) -> bool:
    from lxml import etree

    _parse(html)
    return any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in _parser().error_log)


def _text_of(root: "etree._Element") -> str:
    from lxml import etree

    return str(etree.tostring(root, method="text", encoding="unicode"))


def _in_paragraphs(marked: str) -> str:
    paragraphs = [" ".join(paragraph.split()) for paragraph in marked.split(_PARAGRAPH) if paragraph]
    text = "\n\n".join(
        [_with_lines(paragraph) if _LINE in paragraph else paragraph for paragraph in paragraphs if paragraph]
    )
    return plain_text(text)


def _with_lines(paragraph: str) -> str:
    return paragraph.replace(_LINE + " ", _LINE).replace(" " + _LINE, _LINE).replace(_LINE, "\n").strip("\n")


@lru_cache(maxsize=1)
def _searches() -> "tuple[etree.XPath, etree.XPath]":
    from lxml import etree

    return (
        etree.XPath("descendant-or-self::*[@hidden or contains(@style, 'one') or contains(@style, 'ONE')]"),
        etree.XPath("descendant-or-self::*[@class or @itemprop or self::figure or self::figcaption or self::img]"),
    )


def _mark_hidden(root: "etree._Element") -> None:
    for element in _searches()[0](root):
        if element.get("hidden") is not None or _hides(element.get("style")):
            _set_marks(element, _HIDDEN)


def _hides(style: str) -> bool:
    """Tell whether ``style`` hides its element: whether its last "display" is "none".

    An important declaration outweighs the others (CSS Cascading, section 6.1).

    >>> _hides("display: none"), _hides("display:none!important;display:flex")
    (True, True)
    >>> _hides("display:none;display:block"), _hides("x-display:none")
    (False, False)
    """
    hides = is_important = False
    for declaration in _CSS_COMMENT.sub(" ", style).lower().split(";"):
        name, _, value = declaration.partition(":")
        value, mark, importance = value.partition("!")
        if name.strip() != "display" or not value.strip():
            continue
        if mark and importance.strip() == "important":
            is_important = True
        elif is_important:
            continue
        hides = value.strip() == "none"
    return hides


def _mark_figures(root: "etree._Element") -> None:
    """Put marks around each figure, caption and credit; they stay in the text of the tree."""
    for element in _searches()[1](root):
        if element.tag == "img":
            element.tail = _PICTURE + _settable(element.tail)
        elif role := _role(element):
            _set_marks(element, role)


def _set_marks(element: "etree._Element", role: str) -> None:
    if element.tag not in _WHOLE_DOCUMENT:
        element.text = role + _settable(element.text)
        element.tail = _END + _settable(element.tail)


def _settable(text: str | None) -> str:
    """Return ``text`` without the characters that lxml refuses to set; white space becomes a space.

    References such as "&#30;" bring them into the tree.
    """
    if not text or (text.isascii() and text.isprintable()):
        return text or ""
    return _NOT_XML.sub(lambda character: " " if character[0].isspace() else "", text)


def _role(element: "etree._Element") -> str:
    tag = element.tag
    if tag == "figure":
        return _FIGURE if _shows_picture(element) else _FIGURE_OF_TEXT
    if tag == "figcaption":
        return _CAPTION
    if tag in _NEVER_CAPTIONS:
        return ""
    role = _role_by_class((element.get("class") or "")[:_MAX_CLASS_CHARACTERS])
    role = role or _role_by_class((element.get("itemprop") or "")[:_MAX_CLASS_CHARACTERS])
    return _CREDIT if role == _LIKELY_CREDIT and _follows_picture(element) else role


@lru_cache(maxsize=4096)
def _role_by_class(names: str) -> str:
    """Return the mark for the names in a ``class``, or "" if none means a caption or a credit.

    >>> _role_by_class("image__caption") == _role_by_class("photoCaption left") == _LIKELY_CAPTION
    True
    >>> _role_by_class("captioned-story"), _role_by_class("has-caption")
    ('', '')
    """
    roles = set()
    for name in names.split():
        parts = [part.lower() for part in _PARTING.split(name) if part]
        if not _DENYING_WORDS.isdisjoint(parts):
            continue
        while len(parts) > 1 and parts[-1] in _INNER_WORDS:
            parts.pop()
        *before, last = parts or [""]
        is_of_picture = not _PICTURE_WORDS.isdisjoint(before)
        if name in _SURE_CLASSES:
            roles.add(_CAPTION)
        elif (
            last in _CAPTION_WORDS
            or (last in _LEGEND_WORDS and is_of_picture)
            or (parts[:1] == ["pie"] and last in _PICTURE_WORDS)
        ):
            roles.add(_LIKELY_CAPTION)
        elif last in _CREDIT_WORDS:
            roles.add(_CREDIT if is_of_picture or last in _PICTURE_CREDIT_WORDS else _LIKELY_CREDIT)
        elif last in _ATTRIBUTION_WORDS:
            roles.add(_ATTRIBUTION)
    # "caption credit" is a credit, so credits come first
    return next(
        (role for role in (_CREDIT, _LIKELY_CREDIT, _CAPTION, _LIKELY_CAPTION, _ATTRIBUTION) if role in roles), ""
    )


def _shows_picture(element: "etree._Element") -> bool:
    return next(element.iter(*_PICTURE_TAGS), None) is not None


def _follows_picture(element: "etree._Element") -> bool:
    """Tell whether the element right before is a picture without text."""
    before = element.getprevious()
    if before is None or (before.tail or "").strip(_BLANK_OR_MARK) or not _shows_picture(before):
        return False
    return not any(str(text).strip(_BLANK_OR_MARK) for text in before.itertext())


@dataclass(frozen=True, slots=True)
class _Lifted:
    """A caption or a credit taken out of the text.

    ``raw`` is the text it came from, which goes back if ``is_sure`` is False.
    """

    raw: str
    text: str
    credit: str | None
    is_sure: bool = True


@dataclass(slots=True)
class _Open:
    """An element whose start mark was read, and whose end mark was not."""

    role: str
    is_in_figure: bool
    parts: list[str | _Lifted] = field(default_factory=list)
    size: int = 0
    """Characters of its text, without spaces."""


def _set_apart(marked: str) -> tuple[str, tuple[FigureCaption, ...]]:
    """Return the text without hidden elements and captions, and the captions.

    If nothing but captions is left, they stay in the text.
    """
    # Fold white space first, because nested elements would copy it again and again.
    pieces = _STARTS_AND_ENDS.split(" ".join(marked.split()))
    half = sum(map(_size, pieces[::2])) // 2
    elements = [_Open("", False)]
    for piece in pieces:
        element = elements[-1]
        if piece == _END:
            elements.pop()
            closed = _closed(element, half)
            elements[-1].parts += closed
            elements[-1].size += element.size if closed else 0
        elif _HIDDEN <= piece < _END:
            elements.append(_Open(piece, element.is_in_figure or piece in (_FIGURE, _CAPTION, _LIKELY_CAPTION)))
        elif piece:
            element.parts.append(piece)
            element.size += _size(piece)
    parts = _paired(elements[0].parts)
    captions = [part for part in parts if isinstance(part, _Lifted) and part.is_sure]
    text = "".join(
        [part if isinstance(part, str) else _PARAGRAPH if part.is_sure else part.raw for part in parts]
    ).replace(_PICTURE, "")
    if not text.strip(_BLANK) and any(caption.text for caption in captions):
        return _raw(parts), ()
    return text, tuple([FigureCaption(caption.text, caption.credit) for caption in captions])


def _size(text: str) -> int:
    return len(text) - text.count(" ") - text.count(_PICTURE)


def _raw(parts: list[str | _Lifted]) -> str:
    return "".join([part if isinstance(part, str) else part.raw for part in parts]).replace(_PICTURE, "")


def _one_line(marked: str) -> str:
    return one_line(_BREAKS_AND_PICTURES.sub(" ", marked))


def _closed(element: _Open, half: int) -> list[str | _Lifted]:
    """Return what stays of an element that ends: its parts, a caption, a credit, or nothing."""
    role, parts, size = element.role, element.parts, element.size
    if role == _HIDDEN:
        return parts if size > half else []
    if role == _FIGURE_OF_TEXT and any(isinstance(part, str) and part.strip(_BLANK) for part in parts):
        return [_raw(parts)]
    if role in (_FIGURE, _FIGURE_OF_TEXT):
        return [_PICTURE, *_paired_in_figure(parts), _PICTURE]
    if role in (_CAPTION, _LIKELY_CAPTION):
        limit = max(half, _LONG_CAPTION_CHARACTERS) if role == _CAPTION else half
        return parts if size > min(limit, _MAX_CAPTION_CHARACTERS) else [_caption(parts)]
    if size > _MAX_CREDIT_CHARACTERS or any(isinstance(part, _Lifted) and part.text for part in parts):
        return parts
    raw = _raw(parts)
    credit = _one_line(raw)
    if not credit or (role == _ATTRIBUTION and not element.is_in_figure):
        return [raw]
    return [_Lifted(raw, "", credit, is_sure=role == _CREDIT or element.is_in_figure)]


def _caption(parts: list[str | _Lifted]) -> str | _Lifted:
    raw = _raw(parts)
    text = _one_line("".join([part if isinstance(part, str) else part.text for part in parts]))
    named = [part.credit for part in parts if isinstance(part, _Lifted) and part.credit]
    return _Lifted(raw, text, _listed(named)) if text or named else raw


def _listed(names: list[str]) -> str | None:
    return " / ".join(dict.fromkeys(names)) or None


def _paired_in_figure(parts: list[str | _Lifted]) -> list[str | _Lifted]:
    """Return the parts of a figure; if it has exactly one caption, that one takes all credits."""
    lifted = [part for part in parts if isinstance(part, _Lifted)]
    captions = [part for part in lifted if part.text]
    if len(captions) != 1 or len(lifted) == 1:
        return _paired(parts)
    whole = _Lifted(
        _LINE.join([part.raw for part in lifted]),
        captions[0].text,
        _listed([part.credit for part in lifted if part.credit]),
    )
    return [whole, *[part for part in parts if isinstance(part, str)]]


def _paired(parts: list[str | _Lifted]) -> list[str | _Lifted]:
    """Join each credit with a caption right beside it.

    The caption before the credit takes it; without one, the caption behind takes it if it has no
    credit.
    """
    made: list[str | _Lifted] = []
    place: int | None = None
    for part in parts:
        if isinstance(part, str):
            if part.strip(_BLANK):
                place = None
            made.append(part)
            continue
        before = made[place] if place is not None else None
        if isinstance(before, _Lifted) and (not part.text if before.text else part.text and not part.credit):
            named = [credit for credit in (before.credit, part.credit) if credit]
            made[place or 0] = _Lifted(before.raw + _LINE + part.raw, before.text or part.text, _listed(named))
            continue
        place = len(made)
        made.append(part)
    return made
