"""Check records that come from outside, as plain dicts.

A pipeline of a user hands over what it likes. The lake takes a record only if every date in it has
one of the forms of the record, so that a reader can trust what newslake did not normalise itself.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args, get_origin, get_type_hints

from newslake.schemas.article import DATE_PRECISIONS, Article
from newslake.schemas.readers import fields, split_null
from newslake.schemas.staging import BODY_RANK
from newslake.schemas.tables import ARTICLES

_ZONE = r"(?:Z|[+-]\d\d:\d\d)"
_DATE = re.compile(rf"\d{{4}}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?{_ZONE})?)?)?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"[0-9a-f]{32}|")

_FORMS: dict[str, tuple[re.Pattern[str], str]] = {
    "id": (_ID, "32 hex digits"),
    "content_hash": (_ID, "32 hex digits"),
    "date_published": (_DATE, "a date such as 2023-03 or 2023-03-20T14:05:09+01:00"),
    "date_modified": (_DATE, "a date such as 2023-03 or 2023-03-20T14:05:09+01:00"),
    "published_on": (_DAY, "a day such as 2023-03-20"),
    "published_from": (_INSTANT, "an instant such as 2023-03-20T14:05:09Z"),
    "published_until": (_INSTANT, "an instant such as 2023-03-20T14:05:09Z"),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "body_source": tuple(BODY_RANK),
    "date_precision": (*reversed(DATE_PRECISIONS), "none"),
}


def read_record(row: Mapping[str, Any]) -> Article | str:
    """Return ``row`` as a record with every key, or a sentence that says what is wrong with it.

    A key that is absent becomes null, an empty list, 0 or "". An unknown key is refused, because it
    would be lost. ``date_precision`` is "none" and ``body_source`` is "file" or "none" if absent.
    """
    known = {field.name: field for field in fields(ARTICLES)}
    for name in row:
        if name not in known:
            return (
                f"unknown key {name!r}: a record has the fields of the table articles only; put it into extra as JSON"
            )
    record: dict[str, Any] = {}
    for name, field in known.items():
        value = row.get(name)
        if value is None:
            record[name] = None if field.nullable else _ABSENT[get_origin(field.type) or field.type]()
        elif _fits(value, field.type):
            record[name] = value
        else:
            return f"{name}: {type(value).__name__} is not the type of this field"
    record["revision"] = 1
    record["date_precision"] = record["date_precision"] or "none"
    record["body_source"] = record["body_source"] or ("file" if record["article_body"] else "none")
    return _wrong_form(record) or _wrong_date(record) or cast(Article, record)


_ABSENT: dict[Any, Callable[[], Any]] = {str: str, int: int, float: float, bool: bool, list: list}


def _fits(value: object, kind: Any) -> bool:
    if get_origin(kind) is list:
        (item,) = get_args(kind)
        return isinstance(value, list) and all(_fits(one, item) for one in value)
    if kind in (str, bool):
        return isinstance(value, kind)
    if kind in (int, float):
        return isinstance(value, int if kind is int else (int, float)) and not isinstance(value, bool)
    members = {name: split_null(hint) for name, hint in get_type_hints(kind).items()}
    if not isinstance(value, dict) or value.keys() != members.keys():
        return False
    return all(
        (value[name] is None and may_be_null) or _fits(value[name], member)
        for name, (member, may_be_null) in members.items()
    )


def _wrong_form(record: dict[str, Any]) -> str | None:
    for name, (form, meaning) in _FORMS.items():
        value = record[name]
        if value is not None and not form.fullmatch(value):
            return f"{name}: should be {meaning}, not {value!r}"
    for name, choices in _CHOICES.items():
        if record[name] not in choices:
            return f"{name}: should be one of {', '.join(choices)}, not {record[name]!r}"
    return None


def _wrong_date(record: dict[str, Any]) -> str | None:
    """Return what is wrong with the dates of a record, or None.

    Every date must exist. ``date_published`` needs both ends of its interval and a precision. The
    start is before the end, and ``published_on`` is the day of ``date_published``. An interval may
    stand without a date, because some intervals have no form as a date.
    """
    for name in ("date_published", "date_modified", "published_on", "published_from", "published_until"):
        value = record[name]
        if value is not None and not _exists(value):
            return f"{name}: {value!r} does not exist"
    start, end = record["published_from"], record["published_until"]
    if (start is None) != (end is None) or (start is None and record["date_published"] is not None):
        return (
            "date_published, published_from and published_until belong together: a date needs both ends of its interval"
        )
    if start is not None and not start < end:
        return f"published_until: {end} should be after published_from: {start}"
    if record["date_published"] is not None and record["date_precision"] == "none":
        return "date_precision: should say how fine date_published is"
    day = record["published_on"]
    if day is not None and not (record["date_published"] or "").startswith(day):
        return "published_on: should be the day of date_published"
    return None


def _exists(date: str) -> bool:
    """Tell whether a date in one of the record's forms exists: its day, and its time."""
    try:
        dt.datetime.fromisoformat(first_day(date))
    except ValueError:
        return False
    return True


def first_day(date: str) -> str:
    """Return a date of the record with "-01" for a month or day that it does not name.

    >>> first_day("2023"), first_day("2023-03"), first_day("2023-03-20T14:05Z")
    ('2023-01-01', '2023-03-01', '2023-03-20T14:05Z')
    """
    return date + "-01-01"[len(date) - len("2023-03-20") :] if len(date) < len("2023-03-20") else date
