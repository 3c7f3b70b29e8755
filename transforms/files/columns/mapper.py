"""From a row with foreign column names to a RawArticle: which column is headline, text or date."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from newslake.schemas.html import HTML_ELEMENTS
from newslake.schemas.placeholders import MISSING_WORDS
from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.transforms.files.columns import values
from newslake.transforms.files.columns.extra import EXTRA_CUT, keep_extra
from newslake.transforms.files.columns.names import (
    UTC_COLUMNS,
    Plan,
    Source,
    Survey,
    field_of,
    fold,
    locate,
    names_of,
    plan_columns,
)

__all__ = ["FieldMapper", "by_name", "field_of", "missing_columns", "plan_fields"]

Read = Callable[[Any], Any]

READERS: dict[str, Read] = {
    "headline": values.text_of,
    "body": values.text_of,
    "description": values.text_of,
    "url": values.url_of,
    "date": values.dates_of,
    "modified": values.date_of,
    "source_id": values.id_of,
    "language": values.language_of,
    "publisher": values.publisher_of,
    "byline": values.authors_of,
    "keywords": values.terms_of,
    "sections": values.terms_of,
    "images": values.images_of,
}
"""Field -> what reads its values: see ``values``."""
_ATTRIBUTES = {"byline": "bylines", "date": "dates"}
"""The attributes of a raw article with another name than the field."""

_MARKUP = re.compile(
    rf"</?(?:{'|'.join(sorted(HTML_ELEMENTS))})(?:\s[^<>]*)?/?>|<!--|&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]+);",
    re.IGNORECASE,
)
"""Only the elements of HTML are markup: "<AAPL.O>" and "<sigh>" are words."""
_OPENERS = frozenset("[{(")
"""What a list or an object that is written as text begins with."""
_SPECIAL = _OPENERS | frozenset(" \t\r\n\u00a0\u3000\ufeff")
"""What no plain text begins with."""
_TEXTS = frozenset({"headline", "body", "description"})
"""Fields in which a word such as "None" may be meant, and a plain text needs no reader."""
_LONGEST_WORD = max(map(len, MISSING_WORDS))


class _From(NamedTuple):
    """A column that may fill a field."""

    attribute: str
    """The attribute of the raw article."""
    field: str
    column: str
    read: Read
    is_text: bool
    is_shared: bool
    """Whether other fields may take the column, or a part of it."""
    source: Source
    warning: str | None
    """The warning of a value that has no form for the field."""


class _More:
    """What a row holds beside the plain texts of its fields."""

    __slots__ = ("rests", "spare", "warnings")

    def __init__(self) -> None:
        self.spare: dict[str, Any] = {}
        """Columns that became no field."""
        self.rests: dict[str, Any] = {}
        """What the fields left of the columns that they took."""
        self.warnings: list[str] = []


class _Steps(NamedTuple):
    """What is done with all rows that have the same columns."""

    alone: tuple[tuple[str, str, Read | None, _From], ...]
    """(attribute, column, what reads a value, all of it) of columns without a rival.

    They are the only ones of their field, and fill no other one. A plain text needs no reader."""
    competing: tuple[_From, ...]
    """Other columns, the most trusted first."""
    doubtful: tuple[_From, ...]
    """Columns whose value decides, for fields that no other column fills."""
    wrapper: str | None
    parts: tuple[str, ...]
    """The columns of year, month and day."""
    shared: tuple[str, ...]
    """Columns of which only the end tells whether a field took them."""
    words: frozenset[str]
    """Columns of texts and languages, in which a word such as "nan" may be meant."""
    kept: tuple[tuple[str, Source], ...]
    """The columns that ``extra`` keeps in any case, under these names."""

    def columns(self) -> list[_From]:
        """Return all columns that may fill a field."""
        return [*[one for _, _, _, one in self.alone], *self.competing, *self.doubtful]


class FieldMapper:
    """Turns the rows of one source into articles, by the names of their columns.

    Columns that the settings name come first, then those of ``columns.COLUMNS``. What becomes of
    the columns is worked out once for all rows with the same columns. ``survey`` is what the first
    rows of the source told; without it, each row speaks for itself.
    """

    def __init__(self, settings: SourceSettings, survey: Survey | None = None) -> None:
        self._settings = settings
        self._source = settings.source
        self._survey = survey or Survey()
        self._steps = lru_cache(maxsize=64)(self._steps_of)

    def gives_article(self, row: dict[str, Any]) -> bool:
        """Tell whether a row gives an article a headline or a text."""
        row, steps = self.opened(row)
        return any(
            one.attribute in ("headline", "body") and self.gives(one, row[one.column]) for one in steps.columns()
        )

    def is_plain(self, row: dict[str, Any]) -> bool:
        """Tell whether a row is an article itself, at a glance: its text is a string.

        False says nothing. A row with a headline only may be a list of articles.
        """
        for attribute, column, _, _ in self._steps(tuple(row)).alone:
            if attribute == "body":
                return type(row[column]) is str and bool(row[column])
        return False

    def gives_text(self, row: dict[str, Any]) -> bool:
        """Tell whether a row gives an article a text."""
        row, steps = self.opened(row)
        return any(one.attribute == "body" and self.gives(one, row[one.column]) for one in steps.columns())

    def article(
        self, row: dict[str, Any], source_uri: str, position: str, payload: bytes, warnings: tuple[str, ...] = ()
    ) -> RawArticle:
        """Return the article of a row.

        The first column that holds something fills a field, and all dates are kept. A value that
        has no form for its field gives the warning ``unusable_FIELD``. What fills no field goes to
        ``extra``.
        """
        steps = self._steps(tuple(row))
        if steps.wrapper is not None:
            row, steps = self.opened(row)
        found, more = self._read(row, steps)
        extra = None
        if more or steps.kept:
            extra, told = self._extra(row, steps, more or _More())
            warnings = (*warnings, *told)
        body = found.get("body")
        return RawArticle(
            source_uri,
            position,
            source=self._source,
            body_source="file" if body else "none",
            html=_has_markup(body) or _has_markup(found.get("headline")) or _has_markup(found.get("description")),
            extra=extra,
            warnings=warnings,
            payload=payload,
            **found,
        )

    def gives(self, one: _From, value: Any) -> bool:
        """Tell whether a column gives a field something, or is empty and known by its own name."""
        if values.is_void(value):
            return one.warning is not None
        return bool(_take(one, value, None)[0])

    def opened(self, row: dict[str, Any]) -> tuple[dict[str, Any], _Steps]:
        """Return a row and its steps; an article that is an object in a column becomes the row."""
        steps = self._steps(tuple(row))
        while (wrapper := steps.wrapper) is not None and type(inner := row[wrapper]) is dict:
            within = self._steps(tuple(inner))
            if within.wrapper is None and not any(one.attribute in ("headline", "body") for one in within.columns()):
                break
            outer = {name: value for name, value in row.items() if name != wrapper}
            row = {**inner, **{f"record.{name}" if name in inner else name: value for name, value in outer.items()}}
            steps = self._steps(tuple(row))
        return row, steps

    def _read(self, row: dict[str, Any], steps: _Steps) -> tuple[dict[str, Any], _More | None]:
        """Return the values of the fields, and what else a row holds, if anything.

        A text in a column that nothing else competes with takes the short way through this loop.
        """
        found: dict[str, Any] = {}
        more: _More | None = None
        for attribute, column, read, one in steps.alone:
            value = row[column]
            if type(value) is str and value and value[0] not in _SPECIAL:
                if read is None:
                    if len(value) > _LONGEST_WORD or not self._is_missing(value, row, steps):
                        found[attribute] = value
                    continue
                if result := read(value):
                    found[attribute] = result
                    continue
            if value is not None and value != "":
                more = more or _More()
                self._read_more(one, value, row, steps, found, more)
        if steps.competing:
            more = more or _More()
            for one in steps.competing:
                if (value := row[one.column]) is not None and value != "":
                    self._read_more(one, value, row, steps, found, more)
        if steps.parts or steps.shared or steps.doubtful or more:
            more = self._finished(row, steps, found, more or _More())
        if found.get("language") == "nan" and self._is_missing("nan", row, steps):
            del found["language"]
        return found, more

    def _finished(self, row: dict[str, Any], steps: _Steps, found: dict[str, Any], more: _More) -> _More:
        """Add what can be told only when the sure columns are read."""
        for one in steps.doubtful:
            if one.attribute not in found and not values.is_void(value := row[one.column]):
                result, rest = _take(one, value, more.rests.get(one.column))
                if result:
                    found[one.attribute] = result
                    more.rests[one.column] = rest
                    more.spare.pop(one.column, None)
        if steps.parts and "dates" in found:
            more.spare.update((column, row[column]) for column in steps.parts)
        elif steps.parts and (text := values.date_of_parts([row[column] for column in steps.parts])):
            found["dates"] = values.dates_of(text)
        for column in steps.shared:
            if column not in more.rests and not _is_known(row[column], found):
                more.spare[column] = row[column]
        for column, rest in more.rests.items():
            if rest is not None and not values.is_void(rest):
                more.spare[column] = rest
        return more

    def _read_more(
        self, one: _From, value: Any, row: dict[str, Any], steps: _Steps, found: dict[str, Any], more: _More
    ) -> None:
        """Read a value that is nested, written as text or unusable, or that has rivals."""
        attribute, _, column, read, is_text, is_shared, _, warning = one
        if attribute in found and attribute != "dates":
            if not is_shared and not _is_same(value, found[attribute]):
                more.spare[column] = value
            return
        rest = None
        if type(value) is str and (is_text or value[0] not in _OPENERS):
            if is_text and len(value) <= _LONGEST_WORD and self._is_missing(value, row, steps):
                return
            result = read(value)
        else:
            result, rest = _take(one, value, more.rests.get(column))
        if result:
            found[attribute] = (*found.get(attribute, ()), *result) if attribute == "dates" else result
            if is_shared or rest is not None:
                more.rests[column] = rest
        elif result is None:
            if not is_shared:
                more.spare[column] = value
            if warning is not None:
                more.warnings.append(warning)

    def _steps_of(self, columns: tuple[str, ...]) -> _Steps:
        plan = plan_columns(columns, self._settings.fields)
        every = [self._from(field, source) for field, sources in plan.fields for source in sources]
        sure = [one for one in every if not one.source.is_doubtful]
        rivals = Counter(one.attribute for one in sure)
        users = Counter(one.column for one in sure)
        sure = [one._replace(is_shared=users[one.column] > 1) for one in sure]
        alone = [one for one in sure if rivals[one.attribute] == 1 and not one.is_shared]
        doubtful = tuple(one for one in every if one.source.is_doubtful)
        return _Steps(
            tuple([(one.attribute, one.column, None if one.is_text else one.read, one) for one in alone]),
            tuple(one for one in sure if one not in alone),
            doubtful,
            plan.wrapper,
            tuple(column for column in plan.parts if column is not None),
            (
                *(column for column, count in users.items() if count > 1),
                *dict.fromkeys(one.column for one in doubtful if one.column not in users),
            ),
            frozenset(one.column for one in every if one.is_text or one.field == "language"),
            self._kept(columns, plan),
        )

    def _from(self, field: str, source: Source) -> _From:
        return _From(
            _ATTRIBUTES.get(field, field),
            field,
            source.column,
            self._reader(field, source),
            field in _TEXTS,
            False,
            source,
            f"unusable_{field}" if source.is_name and not source.is_doubtful else None,
        )

    def _reader(self, field: str, source: Source) -> Read:
        """Return what reads a text in a column."""
        if not source.is_name:
            return lambda value: None
        if source.is_doubtful:
            read, fits = READERS[field], values.FITS[field]
            return lambda value: read(value) if fits(value) else None
        if field == "date" and source.column in self._survey.serial_days:
            return values.serial_days_of
        return values.utc_dates_of if field == "date" and fold(source.column) in UTC_COLUMNS else READERS[field]

    def _kept(self, columns: tuple[str, ...], plan: Plan) -> tuple[tuple[str, Source], ...]:
        if self._settings.extra == "all":
            numbers = sorted(self._survey.serial_days.intersection(columns))
            return tuple((column, Source(column, is_name=True)) for column in (*plan.rest, *numbers))
        if self._settings.extra == "none":
            return ()
        known = names_of(columns)
        located = ((name, locate(name, known)) for name in self._settings.extra)
        return tuple((name, source) for name, source in located if source is not None)

    def _extra(self, row: dict[str, Any], steps: _Steps, more: _More) -> tuple[dict[str, Any] | None, list[str]]:
        """Return the extra columns of a row, and all its warnings."""
        extra = {
            name: values.dig(row[source.column], source.paths[0]) if source.paths else row[source.column]
            for name, source in steps.kept
        }
        if self._settings.extra == "all":
            extra |= more.spare
        kept, is_cut = keep_extra(extra) if extra else (None, False)
        return kept, [*more.warnings, EXTRA_CUT] if is_cut else more.warnings

    def _is_missing(self, text: str, row: dict[str, Any], steps: _Steps) -> bool:
        """Tell whether a word in a text field stands for nothing.

        It does if the source has it in several cells, or the row in a cell that is neither a text
        nor a language: "nan" is Min Nan.
        """
        word = text.strip()
        if word not in MISSING_WORDS:
            return False
        return word in self._survey.missing_words or any(
            cell == word and name not in steps.words for name, cell in row.items()
        )


def _take(one: _From, value: Any, rest: Any) -> tuple[Any, Any]:
    """Return what a field makes of a value that is nested, or written as text.

    The second value is what it leaves of the value, or of its ``rest`` that other fields left.
    """
    source = one.source
    if type(value) is str and not one.is_text and (parsed := values.parse_literal(value)) is not None:
        value = parsed
    if type(value) is str or (type(value) is list and dict not in map(type, value)):
        return one.read(value), None
    rest = value if rest is None else rest
    for path in source.paths:
        if not values.is_void(part := values.dig(value, path)) and (result := READERS[one.field](part)):
            return result, values.without(rest, path)
    return (result := one.read(value)), values.left_of(rest, result, one.field)


def _is_known(value: Any, found: dict[str, Any]) -> bool:
    return values.is_void(value) or value in (found.get("url"), found.get("source_id"))


def _is_same(value: Any, found: Any) -> bool:
    """Tell whether a second value of a field says nothing new: the same text, a copy, or a void."""
    if value == found or values.is_void(value):
        return True
    return type(value) is str and type(found) is str and value.split() == found.split()


def plan_fields(
    columns: Iterable[str], configured: tuple[tuple[str, str], ...] = ()
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return which columns fill which field: pairs (field, its columns, the most trusted first).

    ``configured`` are pairs (column, field). They come first, and such a column fills no other
    field. A column that may be the link or the id by its value counts as the id.

    >>> plan_fields(["Title", "pub_date", "size"])
    (('headline', ('Title',)), ('date', ('pub_date',)))
    """
    plan = plan_columns(columns, configured)
    sure = {source.column for _, sources in plan.fields for source in sources if not source.is_doubtful}
    named = [
        (field, tuple(one.column for one in sources if one.is_name and not (one.is_doubtful and one.column in sure)))
        for field, sources in plan.fields
    ]
    return tuple((field, names) for field, names in named if names)


def by_name(columns: Iterable[str], cells: Iterable[Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a row by its column names, and a warning if a name has two different values.

    Columns without a name are left out. The first value that is not empty counts for a name.

    >>> by_name(["title", "text", "title"], ["", "a", "B"]), by_name(["title", "title"], ["A", "B"])
    (({'title': 'B', 'text': 'a'}, ()), ({'title': 'A'}, ('duplicate_column',)))
    """
    row: dict[str, Any] = {}
    is_ambiguous = False
    for column, value in zip(columns, cells, strict=True):
        if not column:
            continue
        if row.get(column) in _VOID:
            row[column] = value
        elif value not in _VOID and value != row[column]:
            is_ambiguous = True
    return row, ("duplicate_column",) if is_ambiguous else ()


_VOID: tuple[Any, ...] = (None, "", [])


def missing_columns(columns: Iterable[str], settings: SourceSettings) -> list[str]:
    """Return the columns that ``settings`` name and a source does not have.

    ``columns`` may hold dotted names of values in objects.
    """
    known = names_of(columns)
    for name in list(known):
        known.setdefault(name.partition(".")[0], [name])
    extra = settings.extra if isinstance(settings.extra, tuple) else ()
    named = dict.fromkeys((*(column for column, _ in settings.fields), *extra))
    return [name for name in named if locate(name, known) is None]


def _has_markup(text: str | None) -> bool:
    return text is not None and ("<" in text or "&" in text) and _MARKUP.search(text) is not None
