"""What the first rows of a source tell: which column is which, and which words stand for nothing.

A source in which no column gives a headline or a text is refused. The sentence shows the columns
and the line of configuration to write.
"""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from newslake.schemas.placeholders import MISSING_WORDS
from newslake.schemas.raw import SourceSettings
from newslake.transforms.files.columns import values
from newslake.transforms.files.columns.mapper import FieldMapper, missing_columns
from newslake.transforms.files.columns.names import Survey

MAX_COLUMNS = 200
_SHOWN_COLUMNS = 40
_LEAST_CELLS = 2
"""A word such as "None" that fewer cells have may be meant."""
_TEXT_CHARACTERS = 120
"""A column of texts longer than this, in the middle, holds the text of articles."""
_DATE_FORM = re.compile(
    r"(?:19|20)\d\d[-/.]?[01]\d(?:[-/.]?[0-3]\d)?(?:\D.*)?"
    r"|[0-3]?\d[-/. ]\w+[-/. ](?:19|20)?\d\d\b.*"
    r"|1\d{9}(?:\d{3})?"
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def survey_rows(rows: Iterable[Mapping[str, Any]], settings: SourceSettings) -> Survey:
    """Return what these rows of one source tell; some 200 rows are enough."""
    listed = [dict(row) for row in rows]
    mapper = FieldMapper(settings)
    opened = [mapper.opened(row) for row in listed]
    given: dict[tuple[str, str], bool] = {}
    serial: dict[str, list[Any]] = {}
    words: Counter[str] = Counter()
    cells: dict[str, list[Any]] = {}
    for row, steps in opened:
        for one in steps.columns():
            value = row[one.column]
            pair = (one.column, one.field)
            given[pair] = given.get(pair, False) or mapper.gives(one, value)
            if one.field == "date" and not values.is_void(value):
                serial.setdefault(one.column, []).append(value)
        given.update({(column, "date"): True for column in steps.parts})
        for name, value in _leaves(row):
            if len(cells) < MAX_COLUMNS or name in cells:
                cells.setdefault(name, []).append(value)
        languages = {one.column for one in steps.columns() if one.field == "language"}
        words.update(
            value
            for name, value in row.items()
            if type(value) is str and value in MISSING_WORDS and name not in languages
        )
    fields = tuple(pair for pair, is_given in given.items() if is_given)
    return Survey(
        rows=len(listed),
        columns=tuple(cells),
        fields=fields,
        missing_words=frozenset(word for word, count in words.items() if count >= _LEAST_CELLS),
        serial_days=frozenset(column for column, found in serial.items() if _are_serial_days(found)),
        unknown=_unknown(cells, settings, {field for _, field in fields}) if listed else (),
        guesses=_guesses(cells, fields),
    )


def refusal(survey: Survey) -> str | None:
    """Return why a source cannot be read, with what to do; None if a column gives its text."""
    filled = {field for _, field in survey.fields}
    if not survey.rows or filled & {"headline", "body", "description"}:
        return None
    guessed = [(column, field) for column, field in survey.guesses if field not in filled]
    shown = guessed or [("COLUMN", "headline")]
    pairs = ", ".join(f'{_key(column)} = "{field}"' for column, field in shown)
    options = " ".join(f"--field {shlex.quote(f'{column}={field}')}" for column, field in shown)
    if not survey.columns:
        return "no column gives a headline or a text; there are no columns"
    return (
        f"no column gives a headline or a text; the columns are {_listed(survey.columns)}; "
        f"name them in the configuration, as in: fields = {{ {pairs} }}; or on the command line: {options}"
    )


def notices(survey: Survey) -> tuple[str, ...]:
    """Return a sentence for the text and for the date, if no column gives it, and for wrong names.

    Each names the columns that are left.
    """
    if not survey.rows:
        return ()
    filled = {field for _, field in survey.fields}
    used = {column for column, _ in survey.fields}
    left = [column for column in survey.columns if column not in used and column.partition(".")[0] not in used]
    rest = f"columns without a field: {_listed(left)}" if left else "all columns fill other fields"
    wanted = [("body", "the text"), ("date", "the date")]
    if any(field == "headline" for _, field in survey.guesses):
        wanted.insert(0, ("headline", "the headline"))
    guessed = {field: f'; perhaps fields = {{ {_key(column)} = "{field}" }}' for column, field in survey.guesses}
    told = [
        f"no column gives {what} ({field}); {rest}{guessed.get(field, '')}"
        for field, what in wanted
        if field not in filled
    ]
    told += [
        f"there is no column {column!r}, which the settings name; the columns are {_listed(survey.columns)}"
        for column in survey.unknown
    ]
    return tuple(told)


def _unknown(columns: Iterable[str], settings: SourceSettings, filled: set[str]) -> tuple[str, ...]:
    """Return the names of the settings that no row has, without those whose field is filled.

    The settings of a mixed folder name the columns of all its files.
    """
    targets = dict(settings.fields)
    return tuple(name for name in missing_columns(columns, settings) if targets.get(name) not in filled)


def _leaves(row: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if type(value) is dict and value and depth < 4:
            yield from _leaves(value, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}", value


def _are_serial_days(found: Sequence[Any]) -> bool:
    """Tell whether the dates of a column are surely numbers of days: several different ones."""
    return len(set(map(str, found))) > 1 and all(values.serial_day(value) is not None for value in found)


def _guesses(cells: Mapping[str, Sequence[Any]], fields: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return which columns look like text, headline, date and URL, for those without a field."""
    used = {column for column, _ in fields}
    free = {name: [value for value in found if type(value) is str and value.strip()] for name, found in cells.items()}
    free = {name: found for name, found in free.items() if found and name not in used}
    guessed: dict[str, str] = {}

    def guess(field: str, fitting: list[str]) -> None:
        if name := next((one for one in fitting if one not in guessed), None):
            guessed[name] = field

    guess("url", [name for name, found in free.items() if all(map(values.is_http, found))])
    guess("date", [name for name, found in free.items() if all(_DATE_FORM.fullmatch(one.strip()) for one in found)])
    texts = sorted((name for name in free if _are_phrases(free[name])), key=lambda name: -_median(free[name]))
    lengths = [_median(free[name]) for name in texts]
    if texts and (lengths[0] >= _TEXT_CHARACTERS or (len(texts) > 1 and lengths[0] > lengths[1])):
        guess("body", texts)
    guess("headline", [name for name in texts if len(set(free[name])) * 2 > len(free[name])])
    order = {name: place for place, name in enumerate(cells)}
    return tuple(sorted(guessed.items(), key=lambda pair: order[pair[0]]))


def _median(found: Sequence[str]) -> int:
    return sorted(map(len, found))[len(found) // 2]


def _are_phrases(found: Sequence[str]) -> bool:
    """Tell whether texts are phrases of several words, or of a script without spaces."""
    phrases = sum(" " in one.strip() or not one.isascii() for one in found)
    return phrases * 2 > len(found) and not any(map(values.is_http, found))


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(map(repr, columns[:_SHOWN_COLUMNS]))
    return f"{shown} and {len(columns) - _SHOWN_COLUMNS} more" if len(columns) > _SHOWN_COLUMNS else shown


def _key(column: str) -> str:
    """Return a column as a key of TOML."""
    if _BARE_KEY.fullmatch(column):
        return column
    return '"' + column.replace("\\", "\\\\").replace('"', '\\"') + '"'
