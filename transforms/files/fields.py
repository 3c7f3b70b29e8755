"""From a row with foreign column names to a RawArticle: which column is headline, text or date."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from newslake.schemas.placeholders import MISSING_WORDS
from newslake.schemas.raw import RawArticle, SourceSettings
from newslake.transforms.files import values
from newslake.transforms.files.columns import (
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
from newslake.transforms.files.extra import EXTRA_CUT, keep_extra

__all__ = ["FieldMapper", "by_name", "field_of", "missing_columns", "plan_fields"]

Read = Callable[[Any], Any]

READERS: dict[str, Read] = {
    "headline": values.text_of,
    "body": values.text_of,
    "description": values.text_of,
    "url": values.url_of,
    "date": values.dates_of,
    "modified": lambda value: next(iter(values.dates_of(value)), ""),
    "source_id": values.id_of,
    "language": values.language_of,
    "publisher": values.publisher_of,
    **{field: partial(values.names_of_value, field=field) for field in ("byline", "keywords", "sections", "images")},
}
"""Field -> what reads its values: see ``values``."""

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]+);")
_OPENERS = frozenset("[{(")
"""What a list or an object that is written as text begins with."""
_TEXTS = frozenset({"headline", "body", "description", "language"})
"""Fields in which a word such as "None" may be meant."""
_LONGEST_WORD = max(map(len, MISSING_WORDS))


class _Step(NamedTuple):
    """One field of a row, and where it may come from."""

    field: str
    is_text: bool
    sources: tuple[tuple[Source, Read, bool, bool], ...]
    """(source, what reads it, whether a text in it counts as it is, whether several fields use it).
    """


class _Steps(NamedTuple):
    """What is done with all rows that have the same columns."""

    fields: tuple[_Step, ...]
    plan: Plan
    languages: frozenset[str]
    kept: tuple[tuple[str, Source], ...]
    """The columns that ``extra`` keeps in any case, under these names."""


class FieldMapper:
    """Turns the rows of one source into articles, by the names of their columns.

    Columns that the settings name come first, then those of ``columns.COLUMNS``. What becomes of
    the columns is worked out once for all rows with the same columns. ``survey`` is what the first
    rows of the source told; without it, each row speaks for itself.
    """

    def __init__(self, settings: SourceSettings, survey: Survey | None = None) -> None:
        self._settings = settings
        self._survey = survey or Survey()
        self._steps = lru_cache(maxsize=64)(self._steps_of)

    def gives_article(self, row: dict[str, Any]) -> bool:
        """Tell whether the columns of a row give an article a headline or a text."""
        row, steps = self.opened(row)
        return any(
            self.gives(step.field, read, source, row[source.column])
            for step in steps.fields
            if step.field in ("headline", "body")
            for source, read, *_ in step.sources
        )

    def article(
        self, row: dict[str, Any], source_uri: str, position: str, payload: bytes, warnings: tuple[str, ...] = ()
    ) -> RawArticle:
        """Return the article of a row.

        The first column that holds something fills a field, and all dates are kept. A value that
        has no form for its field gives the warning ``unusable_FIELD``. What fills no field goes to
        ``extra``.
        """
        row, steps = self.opened(row)
        found, spare, more_warnings = self.read(row, steps)
        extra, is_cut = keep_extra(self._extra(row, steps, spare)) if spare or steps.kept else (None, False)
        if more_warnings or is_cut:
            warnings = (*warnings, *more_warnings, EXTRA_CUT) if is_cut else (*warnings, *more_warnings)
        body, headline, description = found.get("body"), found.get("headline"), found.get("description")
        return RawArticle(
            source_uri,
            position,
            source_id=found.get("source_id"),
            url=found.get("url"),
            source=self._settings.source,
            headline=headline,
            description=description,
            body=body,
            body_source="file" if body else "none",
            html=any(_has_markup(text) for text in (headline, description, body) if text is not None),
            dates=tuple([("field", text) for text in found.get("date", ())]),
            modified=found.get("modified"),
            language=found.get("language"),
            publisher=found.get("publisher"),
            bylines=found.get("byline", ()),
            keywords=found.get("keywords", ()),
            sections=found.get("sections", ()),
            images=tuple([(url, None, None) for url in found.get("images", ())]),
            extra=extra,
            warnings=warnings,
            payload=payload,
        )

    def opened(self, row: dict[str, Any]) -> tuple[dict[str, Any], _Steps]:
        """Return a row and its steps; an article that is an object in a column becomes the row."""
        steps = self._steps(tuple(row))
        while (wrapper := steps.plan.wrapper) is not None and type(inner := row[wrapper]) is dict:
            within = self._steps(tuple(inner))
            if within.plan.wrapper is None and not any(step.field in ("headline", "body") for step in within.fields):
                break
            outer = {name: value for name, value in row.items() if name != wrapper}
            row = {**inner, **{f"record.{name}" if name in inner else name: value for name, value in outer.items()}}
            steps = self._steps(tuple(row))
        return row, steps

    def read(self, row: dict[str, Any], steps: _Steps) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
        """Return the values of the fields, the columns that became no field, and the warnings."""
        found: dict[str, Any] = {}
        spare: dict[str, Any] = {}
        rests: dict[str, Any] = {}
        unusable: list[str] = []
        for field, is_text, sources in steps.fields:
            for source, read, is_plain, is_shared in sources:
                column = source.column
                value = row[column]
                if value is None or value == "":
                    continue
                if field in found and field != "date":
                    if not _is_same(value, found[field]):
                        spare.setdefault(column, value)
                    continue
                if is_plain and type(value) is str and (is_text or value[0] not in _OPENERS):
                    if is_text and len(value) <= _LONGEST_WORD and self._is_missing(value, column, row, steps):
                        continue
                    result = read(value)
                    if is_shared:
                        rests[column] = None
                else:
                    result, rest = _take(field, read, source, value, rests.get(column))
                    if result:
                        rests[column] = rest
                if result:
                    found[field] = (*found.get(field, ()), *result) if field == "date" else result
                elif result is None:
                    spare.setdefault(column, value)
                    if source.is_name and not source.is_doubtful:
                        unusable.append(f"unusable_{field}")
        if steps.plan.parts[0] is not None:
            self._add_parts(row, steps, found, spare)
        for column, rest in rests.items():
            spare.pop(column, None)
            if not values.is_void(rest):
                spare[column] = rest
        return found, spare, unusable

    def gives(self, field: str, read: Read, source: Source, value: Any) -> bool:
        """Tell whether a source gives a field something, or is empty and known by its own name."""
        if values.is_void(value):
            return source.is_name and not source.is_doubtful
        return bool(_take(field, read, source, value, None)[0])

    def _steps_of(self, columns: tuple[str, ...]) -> _Steps:
        plan = plan_columns(columns, self._settings.fields)
        users = Counter(source.column for _, sources in plan.fields for source in sources)
        steps = tuple(
            _Step(
                field,
                field in _TEXTS,
                tuple(
                    (
                        source,
                        self._reader(field, source),
                        source.is_name and not source.is_doubtful,
                        users[source.column] > 1,
                    )
                    for source in sources
                ),
            )
            for field, sources in plan.fields
        )
        languages = {source.column for field, sources in plan.fields if field == "language" for source in sources}
        return _Steps(steps, plan, frozenset(languages), self._kept(columns, plan))

    def _reader(self, field: str, source: Source) -> Read:
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

    def _extra(self, row: dict[str, Any], steps: _Steps, spare: dict[str, Any]) -> dict[str, Any]:
        extra = {
            name: values.dig(row[source.column], source.paths[0]) if source.paths else row[source.column]
            for name, source in steps.kept
        }
        return {**extra, **spare} if self._settings.extra == "all" else extra

    def _is_missing(self, text: str, column: str, row: dict[str, Any], steps: _Steps) -> bool:
        """Tell whether a word in a text field stands for nothing.

        It does if the source, or another cell of the row, has it where it can mean nothing else.
        Cells of a language never tell: "nan" is Min Nan.
        """
        word = text.strip()
        if word not in MISSING_WORDS:
            return False
        return word in self._survey.missing_words or any(
            cell == word and name != column and name not in steps.languages for name, cell in row.items()
        )

    def _add_parts(self, row: dict[str, Any], steps: _Steps, found: dict[str, Any], spare: dict[str, Any]) -> None:
        """Make the columns year, month and day a date, if no other column holds one."""
        parts = {column: row[column] for column in steps.plan.parts if column is not None}
        if "date" in found:
            spare.update(parts)
        elif text := values.date_of_parts(list(parts.values())):
            found["date"] = (text,)


def _take(field: str, read: Read, source: Source, value: Any, rest: Any) -> tuple[Any, Any]:
    """Return what a field makes of a value that is nested, written as text or doubtful.

    The second value is what it leaves of the value, or of its ``rest`` that other fields left.
    """
    if type(value) is str and value[:1] in _OPENERS and (parsed := values.parse_literal(value)) is not None:
        value = parsed
    rest = value if rest is None else rest
    for path in source.paths:
        if not values.is_void(part := values.dig(value, path)) and (result := read(part)):
            return result, values.without(rest, path)
    if not source.is_name or (source.is_doubtful and not values.FITS[field](value)):
        return None, rest
    return (result := read(value)), values.left_of(rest, result, field)


def _is_same(value: Any, found: Any) -> bool:
    """Tell whether a second value of a field says nothing new: the same text, a copy, or a void."""
    if value == found or values.is_void(value):
        return True
    return type(value) is str and type(found) is str and len(value) > 100 and value.split() == found.split()


def plan_fields(
    columns: Iterable[str], configured: tuple[tuple[str, str], ...] = ()
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return which columns fill which field: pairs (field, its columns, the most trusted first).

    ``configured`` are pairs (column, field). They come first, and such a column fills no other
    field. Columns that only their values can tell apart are left out.

    >>> plan_fields(["Title", "pub_date", "size"])
    (('headline', ('Title',)), ('date', ('pub_date',)))
    """
    plan = plan_columns(columns, configured)
    named = [
        (
            field,
            tuple(source.column for source in sources if not source.is_doubtful and (source.is_name or source.column)),
        )
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


def _has_markup(text: str) -> bool:
    return ("<" in text or "&" in text) and _MARKUP.search(text) is not None
