"""From a row with foreign column names to a RawArticle: which column is headline, text or date."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from newslake.schemas.raw import RawArticle, SourceSettings

ALIASES: dict[str, tuple[str, ...]] = {
    "headline": ("headline", "title", "head", "heading"),
    "body": ("articlebody", "body", "text", "content", "fulltext", "maintext", "bodytext"),
    "description": ("description", "summary", "abstract", "lead", "excerpt", "standfirst", "teaser"),
    "url": ("url", "link", "href", "permalink", "uri", "canonicalurl"),
    "date": (
        "datepublished",
        "published",
        "publishedat",
        "publishdate",
        "publicationdate",
        "pubdate",
        "date",
        "datetime",
        "timestamp",
        "createdat",
    ),
    "modified": ("datemodified", "modified", "updated", "updatedat", "lastmodified"),
    "source_id": ("sourceid", "id", "guid", "uuid", "articleid"),
    "byline": ("byline", "author", "authors", "creator"),
    "language": ("language", "lang", "inlanguage"),
    "publisher": ("publisher", "source", "outlet", "sitename", "newspaper", "domain"),
    "keywords": ("keywords", "tags", "categories", "topics"),
    "sections": ("section", "sections", "category"),
    "images": ("image", "images", "imageurl", "topimage"),
}
"""Field -> names of its columns in lower case without ``_``, ``-`` and spaces; the surest name
comes first."""

_PUNCTUATION = str.maketrans("", "", "_- ")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]+);")
_LIST_SEPARATORS = re.compile("[,;]")

Plan = tuple[tuple[str, tuple[str, ...]], ...]
"""(field, its columns, the most trusted first) for a set of columns."""


def field_of(name: str) -> str | None:
    """Return the field that a column with this name fills, or None.

    >>> field_of("article_body"), field_of("size")
    ('body', None)
    """
    plain = name.lower().translate(_PUNCTUATION)
    return next((field for field, aliases in ALIASES.items() if plain in aliases), None)


class FieldMapper:
    """Turns the rows of one source into articles, by the names of their columns.

    Columns that the settings name come first, then those of ALIASES. Which column fills which field
    is worked out once for all rows with the same columns.
    """

    def __init__(self, settings: SourceSettings) -> None:
        self._extra = settings.extra
        self._source = settings.source
        self._plan = lru_cache(maxsize=64)(lambda columns: plan_fields(columns, settings.fields))

    def gives_article(self, row: dict[str, Any]) -> bool:
        """Tell whether the columns of a row give an article a headline or a text."""
        return any(field in ("headline", "body") for field, _ in self._plan(tuple(row)))

    def article(
        self, row: dict[str, Any], source_uri: str, position: str, payload: bytes, warnings: tuple[str, ...] = ()
    ) -> RawArticle:
        """Return the article of a row.

        Text stays as it came, and numbers become text. A value without a text form is left out with
        a warning.
        """
        found: dict[str, str] = {}
        lists: dict[str, tuple[str, ...]] = {}
        dates: tuple[tuple[str, str], ...] = ()
        images: tuple[tuple[str, str | None, str | None], ...] = ()
        unusable: list[str] = []
        for field, columns in self._plan(tuple(row)):
            for column in columns:
                value = row[column]
                if value is None or value == "" or value == []:
                    continue
                if field in _LIST_FIELDS:
                    names = _names(value, splits=field != "byline")
                    if names:
                        if field == "images":
                            images = tuple((url, None, None) for url in names)
                        else:
                            lists[field] = names
                        break
                else:
                    text = value if type(value) is str else _text(value)
                    if text:
                        if field != "date":
                            found[field] = text
                            break
                        dates = (*dates, ("field", text))
                        continue
                unusable.append(f"unusable_{field}")
        body = found.get("body")
        headline, description = found.get("headline"), found.get("description")
        return RawArticle(
            source_uri,
            position,
            source_id=found.get("source_id"),
            url=found.get("url"),
            source=self._source,
            headline=headline,
            description=description,
            body=body,
            body_source="file" if body else "none",
            html=any(_has_markup(text) for text in (headline, description, body) if text is not None),
            dates=dates,
            modified=found.get("modified"),
            language=found.get("language"),
            publisher=found.get("publisher"),
            bylines=lists.get("byline", ()),
            keywords=lists.get("keywords", ()),
            sections=lists.get("sections", ()),
            images=images,
            extra={name: row[name] for name in self._extra if name in row} if self._extra else None,
            warnings=(*warnings, *unusable),
            payload=payload,
        )


_VOID: tuple[Any, ...] = (None, "", [])
_LIST_FIELDS = frozenset({"byline", "keywords", "sections", "images"})


def plan_fields(columns: Iterable[str], configured: tuple[tuple[str, str], ...] = ()) -> Plan:
    """Return which columns fill which field.

    ``configured`` are pairs (column, field). They come first, and such a column fills no other
    field.

    >>> plan_fields(["Title", "pub_date", "size"])
    (('headline', ('Title',)), ('date', ('pub_date',)))
    """
    present = list(columns)
    taken = {column: field for column, field in configured if column in present}
    by_name: dict[str, list[str]] = {}
    for column in present:
        if column not in taken:
            by_name.setdefault(column.lower().translate(_PUNCTUATION), []).append(column)
    plan = []
    for field, aliases in ALIASES.items():
        found = [column for column, target in taken.items() if target == field]
        found += [column for alias in aliases for column in by_name.get(alias, ())]
        if found:
            plan.append((field, tuple(found)))
    return tuple(plan)


def by_name(columns: Iterable[str], values: Iterable[Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a row by its column names, and a warning if a name has two different values.

    Columns without a name are left out. The first value that is not empty counts for a name.

    >>> by_name(["title", "text", "title"], ["", "a", "B"]), by_name(["title", "title"], ["A", "B"])
    (({'title': 'B', 'text': 'a'}, ()), ({'title': 'A'}, ('duplicate_column',)))
    """
    row: dict[str, Any] = {}
    is_ambiguous = False
    for column, value in zip(columns, values, strict=True):
        if not column:
            continue
        if row.get(column) in _VOID:
            row[column] = value
        elif value not in _VOID and value != row[column]:
            is_ambiguous = True
    return row, ("duplicate_column",) if is_ambiguous else ()


def missing_columns(columns: Iterable[str], settings: SourceSettings) -> list[str]:
    """Return the columns that ``settings`` name and a table does not have."""
    present = set(columns)
    return [
        column
        for column in dict.fromkeys((*(column for column, _ in settings.fields), *settings.extra))
        if column not in present
    ]


def _has_markup(text: str) -> bool:
    return ("<" in text or "&" in text) and _MARKUP.search(text) is not None


def _text(value: object) -> str | None:
    """Return a value as text, or None if it has no text.

    Numbers, lists of paragraphs, and objects that hold a text have one.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "\n\n".join(value)
    if isinstance(value, dict):
        for key in ("#text", "text", "name", "url", "href", "value", "@id"):
            if isinstance(value.get(key), str):
                return str(value[key])
    return None


def _names(value: object, *, splits: bool) -> tuple[str, ...]:
    """Return the names in a value: one for each element of a list, else one for the value itself.

    A text is cut at commas and semicolons if ``splits``, unless it holds "://", because a URL may
    have commas. Elements of a list are never cut. A value without a form as text is left out.
    """
    if isinstance(value, str):
        if not splits or "://" in value or not ("," in value or ";" in value):
            return (value,)
        return tuple(part for part in map(str.strip, _LIST_SEPARATORS.split(value)) if part)
    if isinstance(value, list):
        return tuple(text for text in map(_text, value) if text)
    text = _text(value)
    return (text,) if text else ()
