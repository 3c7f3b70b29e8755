"""Plain text: what a reader sees of a text or of HTML, in one form.

Unicode NFC (UAX #15), no control characters, no invisible direction marks, lines that end in LF, paragraphs parted by one blank line.
"""

import html as html_entities
import re
import unicodedata

from lxml import etree

from schemas import codec

_ASCII_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code != ord("\n"))

_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028]")
"""Unicode Standard section 5.8, "Newline Guidelines"."""
_NO_BREAK_SPACE = "\u00a0"
_PARAGRAPH_SEPARATOR = "\u2029"
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls (Cc) that end no line
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Bidi_Control (UAX #9): they let a text read differently from what it says
    "\xad\ufeff]"  # soft hyphen, byte order mark: they break no word, and would part equal ones
)
_BLANK_LINES = re.compile("\n{3,}")

# Noncharacters, which the Unicode Standard (section 23.7) leaves to a program's inside, mark where HTML breaks its text.
_PARAGRAPH, _LINE = "\ufdd0", "\ufdd1"
_BLOCKS = (
    "address article aside blockquote caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section summary table tbody tfoot thead tr ul"
)
_BREAKS = {"br": _LINE, "td": " ", "th": " "} | dict.fromkeys(_BLOCKS.split(), _PARAGRAPH)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_DOCUMENT_END = re.compile(r"</(?:body|html)\s?>", re.IGNORECASE)
"""The parser stops there, though text may follow where documents were joined."""
_UNSEEN = ("head", "script", "style", "template", "noscript")
_SEEN_TAG = re.compile(rf"<(?!/?(?:{'|'.join(_UNSEEN)})\b)/?[A-Za-z][^<>]*>", re.IGNORECASE)
_MAX_DEPTH = 2_000
"""libxml2 gives up a document nested deeper than 2,048 elements."""
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)

_HAN_AND_KANA = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_THAI_LAO_BURMESE_KHMER = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED = re.compile(f"[{_HAN_AND_KANA}{_THAI_LAO_BURMESE_KHMER}]")
_CHARACTER_WORDS = re.compile(f"[{_HAN_AND_KANA}]")
_UNSPACED_LETTERS_A_WORD = 4


def plain_text(text: str) -> str:
    """``text`` in the one form that this module describes; applied to its own result it changes nothing.

    Runs of spaces and tabs become one space, none at the ends of lines. Single line ends stay: they may be verse or a list. Lone
    surrogates become U+FFFD.

    >>> plain_text("One\\u00a0 line \\r\\n\\r\\n\\r\\nand another")
    'One line\\n\\nand another'
    """
    text = text.replace(_NO_BREAK_SPACE, " ")  # so that the commonest blemish of all takes the fast way
    if _is_plain(text):
        return text
    text = drop_controls(text.replace(_PARAGRAPH_SEPARATOR, "\n\n"))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def one_line(text: str) -> str:
    """``plain_text`` with its line ends as spaces: for headlines, names and keywords."""
    if text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    plain = plain_text(text)
    return " ".join(plain.split()) if "\n" in plain else plain


def drop_controls(text: str) -> str:
    """``text`` without control and direction characters, line ends as LF, lone surrogates as U+FFFD; otherwise as it is."""
    return _DROPPED.sub("", _LINE_ENDS.sub("\n", codec.scrub(text)))


def html_to_text(html: str) -> str:
    """The text of an HTML fragment or document, as ``plain_text``.

    Block elements are paragraphs and ``br`` ends a line; other white space folds, as in a browser. Scripts, styles and templates are not
    text. Whatever ``html`` is, what can be read of it comes back; text without a tag keeps its lines.

    >>> html_to_text("<p>Bread &amp; butter</p><p>and<br>jam")
    'Bread & butter\\n\\nand\\njam'
    """
    html = codec.scrub(html)
    if "<" not in html:
        return plain_text(html_entities.unescape(html))
    html = html.replace("\x00", "").replace(_PARAGRAPH, "").replace(_LINE, "")
    html = _TAG.sub(_with_break, _DOCUMENT_END.sub(_PARAGRAPH, html))
    if html.count("<") > _MAX_DEPTH and _is_too_deep(html):
        html = _SEEN_TAG.sub("", html)
    paragraphs = [
        "\n".join([" ".join(line.split()) for line in paragraph.split(_LINE)]).strip("\n")
        for paragraph in _text_of_tree(html).split(_PARAGRAPH)
    ]
    return plain_text("\n\n".join(filter(None, paragraphs)))


def word_count(text: str) -> int:
    """Words of a text that ``plain_text`` has written: what stands between spaces.

    Scripts without spaces: each Han character and kana counts one, as word processors count; Thai, Lao, Khmer and Burmese letters count
    one for every four, about their mean length of words.
    """
    if not text:
        return 0
    if text.isascii():
        lines = text.split("\n")
        return text.count(" ") + len(lines) - lines.count("")  # a blank line parts paragraphs
    if not _UNSPACED.search(text):
        return len(text.split())
    spaced, unspaced = _UNSPACED.subn(" ", text)
    characters = len(_CHARACTER_WORDS.findall(text))
    others = sum(any(map(str.isalnum, word)) for word in spaced.split())  # not the punctuation that stood between
    return others + characters + -(-(unspaced - characters) // _UNSPACED_LETTERS_A_WORD)


def _is_plain(text: str) -> bool:
    """Whether ``plain_text`` would change nothing: some false negatives, no false positives, and fast."""
    if text.isascii():
        if len(text.encode().translate(None, _ASCII_CONTROLS)) != len(text):
            return False
    # isprintable leaves out controls, formats, surrogates and every space but U+0020
    elif not (text.replace("\n", "").isprintable() and unicodedata.is_normalized("NFC", text)):
        return False
    if "  " in text or text[:1] in (" ", "\n") or text[-1:] in (" ", "\n"):
        return False
    if "\n" in text:
        if "\n\n\n" in text:
            return False
        # Line by line: a search for "\n " or " \n" would stop at every space.
        return not any(line[:1] == " " or line[-1:] == " " for line in text.split("\n"))
    return True


def _with_break(tag: re.Match[str]) -> str:
    return _BREAKS.get(tag[1].lower(), "") + tag[0]


def _is_too_deep(html: str) -> bool:
    _parse(html)
    return any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in _PARSER.error_log)


def _text_of_tree(html: str) -> str:
    root = _parse(html)
    if root is None:
        return ""
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    return str(etree.tostring(root, method="text", encoding="unicode"))


def _parse(html: str) -> etree._Element | None:
    try:
        return etree.fromstring(html.encode(), _PARSER)
    except etree.XMLSyntaxError:  # nothing but white space and comments, for some versions of libxml2
        return None
