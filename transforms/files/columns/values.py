"""What the values of a row become: texts, links, dates, ids and names.

Each reader takes a value as JSON has it and returns its result. It returns "" (or an empty tuple)
for a value that stands for nothing, and None for a value that has no such form.
"""

import ast
import datetime as dt
import re
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from newslake.schemas import codec
from newslake.schemas.placeholders import MISSING_WORDS, is_missing
from newslake.schemas.redact import redact_link
from newslake.transforms.files.columns.names import fold

MAX_LIST_CHARACTERS = 100_000
"""A longer text is not parsed as a list or object."""
MAX_DEPTH = 40
"""Objects in objects. Deeper ones are not looked into."""

_NUMBER_OF_FLOAT = re.compile(r"(\d+)\.0+")


def is_void(value: object) -> bool:
    """Tell whether a value holds nothing at all: null, a blank text, an empty list or object."""
    return value is None or value in ("", [], {}) or (type(value) is str and value.isspace())


def number_text(value: int | float) -> str:
    """Return a number in full, without the ".0" that tables add to whole numbers.

    >>> number_text(5.0), number_text(1.7095464e18), number_text(2.5)
    ('5', '1709546400000000000', '2.5')
    """
    return str(int(value)) if type(value) is float and value.is_integer() else str(value)


def dig(value: Any, path: tuple[str, ...]) -> Any:
    """Return what a path leads to; in a list, a list of what it leads to in each element.

    >>> dig({"tags": [{"Name": "sea"}, {"id": 4}]}, ("tags", "name"))
    ['sea']
    """
    for depth, key in enumerate(path):
        if type(value) is list:
            found = [dig(element, path[depth:]) for element in value]
            flat = [one for part in found for one in (part if type(part) is list else [part])]
            return [one for one in flat if not is_void(one)] or None
        if type(value) is not dict:
            return None
        value = value[key] if key in value else _folded(value, key)
    return value


def _folded(value: dict[str, Any], key: str) -> Any:
    wanted = fold(key)
    return next((one for name, one in value.items() if fold(name) == wanted), None)


def without(value: Any, path: tuple[str, ...]) -> Any:
    """Return an object without what a path leads to; a list whose objects say more stays whole."""
    if type(value) is list:
        return value if any(map(_says_more, value)) else None
    if type(value) is not dict or not path:
        return None
    key = next((name for name in value if fold(name) == fold(path[0])), None)
    rest = {name: one for name, one in value.items() if name != key and not is_void(one)}
    if key is not None and not is_void(inner := without(value[key], path[1:])):
        rest[key] = inner
    return rest


def left_of(value: Any, result: Any, field: str) -> Any:
    """Return what a field leaves of an object or list that it took as a whole, or None."""
    if field in ("headline", "body", "description"):
        silent = list(_silent_blocks(value, 0))
        rest = {name: one for name, one in value.items() if name not in _PARTS} if type(value) is dict else {}
        left = {name: one for name, one in rest.items() if not is_void(one) and one != result}
        return left | ({"blocks": silent} if silent else {}) if left else silent
    if type(value) is dict and field not in ("date", "modified", "source_id"):
        used = [one[0] if field == "images" else one for one in result] if type(result) is tuple else [result]
        return {name: one for name, one in value.items() if not is_void(one) and one not in used}
    if type(value) is list and type(result) is tuple and any(_says_more(one) for one in value):
        return value
    return None


def _silent_blocks(value: Any, depth: int) -> Iterator[Any]:
    if _kind(value) in _SILENT:
        yield value
    elif type(value) in (dict, list) and depth < MAX_DEPTH:
        for one in value.values() if type(value) is dict else value:
            yield from _silent_blocks(one, depth + 1)


def _says_more(value: Any) -> bool:
    """Tell whether an object of a list holds more than a name."""
    return type(value) is dict and sum(not is_void(one) for name, one in value.items() if name not in _TYPES) > 1


_TYPES = frozenset({"@type", "_type"})

# --- texts

_TEXT_KEYS = (
    *("rendered", "main", "html", "plain", "plaintext", "text", "#text", "_text", "$t", "__cdata", "@value", "basic"),
    *("value", "insert", "name", "original", "content", "body", "data"),
)
"""Keys under which an object holds its text, the surest first."""
_PARTS = (
    *("summary", "headline", "sections", "paragraphs", "blocks", "children", "content", "body", "data"),
    *("root", "ops", "items", "document"),
)
"""Keys of a text in parts, in the order of reading: Fundus, Editor.js, Draft.js, Slate, Lexical,
ProseMirror, Portable Text, Contentful, Quill."""
_HEADINGS = ("heading", "title", "headline")
"""Keys of the heading of a part, as a text."""
_BREAKS = frozenset({"hardbreak", "hard_break", "linebreak", "br"})
_INLINE = _BREAKS | {"text", "span", "link", "hyperlink", "autolink", "emoji", "mention", "a", "strong", "em"}
"""Types of nodes that stand within a paragraph."""
_WRITTEN_TEXT = re.compile(r"""[\[{(]\s*['"\[{]""")
"""The beginning of a list or object in a text. "[Removed] Ships sail" is a headline."""
_SILENT = frozenset(
    {"image", "picture", "figure", "embed", "video", "audio", "gallery", "ad", "delimiter", "divider", "hr", "iframe"}
)
"""Types of blocks whose text is no part of the story: a caption, an address or code."""


def text_of(value: Any) -> str | None:
    """Return a value as text; the parts of lists and objects are joined by blank lines.

    >>> text_of([{"type": "p", "text": "One."}, None, ["Two."]])
    'One.\\n\\nTwo.'
    """
    kind = type(value)
    if kind is str:
        if value[:1] in _OPENERS and _WRITTEN_TEXT.match(value) and (parsed := parse_literal(value)) is not None:
            return text_of(parsed) or str(value)
        return "" if value.isspace() else str(value)
    if kind is bool:
        return None
    if kind is int or kind is float:
        return number_text(value)
    if is_void(value):
        return ""
    paragraphs = [one.strip() for one in _paragraphs(value, 0)]
    return "\n\n".join(filter(None, paragraphs)) or None


def _paragraphs(value: Any, depth: int) -> Iterator[str]:
    if type(value) is str:
        yield value
    elif type(value) is list and depth < MAX_DEPTH:
        for one in value:
            yield from _paragraphs(one, depth + 1)
    elif type(value) is dict and depth < MAX_DEPTH and _kind(value) not in _SILENT:
        yield from _paragraphs_of_object(value, depth)


def _paragraphs_of_object(value: dict[str, Any], depth: int) -> Iterator[str]:
    if _is_numbered(value):
        yield from _paragraphs(list(value.values()), depth + 1)
        return
    if depth and (heading := next((value[key] for key in _HEADINGS if type(value.get(key)) is str), None)):
        yield heading
    if type(ops := value.get("ops")) is list:  # Quill: a line break within a text ends a paragraph
        inserts = [one.get("insert") for one in ops if type(one) is dict]
        yield "".join(text for text in inserts if type(text) is str).replace("\n", "\n\n")
        return
    parts = [(key, value[key]) for key in _PARTS if value.get(key) and type(value[key]) in (dict, list)]
    for key, part in parts:
        if type(part) is list and _is_one_paragraph(part, key, _kind(value)):
            yield "".join("\n" if _kind(one) in _BREAKS else "".join(_paragraphs(one, depth + 1)) for one in part)
        else:
            yield from _paragraphs(part, depth + 1)
    if parts:
        return
    text = next((value[key] for key in _TEXT_KEYS if type(value.get(key)) is str), None)
    if text is not None:
        yield text
    elif len(value) == 1:
        yield from _paragraphs(next(iter(value.values())), depth + 1)


def _is_numbered(value: dict[str, Any]) -> bool:
    """Tell whether an object is a list, as PHP writes one with gaps: {"0": "a", "2": "b"}."""
    return bool(value) and all(map(str.isdecimal, value))


def _kind(value: Any) -> str:
    """Return the type that a node of a text names, in lower case, or ""."""
    if type(value) is not dict:
        return ""
    name = value.get("type") or value.get("_type") or value.get("nodeType")
    return name.lower() if type(name) is str else ""


def _is_one_paragraph(nodes: list[Any], key: str, kind: str) -> bool:
    """Tell whether the nodes under ``key`` of a node of this kind are runs of letters."""
    if key == "children" and all(type(one) is dict and "text" in one and not _kind(one) for one in nodes):
        return True  # Slate
    return (
        key in ("children", "content")
        and kind not in ("", "doc", "document", "root")
        and all(_kind(one) in _INLINE for one in nodes)
    )


# --- lists and objects that are written as text

_OPENERS = frozenset("[{(")
_CLOSERS = {"[": "]", "{": "}", "(": ")"}
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_NUMPY = re.compile(rf"\[\s*(?:{_QUOTED})(?:\s+(?:{_QUOTED}))+\s*\]", re.DOTALL)
_ONE_QUOTED = re.compile(_QUOTED, re.DOTALL)
_POSTGRES_ELEMENT = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}]*?))\s*(?:,|\Z)', re.DOTALL)
_QUOTED_OR_NAN = re.compile(rf"({_QUOTED})|\b(?:nan|NaN|NaT|null)\b|<NA>", re.DOTALL)


def parse_literal(text: str) -> Any:
    """Return the list or object that a text writes, or None if it writes neither.

    The forms are those of JSON, Python, numpy (``['A' 'B']``), PostgreSQL (``{A,B}``) and Java
    (``[A, B]``). A set or tuple becomes a list.

    >>> parse_literal("['A', 'B']"), parse_literal('{A,"B, C"}'), parse_literal("[AFP] Ships")
    (['A', 'B'], ['A', 'B, C'], None)
    """
    text = text.strip()
    if len(text) > MAX_LIST_CHARACTERS or _CLOSERS.get(text[:1]) != text[-1:]:
        return None
    try:
        value, _ = codec.decode_foreign(text.encode("utf-8", "replace"))
        return value
    except codec.InvalidJsonError:
        pass
    if _NUMPY.fullmatch(text):
        return [ast.literal_eval(quoted) for quoted in _ONE_QUOTED.findall(text)]
    if "'" in text or '"' in text:
        value = _python_literal(text)
        if value is not None:
            return value
    if text[0] == "{" and ": " not in text:
        return _postgres_array(text)
    if text[0] == "[" and "'" not in text and '"' not in text and "[" not in text[1:]:
        return [part for part in map(str.strip, text[1:-1].split(",")) if part]
    return None


def _python_literal(text: str) -> Any:
    text = _QUOTED_OR_NAN.sub(lambda match: match[1] or "None", text)
    try:
        with warnings.catch_warnings():  # Python warns of escapes such as "\\d" in foreign text
            warnings.simplefilter("ignore")
            value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    if isinstance(value, (set, tuple)):
        value = sorted(value, key=str) if isinstance(value, set) else list(value)
    return value if isinstance(value, (list, dict)) else None


def _postgres_array(text: str) -> list[str] | None:
    inner, found, place = text[1:-1], list[str](), 0
    while place < len(inner):
        match = _POSTGRES_ELEMENT.match(inner, place)
        if match is None:
            return None
        quoted, bare = match.groups()
        element = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare
        if element and (quoted is not None or element != "NULL"):
            found.append(element)
        place = match.end()
    return found


# --- ids

_ID_KEYS = ("$oid", "$uuid", "$numberLong", "rendered", "#text", "@value", "value", "@id", "id")


def id_of(value: Any) -> str | None:
    """Return a value as an id; secrets in a link are masked.

    >>> id_of({"$oid": "64ab"}), id_of(5.0), id_of("NaN")
    ('64ab', '5', '')
    """
    kind = type(value)
    if kind is str and value.isdecimal() and value[0] != "0":
        return str(value)
    if kind is dict:
        return id_of(_first_of(value, _ID_KEYS))
    if kind is list:
        return id_of(value[0]) if len(value) == 1 else None
    if kind is bool:
        return None
    if kind is not str:
        return "" if value is None else id_of(number_text(value))
    if is_missing(value):
        return ""
    if value.endswith(".0") and (whole := _NUMBER_OF_FLOAT.fullmatch(value)):
        return whole[1]
    return redact_link(value) if "://" in value else str(value)


def _first_of(value: dict[str, Any], keys: tuple[str, ...]) -> Any:
    """Return the first of ``keys`` that an object has, or its only value."""
    found = next((value[key] for key in keys if not is_void(value.get(key))), None)
    return next(iter(value.values())) if found is None and len(value) == 1 else found


# --- links

_URL_KEYS = ("url", "href", "link", "src", "contentUrl", "source_url", "@id", "rendered", "#text", "@value", "value")
_HTTP = re.compile(r"https?:[/\\]*[^/\\\s]", re.IGNORECASE)
_HOST = re.compile(
    r"(?:www\.)?[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\.(?:xn--[\w-]+|[^\W\d_]{2,})(?::\d+)?"
)
_LINE_ENDS = re.compile(r"[\t\r\n]\s*")
_BARE_HOST_END = re.compile(r"[/?#]")


def url_of(value: Any) -> str | None:
    """Return a value as an http(s) URL in which secrets are masked.

    A host without a scheme gets https, if a path follows or it begins with "www.".

    >>> url_of("//news.example/1"), url_of("news.example/1"), url_of("urn:isbn:1"), url_of("N/A")
    ('https://news.example/1', 'https://news.example/1', None, '')
    """
    if type(value) is not str:
        return _url_in(value)
    url: str | None = value
    if value[:4] != "http" or "\n" in value:
        if is_missing(value):
            return ""
        url = _with_scheme(_LINE_ENDS.sub("", value.strip().strip("<>")))
    return redact_link(url) if url and ("=" in url or "@" in url) else url


def _url_in(value: Any) -> str | None:
    if type(value) is dict:
        return url_of(_first_of(value, _URL_KEYS))
    if type(value) is list:
        return next(filter(None, map(url_of, value)), None)
    return "" if value is None else None


def _with_scheme(text: str) -> str | None:
    if _HTTP.match(text):
        return text
    rest = text.removeprefix("//")
    host = _BARE_HOST_END.split(rest, maxsplit=1)[0]
    is_host = _HOST.fullmatch(host) is not None
    is_sure = rest != text or len(rest) > len(host) or host.lower().startswith("www.")
    return f"https://{rest}" if is_host and is_sure else None


def is_http(text: str) -> bool:
    """Tell whether a text begins as an http(s) URL."""
    return text[:1] in "hH" and _HTTP.match(text) is not None


# --- dates

_DATE_KEYS = (
    *("$date", "@value", "#text", "iso", "$numberLong", "$numberInt", "$numberDouble", "$timestamp"),
    *("_seconds", "seconds", "epochSecond", "date", "datetime", "dateTime", "timestamp", "rendered", "value", "text"),
)
"""Keys under which an object holds its date: MongoDB, JSON-LD, XML in JSON, Parse, Firestore."""
_PART_KEYS = (
    ("year", "y"),
    ("monthValue", "month", "m"),
    ("dayOfMonth", "day", "d"),
    ("hour", "hours", "hourOfDay"),
    ("minute", "minutes"),
    ("second", "seconds"),
)
_YEARS = range(1000, 3000)
_EXACT_FLOAT = re.compile(r"\d(?:\.\d+)?e\+\d\d")
"""A number as Python and pandas print it. Excel's "1.70955E+12" has lost its last digits."""


Dates = tuple[tuple[str, str], ...]
"""Pairs (date_source, text), as a raw article has them."""


def dates_of(value: Any) -> Dates:
    """Return the dates in a value; () if it stands for nothing.

    What is no date stays as its text or JSON, so that the record can show it.

    >>> dates_of({"$date": {"$numberLong": "1709546400000"}}), dates_of({"year": 2024, "month": 3})
    ((('field', '1709546400000'),), (('field', '2024-03'),))
    """
    if type(value) is str and value[:2] in ("19", "20") and value[4:5] == "-":
        return (("field", value),)
    if type(value) is list and not _is_sequence_of_numbers(value):
        return tuple(pair for one in value for pair in dates_of(one))
    text = _date_text(value, 0)
    if text is None:
        text = codec.encode(value).decode()
    return () if is_missing(text) and text != "0" else (("field", text),)


def date_of(value: Any) -> str:
    """Return the text of the first date of a value, or ""."""
    return next((text for _, text in dates_of(value)), "")


def _date_text(value: Any, depth: int) -> str | None:
    kind = type(value)
    if kind is str:
        if value[-2:] == ".0" and (whole := _NUMBER_OF_FLOAT.fullmatch(value)):
            return whole[1]
        return number_text(float(value)) if "e+" in value and _EXACT_FLOAT.fullmatch(value) else str(value)
    if value is None:
        return ""
    if kind is int or kind is float:
        return number_text(value)
    if kind is list and _is_sequence_of_numbers(value):
        return date_of_parts(value[:6])
    if kind is not dict or depth > 3:
        return None
    if any(key in value for key in ("year", "y")):
        return date_of_parts([next((value[key] for key in keys if key in value), None) for keys in _PART_KEYS])
    inner = _first_of(value, _DATE_KEYS)
    if type(inner) is dict and "t" in inner:
        inner = inner["t"]
    text = _date_text(inner, depth + 1) if inner is not None else None
    zone = value.get("timezone")
    return f"{text} {zone}" if text and type(zone) is str and text[-1:].isdigit() else text


def _is_sequence_of_numbers(value: list[Any]) -> bool:
    """Tell whether a list is year, month, day and perhaps a time, as Java and Python write it."""
    return 3 <= len(value) <= 9 and all(type(one) is int for one in value) and value[0] in _YEARS


def date_of_parts(parts: list[Any]) -> str | None:
    """Return the date of a year, month, day, hour, minute and second, as far as they are known.

    >>> date_of_parts(["2016", "12.0", 9]), date_of_parts([2024, "March"]), date_of_parts([None])
    ('2016-12-09', 'March 2024', '')
    """
    known: list[str] = []
    for part in parts:
        text = number_text(part) if type(part) in (int, float) else part.strip() if type(part) is str else ""
        if whole := _NUMBER_OF_FLOAT.fullmatch(text):
            text = whole[1]
        if not text or (len(known) < len(("year", "month", "day")) and is_missing(text)):
            break
        known.append(text)
    if not known:
        return ""
    if not all(part.isdecimal() for part in known):
        return " ".join(reversed(known[:3]))
    year, *rest = known
    date = "-".join((year, *(part.zfill(2) for part in rest[:2])))
    return date + ("T" + ":".join(part.zfill(2) for part in rest[2:]) if len(rest) > 3 else "")


_UNZONED_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")


def utc_dates_of(value: Any) -> Dates:
    """Return the dates of a column that holds times in UTC; a time without a zone gets "Z"."""
    return tuple((of, f"{text}Z" if _UNZONED_TIME.fullmatch(text) else text) for of, text in dates_of(value))


_SERIAL_DAY = re.compile(r"(\d{5})(\.\d+)?")
_SERIAL_ZERO = dt.datetime(1899, 12, 30)
"""Day 0 of Excel, Google Sheets and LibreOffice, for days after February 1900."""


def serial_day(value: Any) -> dt.datetime | None:
    """Return the instant of a number of days as tables count them, from 1982 to 2064."""
    match = _SERIAL_DAY.fullmatch(str(value).strip())
    if match is None or not 30_000 <= int(match[1]) < 60_000:
        return None
    return _SERIAL_ZERO + dt.timedelta(seconds=round(float(match[0]) * 86_400))


def serial_days_of(value: Any) -> Dates:
    """Return the date of a number of days."""
    if (day := serial_day(value)) is None:
        return dates_of(value)
    return (("field", day.isoformat() if day.time() != dt.time() else day.date().isoformat()),)


# --- names

_NAME_KEYS = {
    "byline": ("name", "full_name", "fullName", "display_name", "displayName", "author", "title", "#text", "text"),
    "keywords": ("name", "term", "label", "value", "keyword", "tag", "webTitle", "title", "#text", "text", "slug"),
    "images": _URL_KEYS,
}
_FIRST_AND_LAST = (
    ("firstname", "middlename", "lastname"),
    ("first_name", "middle_name", "last_name"),
    ("firstName", "middleName", "lastName"),
    ("first", "middle", "last"),
    ("given", "middle", "family"),
)
_SEPARATORS = re.compile("[,;]")
_NO_NAMES = MISSING_WORDS | {"unknown", "Unknown", "UNKNOWN", "none", "?", "(none)", ""}


def authors_of(value: Any) -> tuple[str, ...] | None:
    """Return the bylines in a value. A text is one byline. Numbers are ids of authors.

    >>> authors_of("By Ann and Bo"), authors_of("['Ann', None]"), authors_of([{"name": "Ann"}])
    (('By Ann and Bo',), ('Ann',), ('Ann',))
    """
    if type(value) is str and value[:1] not in _OPENERS:
        return () if value in _NO_NAMES or value.isspace() or value.isdecimal() else (value,)
    return _names_in(value, "byline")


def terms_of(value: Any) -> tuple[str, ...] | None:
    """Return the keywords or sections in a value.

    A text is cut at commas and semicolons, unless it holds "://", because a URL may have commas.
    Elements of a list are never cut. Numbers are ids of terms.

    >>> terms_of("a; b"), terms_of([{"term": "a, b"}, None]), terms_of([3, 5])
    (('a', 'b'), ('a, b',), None)
    """
    return _names_in(value, "keywords")


def images_of(value: Any) -> tuple[tuple[str, None, None], ...] | None:
    """Return the pictures in a value as a raw article has them: URLs, no caption and no credit."""
    urls = _names_in(value, "images")
    return None if urls is None else tuple([(url, None, None) for url in urls])


def _names_in(value: Any, field: str) -> tuple[str, ...] | None:
    if type(value) is str:
        if value[:1] in _OPENERS and (parsed := parse_literal(value)) is not None:
            return _names_in(parsed, field)
        parts = (value,) if field == "byline" else _split(value)
        return tuple([name for name in parts if name.strip() not in _NO_NAMES])
    if type(value) is list and set(map(type, value)) == _ONLY_TEXT and _NO_NAMES.isdisjoint(value):
        return tuple(value)
    if is_void(value):
        return ()
    names = list(_names(value, field, 0))
    if not names and not (type(value) is list and all(map(is_void, value))):
        return None
    return tuple([name for name in dict.fromkeys(names) if name.strip() not in _NO_NAMES])


_ONLY_TEXT = {str}


def _split(text: str) -> tuple[str, ...]:
    if "://" in text or not ("," in text or ";" in text):
        return (text,)
    return tuple(part for part in map(str.strip, _SEPARATORS.split(text)) if part)


def _names(value: Any, field: str, depth: int) -> Iterator[str]:
    if type(value) is str:
        yield value
    elif type(value) is list and depth < MAX_DEPTH:
        for one in value:
            yield from _names(one, field, depth + 1)
    elif type(value) is dict and depth < MAX_DEPTH and _is_numbered(value):
        yield from _names(list(value.values()), field, depth + 1)
    elif type(value) is dict and depth < MAX_DEPTH:
        parts = next((names for names in _FIRST_AND_LAST if type(value.get(names[2])) is str), None)
        if parts is not None and field == "byline" and type(value.get("name")) is not str:
            yield " ".join(value[part].strip() for part in parts if type(value.get(part)) is str and value[part])
            return
        inner = next((value[key] for key in _NAME_KEYS[field] if not is_void(value.get(key))), None)
        if inner is None and len(value) == 1:
            inner = next(iter(value.values()))
        yield from _names(inner, field, depth + 1)


# --- languages and publishers


def language_of(value: Any) -> str | None:
    """Return a language as a tag; the English name of a language becomes its code (CLDR).

    >>> language_of("en_US"), language_of("English"), language_of("Klingon language")
    ('en_US', 'en', None)
    """
    if type(value) is list:
        return language_of(value[0]) if len(value) == 1 else None
    if type(value) is dict:
        return language_of(_first_of(value, ("code", "iso", "alternateName", "name", "value", "#text")))
    if type(value) is not str:
        return "" if value is None else None
    text = value.strip()
    if text != "nan" and text in _NO_NAMES:
        return ""
    return text if len(text) < 4 or "-" in text or "_" in text else _codes_of_languages().get(text.lower())


@lru_cache(maxsize=1)
def _codes_of_languages() -> dict[str, str]:
    from babel import Locale  # takes some milliseconds, and most sources give codes

    names = Locale("en").languages
    return {name.lower(): code for code, name in sorted(names.items(), reverse=True) if "_" not in code}


def publisher_of(value: Any) -> str | None:
    """Return the name of an outlet; a URL is no name."""
    if type(value) is str and value[:1] not in _OPENERS:
        text: str | None = value
    else:
        text = text_of(value[0] if type(value) is list and len(value) == 1 else value)
    if not text or text in MISSING_WORDS or text.isspace():
        return text and ""
    return None if is_http(text) else text


# --- what decides about a false friend

FITS: dict[str, Callable[[Any], bool]] = {
    "url": lambda value: type(value) is str and is_http(value),
    "publisher": lambda value: type(value) is dict or (type(value) is str and not is_http(value)),
    "source_id": lambda value: type(value) is not dict and not is_http(str(value)),
    "body": lambda value: type(value) is list or (type(value) is str and _is_prose(value)),
}
"""Tells for the fields with a doubtful name whether a value belongs there: the column ``source`` is
a URL in trafilatura's files and an outlet elsewhere."""


def _is_prose(text: str) -> bool:
    return text.count(" ") > 3 or (len(text) > 20 and not text.isascii())
