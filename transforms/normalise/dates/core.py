"""Find day, month and year among the parts of a text, in digits or with the month's name.

The order of the three may be that of any language.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from newslake.transforms.normalise.dates.order import base_language, day_month_order, numeric_order, short_separator
from newslake.transforms.normalise.dates.tokens import Item, is_unspaced
from newslake.transforms.normalise.dates.values import PLAUSIBLE_YEARS, Refusal, Refused
from newslake.transforms.normalise.dates.vocabulary import BINDING, COUNT_WORDS, LABEL_ROOTS
from newslake.transforms.normalise.dates.zones import is_zone_name

Fields = tuple[int | None, int | None, int | None]
"""Year, month and day; None for each that is not printed."""

_BUDDHIST_YEARS = range(2400, 2700)
BUDDHIST_AHEAD = 543
_PERSIAN_YEARS = range(1200, 1500)
_LEAP_YEAR = 2000
_BETWEEN = frozenset(".,/-'|()·")
"""Marks that may stand between the parts of a date."""
_PARTING = frozenset("|·")
"""Marks of ``_BETWEEN`` that end a date: something else begins behind them."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known beside the text: its language (BCP 47) and the order of its numeric dates."""

    language: str | None
    order: str | None
    base: dt.datetime | None = None
    """The instant that relative words count from."""


@dataclass(frozen=True, slots=True)
class Core:
    """The readings of a date, and the places of the parts that it is made of.

    A weak date (a year alone, "10/2023") may be something else. Only date words may stand beside
    it.
    """

    readings: tuple[Fields, ...]
    used: frozenset[int]
    others: tuple[Fields, ...] = ()
    """Possible readings that do not fit the order of the language."""
    is_weak: bool = False
    is_relative: bool = False


def find_core(items: Sequence[Item], text: str, hints: Hints) -> Core | Refused:
    """Return the one date among ``items``: its readings, and the items that it uses.

    "03/04/2023" has two readings unless ``hints`` decide. A named month or a date in digits comes
    first, then a word such as "yesterday", then a year or "10/2023". No date and two strong dates
    are refused as UNRECOGNISED, and "yesterday" without ``hints.base`` as RELATIVE.
    """
    months = _months(items)
    dates = [place for place, item in enumerate(items) if item.kind == "date"]
    if len(months) + len(dates) > 1:  # beside another date, "14.05.09" is a time
        dates = [place for place in dates if clock_in_dots(items[place]) is None]
    if len(months) + len(dates) > 1:
        return Refused(Refusal.UNRECOGNISED)
    if months:
        return (
            Refused(Refusal.UNRECOGNISED)
            if _is_one_of_months(items, months[0], text)
            else _named(items, months[0], text, hints)
        )
    if dates:
        return _numeric(items, dates[0], text, hints)
    relative = _relative_day(items, hints)
    return _weak(items, hints) if relative is None else relative


def _months(items: Sequence[Item]) -> list[int]:
    """Return the places of the month words. Each means one month and stands beside a number."""
    found = [
        place
        for place, item in enumerate(items)
        if _month(items, place) is not None
        and (_number_beside(items, place, -1) is not None or _number_beside(items, place, 1) is not None)
    ]
    if len(found) > 1:  # Spanish "mar" is Tuesday and March
        between = [
            p for p in found if _number_beside(items, p, -1) is not None and _number_beside(items, p, 1) is not None
        ]
        sure = [place for place in found if not items[place].has("weekday", "season", "about", "at", "filler")]
        return sure if len(sure) == 1 else between if len(between) == 1 and not sure else found
    return found


def _is_one_of_months(items: Sequence[Item], place: int, text: str) -> bool:
    """Tell whether the text names another month than the one at ``place``, as in "March-April".

    The other month may stand anywhere in the text. A second name of the same month does not count.
    An unknown word counts too if "-" or "/" joins it to the month: it may be a month in another
    language.
    """
    number = _month(items, place)
    for at, item in enumerate(items):
        if at == place or item.kind != "word" or item.has("weekday", "season", "about", "at", "filler"):
            continue
        if item.has("month") and number not in item.numbers("month"):  # Arabic papers print two names of one month
            return True
        joint = items[(at + place) // 2]
        is_next = not item.senses and abs(at - place) == 2 and joint.text in ("-", "/")
        if is_next and text[joint.start - 1] != " " and text[joint.end : joint.end + 1] != " ":
            return True
    return False


def _month(items: Sequence[Item], place: int) -> int | None:
    """Return the month at ``place``: its name, or a number next to the word "month"; else None."""
    item = items[place]
    if item.kind != "word":
        return None
    if months := item.numbers("month") or item.numbers("persian_month"):
        return months[0] if len(months) == 1 else None
    for kind in ("month_unit", "month_unit_before"):
        if item.has(kind) and (at := _counted(items, place, kind)) is not None:
            number = items[at]
            if (
                number.kind == "number"
                and number.text.isdigit()
                and 1 <= int(number.text) <= 12
                and len(number.text) <= 2
            ):
                return int(number.text)
    return None


def _counted(items: Sequence[Item], place: int, kind: str) -> int | None:
    """Return the place of the number that the word "month" belongs to; a hyphen may part them."""
    step = -1 if kind == "month_unit" else 1
    at = place + step
    if 0 <= at < len(items) and items[at].text == "-":
        at += step
    return at if 0 <= at < len(items) else None


def clock_in_dots(item: Item) -> tuple[int, int, int] | None:
    """Return hour, minute and second if a date item can be read as a time: "14.05.09".

    Return None for any other item, also for "14.05" and "14:05:09". The caller decides which of the
    two is meant, because "14.05.09" can be a date too.
    """
    if (
        item.kind != "date"
        or item.fields[3] != "."
        or [len(part) for part in item.fields[1:3]] != [2, 2]
        or " " in item.text
    ):
        return None
    if not all(part.isdigit() for part in item.fields[:3]):
        return None
    hour, minute, second = (int(part) for part in item.fields[:3])
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _month_parts(items: Sequence[Item], place: int) -> tuple[int, int]:
    """Return the first and the last place of the month at ``place``."""
    item = items[place]
    if item.has("month", "persian_month"):
        return place, place
    for kind in ("month_unit", "month_unit_before"):
        if item.has(kind) and (at := _counted(items, place, kind)) is not None and items[at].kind == "number":
            return min(at, place), max(at, place)
    return place, place


def _number_beside(items: Sequence[Item], place: int, step: int) -> int | None:
    """Return the place of the next number before (``step`` -1) or behind (1) a part, or None.

    Marks and small words of dates may stand between them.
    """
    edge = _month_parts(items, place)[0 if step < 0 else 1] if _month(items, place) is not None else place
    return _next_number(items, edge, step)


def _next_number(items: Sequence[Item], edge: int, step: int) -> int | None:
    at = edge + step
    while 0 <= at < len(items):
        item = items[at]
        if item.kind == "number" or (item.kind == "pair" and len(item.fields[1]) == 4):
            return at
        is_small = item.kind == "word" and item.has("filler", "weekday") and not item.has("month")
        if not is_small and not (item.kind == "mark" and item.text in _BETWEEN):
            return None
        at += step
    return None


def _named(items: Sequence[Item], place: int, text: str, hints: Hints) -> Core | Refused:
    month = _month(items, place)
    first, last = _month_parts(items, place)
    is_digits = first != last
    used = set(range(first, last + 1))
    day = year = None
    at = _next_number(items, first, -1)
    while at is not None and (day is None or year is None):
        item = items[at]
        if year is None and _is_year(items, at):
            if is_bound(items, at) and numeric_order(hints.language or "") != "YMD":  # "Euro 2024, 12 June"
                break
            year = item.text
        elif (
            day is None
            and _is_day(item)
            and not (is_digits and items[last].has("month_unit"))
            and not is_bound(items, at)
        ):
            day = item.text
        else:
            break
        used.add(at)
        if year is not None:
            break
        at = _next_number(items, at, -1)
        if at is not None and not _is_year(items, at):
            break
    at, since = _next_number(items, last, 1), last
    # The day may follow year and month. Behind month and year, no number is the day.
    had_year = year is not None
    while at is not None and (year is None or (had_year and day is None)):
        item = items[at]
        between = items[since + 1 : at]
        if any(other.text in BINDING or other.text in _PARTING for other in between):
            break
        if item.kind == "pair":  # "20.2023": a day and a year
            if day is not None or had_year or len(item.fields[0]) > 2 or is_digits:
                break
            day, year = item.fields[:2]
        elif year is None and _is_year(items, at):
            if _counts_otherwise(items, at):
                break
            year = item.text
        elif day is None and _may_follow(items, at, since, is_digits):
            day = item.text
        elif day is not None and _is_short_year(items, at, used, between):
            year = item.text
        else:
            break
        used.add(at)
        since = at
        at = _next_number(items, at, 1)
    if year is None:  # "Mon Jan 2 15:04:05 2006" (asctime of C)
        years = [
            at for at, item in enumerate(items) if at not in used and item.kind == "number" and _is_year(items, at)
        ]
        if len(years) == 1 and day is not None and years[0] in (0, len(items) - 1):
            year = items[years[0]].text
            used.add(years[0])
    if (day is None and year is None) or month is None:
        return Refused(Refusal.UNRECOGNISED)
    if year is not None and len(year.lstrip("'")) == 2 and _has_era_beside(items, used):
        return Refused(Refusal.IMPLAUSIBLE)
    full = None if year is None else _full_year(year, text, hints, has_name=True)
    if isinstance(full, Refused):
        return full
    fields: Fields = (full, month, int(day) if day else None)
    if items[place].has("persian_month") or (full is not None and full in _PERSIAN_YEARS and _is_persian(hints)):
        return _from_persian(fields, frozenset(used))
    if not _exists(fields):
        return Refused(Refusal.IMPOSSIBLE)
    return Core((fields,), frozenset(used))


def _is_year(items: Sequence[Item], at: int) -> bool:
    text = items[at].text
    # a span longer than its digits is an ordinal
    if items[at].kind != "number" or (items[at].end - items[at].start > len(text) and len(text) != 4):
        return False
    if text[0] == "'":
        return len(text) == 3
    is_marked = at + 1 < len(items) and items[at + 1].text in ("年", "년")
    return len(text) == 4 or (len(text) == 2 and is_marked)


def _is_day(item: Item) -> bool:
    return item.kind == "number" and item.text.isdigit() and len(item.text) <= 2 and 1 <= int(item.text) <= 31


def _counts_otherwise(items: Sequence[Item], at: int) -> bool:
    """Tell whether four digits are a time ("2030 GMT") or count something ("1984 comments")."""
    following = items[at + 1] if at + 1 < len(items) else None
    if following is None or following.kind != "word":
        return False
    is_clock = is_zone_name(following.text) and not any(item.kind == "time" for item in items)
    return is_clock or following.text in COUNT_WORDS


def _may_follow(items: Sequence[Item], at: int, month_end: int, is_digits: bool) -> bool:
    """Tell whether the number at ``at`` is the day of the month that ends at ``month_end``.

    Behind "3月" the day follows at once, behind "tháng 3" it never does.
    """
    if (
        not _is_day(items[at])
        or _is_hour(items, at)
        or (is_digits and not (items[month_end].has("month_unit") and at == month_end + 1))
    ):
        return False
    following = next((item for item in items[at + 1 :] if item.text != "."), None)
    return following is None or not (following.text in COUNT_WORDS or _is_counter(following))


def _is_short_year(items: Sequence[Item], at: int, used: Collection[int], between: Sequence[Item]) -> bool:
    """Tell whether the two digits behind day and month are a year.

    They may also be an hour or a day, or count something. They are a year if the same marks part
    all three ("20 Mar 23", "20-Mar-23") or if a time follows, and if nothing else follows.
    """
    text = items[at].text
    if (
        len(text) != 2
        or not text.isdigit()
        or _is_hour(items, at)
        or any(other.has("at") or other.text in "()|·" for other in between)
    ):
        return False
    following = items[at + 1 :]
    while following and (
        following[0].text in (",", ".", "-", "|", ")") or following[0].has("filler", "weekday", "at", "year")
    ):
        following = following[1:]
    has_time = bool(following) and (
        following[0].kind in ("time", "pair", "date") or (len(following) > 1 and following[1].has("am", "pm", "hour"))
    )
    if following and not has_time:
        return False
    first, last = min(used), max(used)
    if last > at:
        return False
    if items[first].kind != "number":  # "Nov 7, 21" may be two days; "Nov 7, 21 10:30" is one
        return any(item.kind == "time" for item in following[:1])
    marks_before, marks = (
        {item.text for item in part if item.kind == "mark"} - {"."} for part in (items[first:last], between)
    )
    return has_time or (items[last].kind == "word" and marks == marks_before)


_NUMBER_SIGNS = frozenset("#$%&*+<=>@§£€₹¥")
_SMALL = ("filler", "at", "weekday", "month", "about", "am", "pm", "span", "noon", "midnight", "minute", "relative_day")


def is_bound(items: Sequence[Item], at: int, is_strict: bool = True) -> bool:
    """Tell whether the text before a number says that it is not a day: "No. 3", "A12", "Covid-19".

    With ``is_strict``, every word that dates do not have binds the number behind it, except a
    label. Otherwise only words that count something do ("Round 3").
    """
    if at == 0:
        return False
    before, word_at = items[at - 1], at - 1
    if before.kind == "mark":
        if before.text in _NUMBER_SIGNS:
            return True
        word_at -= 1
        if word_at < 0 or items[word_at].kind != "word":
            return False
        word = items[word_at]
        # Kazakh "2023 ж. 20 наурыз"
        if word_at and items[word_at - 1].kind == "number" and len(items[word_at - 1].text) == 4:
            return False
        if _is_counter(word) or (word.has("year", "season") and before.text == "."):
            return True
        is_joined = word.end == before.start and before.end == items[at].start
        if before.text == ".":  # an abbreviation
            is_date_word = word.text == "d" or (word.has(*_SMALL) and len(word.text) > 1)
            return is_strict and word.end == before.start and not is_date_word and not _is_label(word)
        is_small = word.has(*_SMALL) and (len(word.text) > 1 or not word.text.isascii())  # Hebrew "ב-20"
        return before.text in "-/" and is_joined and not is_small
    if before.kind != "word":
        return False
    if _is_counter(before):
        return True
    if is_unspaced(before.text[-1]):
        return False
    if _follows_label(items, at):
        return False
    if before.has("year", "season", "quarter") and len(items[at].text) < len("2023"):
        year = next((item for item in reversed(items[: at - 1]) if item.text != "-"), before)
        # Georgian "2023 წლის 20 მარტი", Uzbek "2023-yil 20-mart"
        return not (before.has("year") and year.kind == "number" and len(year.text) == len("2023"))
    if before.end == items[at].start:
        return not (before.has("month") or before.text == "t")
    if not is_strict or before.has(*_SMALL) or _is_label(before):
        return False
    return not (
        at > 1
        and items[at - 2].kind in ("time", "number", "pair", "offset")
        and (before.has("hour") or is_zone_name(before.text))
    )


_MAX_PREPOSITION_CHARS = 3
"""A word of this length between a label and a day is "on" in some language."""


def _follows_label(items: Sequence[Item], at: int) -> bool:
    """Tell whether one or two short words stand between a label and the number at ``at``."""
    for place in range(at - 1, max(at - 4, -1), -1):
        if items[place].kind != "word" or _is_label(items[place]):
            return items[place].kind == "word" and place < at - 1
        if len(items[place].text) > _MAX_PREPOSITION_CHARS:
            return False
    return False


def _is_counter(word: Item) -> bool:
    return word.text in BINDING and not word.has("weekday", "month")


def _is_label(word: Item) -> bool:
    return word.text.startswith(LABEL_ROOTS)


def _is_hour(items: Sequence[Item], at: int) -> bool:
    following = items[at + 1] if at + 1 < len(items) else None
    if following is None or following.kind != "word":
        return False
    is_unit = following.has("am", "pm", "hour", "noon", "midnight") and not following.has("filler")
    return is_unit or is_zone_name(following.text) or following.text in COUNT_WORDS


def _full_year(text: str, page: str, hints: Hints, has_name: bool = False) -> int | Refused:
    """Return the common-calendar year of two or four digits; a Persian year stays unchanged.

    A year of an unknown calendar is refused, and so is a year that news cannot have. Two digits
    below 50 are of the 2000s, others of the 1900s (RFC 5322 section 4.3).
    """
    year = int(text.lstrip("'"))
    is_thai = (hints.language is not None and base_language(hints.language) == "th") or any(
        "\u0e00" <= char <= "\u0e7f" for char in page
    )
    if len(text.lstrip("'")) == 2:
        if is_thai and has_name and year >= 50:  # Thai papers count from the death of the Buddha
            return 2500 + year - BUDDHIST_AHEAD
        if is_thai or _counts_persian_years(hints):  # the calendar of the year is not known
            return Refused(Refusal.IMPLAUSIBLE)
        return year + (2000 if year < 50 else 1900)
    if is_thai and year in _BUDDHIST_YEARS:
        return year - BUDDHIST_AHEAD
    is_known = year in PLAUSIBLE_YEARS or (year in _PERSIAN_YEARS and _is_persian(hints))
    return year if is_known else Refused(Refusal.IMPLAUSIBLE)


def _numeric(items: Sequence[Item], place: int, text: str, hints: Hints) -> Core | Refused:
    """Return the readings of a date in digits.

    A day above 12 decides the order, then ``hints.order``, then the order of the language.
    """
    a, b, c, by = items[place].fields
    used = frozenset({place})
    before = text[items[place].start - 1] if items[place].start else " "
    if before.isalpha() and not is_unspaced(before):  # "v2.3.20"
        return Refused(Refusal.UNRECOGNISED)
    is_short = by == "." and len(c) == 2  # a price, a version or a chapter looks the same
    if is_bound(items, place, is_strict=is_short) or (is_short and _is_measured(items, place)):
        return Refused(Refusal.UNRECOGNISED)
    after = items[place + 1] if place + 1 < len(items) else None
    is_glued = (
        after is not None
        and after.kind == "word"
        and after.start == items[place].end
        and not is_unspaced(after.text[0])
    )
    if is_glued and len(a) == 4 and after is not None and after.text not in ("t", "z"):  # "2023-03-2O"
        return Refused(Refusal.UNRECOGNISED)
    if len(c) == 2 and _has_era_beside(items, used):
        return Refused(Refusal.IMPLAUSIBLE)
    orders = _orders(a, b, c, by, hints)
    if not orders:
        return Refused(Refusal.UNRECOGNISED)
    has_long_year = len(c.lstrip("'")) == 4
    possible: dict[str, Fields] = {}
    for order, (year_text, month, day) in orders.items():
        if len(day) > 3 or len(month) > 3 or len(year_text.lstrip("'")) not in (2, 4):
            continue
        year = _full_year(year_text, text, hints)
        if isinstance(year, Refused):
            return year
        fields: Fields = (year, int(month), int(day))
        if year in _PERSIAN_YEARS and _is_persian(hints):
            if len(orders) == 1:
                return _from_persian(fields, used)
            return _from_persian((year, int(b), int(a)), used) if int(a) > 12 else Refused(Refusal.UNRECOGNISED)
        if _exists(fields):
            possible[order] = fields
    if not possible:
        return Refused(Refusal.IMPOSSIBLE)
    order_known = _order(possible, by, has_long_year, hints)
    readings = [possible[order_known]] if order_known else list(possible.values())
    others = tuple(fields for fields in possible.values() if fields not in readings and hints.order is None)
    return Core(tuple(dict.fromkeys(readings)), used, others)


def _has_era_beside(items: Sequence[Item], used: Collection[int]) -> bool:
    """Tell whether an era stands in the date or beside it: "79 AD" is not 1979.

    Only Chinese and the like print it before the date.
    """
    first, last = min(used), max(used) + 1
    while last < len(items) and (items[last].text == "." or items[last].has("year")) and not items[last].has("era"):
        last += 1
    if first and is_unspaced(items[first - 1].text[-1]):
        first -= 1
    return any(item.has("era") and not item.has("weekday") for item in items[first : last + 1])


def _is_measured(items: Sequence[Item], place: int) -> bool:
    """Tell whether an unknown word follows at once, such as a unit of measure or a currency."""
    following = items[place + 1] if place + 1 < len(items) else None
    return (
        following is not None
        and following.kind == "word"
        and (not following.senses or following.text in BINDING)
        and not is_zone_name(following.text)
    )


def _orders(a: str, b: str, c: str, by: str, hints: Hints) -> dict[str, tuple[str, str, str]]:
    """Return the texts of year, month and day in each order that the numbers' lengths allow."""
    sizes = [len(part.lstrip("'")) for part in (a, b, c)]
    # "012" has a zero too many
    is_too_long = any(size == 3 and part[0] != "0" for part, size in zip((a, b, c), sizes, strict=True))
    if is_too_long or sizes[0] == 3 or a[0] == "'" or (sizes[0] == 4 and c[0] == "'"):
        return {}
    if sizes[0] == 4:
        return {"YMD": (a, b, c)}
    day_first = {"DMY": (c, b, a), "MDY": (c, a, b)}
    if sizes[2] == 4 or c[0] == "'":
        return day_first
    of_language = numeric_order(hints.language) if hints.language else None
    if sizes[0] == 2 and of_language == "YMD" and by == short_separator(hints.language or ""):
        return {"YMD": (a, b, c)} if sizes[2] == 1 else day_first | {"YMD": (a, b, c)}
    if sizes[2] != 2 or sizes[1] > 2:
        return {}
    # "24/03/04" may be of 2004 or 2024; "03/04/24" is rarely anything but a day and a month first
    is_open = by == "-" or (by == "/" and of_language is None and int(a) > 12)
    may_begin_with_year = sizes[0] == 2 and (is_open or "YMD" in (hints.order, of_language))
    return day_first | {"YMD": (a, b, c)} if may_begin_with_year else day_first


def _order(possible: Mapping[str, Fields], by: str, has_long_year: bool, hints: Hints) -> str | None:
    if hints.order in possible:
        return hints.order
    of_language = None
    if hints.language is not None:
        of_language = day_month_order(hints.language)
        if not has_long_year and numeric_order(hints.language) == "YMD":
            of_language = "YMD" if by == short_separator(hints.language) else None
            if of_language is None:
                return None
    if of_language in possible:
        return of_language
    # Languages with the day first print dots; Americans do not.
    return "DMY" if by == "." and "DMY" in possible and "YMD" not in possible else None


def _relative_day(items: Sequence[Item], hints: Hints) -> Core | Refused | None:
    """Return the day that the one word such as "yesterday" names, or None.

    Return None if no word names a day, if several do, or if the word may mean two days. If there
    are several, a word that also names a part of the day does not count: German "heute morgen" is
    today. Refused if ``hints`` has no base, or if the day is outside the calendar.
    """
    found = [place for place, item in enumerate(items) if item.has("relative_day")]
    if len(found) > 1:  # German "heute morgen" is this morning
        found = [place for place in found if not items[place].has("am", "pm", "span", "noon", "hour")]
    if len(found) != 1 or len(items[found[0]].numbers("relative_day")) != 1:
        return None
    if hints.base is None:
        return Refused(Refusal.RELATIVE)
    try:
        day = hints.base.date() + dt.timedelta(days=items[found[0]].numbers("relative_day")[0])
    except OverflowError:
        return Refused(Refusal.IMPOSSIBLE)
    return Core(((day.year, day.month, day.day),), frozenset(found), is_weak=True, is_relative=True)


def _weak(items: Sequence[Item], hints: Hints) -> Core | Refused:
    """Return a weak date: month and year in digits, day and month in digits, or a year."""
    pairs = [place for place, item in enumerate(items) if item.kind == "pair"]
    numbers = [place for place, item in enumerate(items) if item.kind == "number"]
    if len(pairs) > 1:  # "20.3. 14.05": a dot ends the first
        pairs = [place for place in pairs if is_dotted(items, place)]
    if len(pairs) == 1:
        return _pair(items, pairs[0], hints)
    words = [item for item in items if item.kind == "word"]
    is_named_year = bool(words) and all(item.has("year", "about") for item in words)
    if (
        len(numbers) == 1
        and not pairs
        and is_named_year
        and len(items[numbers[0]].text) == 4
        and _is_year(items, numbers[0])
    ):
        year = int(items[numbers[0]].text)
        return (
            Core(((year, None, None),), frozenset(numbers), is_weak=True)
            if year in PLAUSIBLE_YEARS
            else Refused(Refusal.IMPLAUSIBLE)
        )
    return Refused(Refusal.UNRECOGNISED)


def _pair(items: Sequence[Item], place: int, hints: Hints) -> Core | Refused:
    a, b, by = items[place].fields
    used = frozenset({place})
    if is_bound(items, place, is_strict=False):
        return Refused(Refusal.UNRECOGNISED)
    if (len(a) == 4 and len(b) <= 2) or (len(b) == 4 and len(a) <= 2):
        year, month = (int(a), int(b)) if len(a) == 4 else (int(b), int(a))
        if year not in PLAUSIBLE_YEARS:
            return Refused(Refusal.IMPLAUSIBLE)
        is_iso = len(a) == 4 and by == "-" and len(b) == 2
        return (
            Core(((year, month, None),), used, is_weak=not is_iso) if 1 <= month <= 12 else Refused(Refusal.IMPOSSIBLE)
        )
    # "4/5" may be a score, "24/7" a word
    if len(a) > 2 or len(b) > 2 or by == "-" or len(a) + len(b) < 4 - (by == "."):
        return Refused(Refusal.UNRECOGNISED)
    if by == "." and not is_dotted(items, place):  # "14.05" may be a time or a price
        return Refused(Refusal.UNRECOGNISED)
    possible = {
        order: fields
        for order, fields in (("DMY", (None, int(b), int(a))), ("MDY", (None, int(a), int(b))))
        if _exists(fields)
    }
    if not possible:
        return Refused(Refusal.IMPOSSIBLE)
    order = _order(possible, by, True, hints)
    readings = {possible[order]} if order else set(possible.values())
    return Core(tuple(readings), used, is_weak=True) if len(readings) == 1 else Refused(Refusal.UNRECOGNISED)


def is_dotted(items: Sequence[Item], place: int) -> bool:
    """Tell whether a dot ends the numbers at ``place``, as in "20.3."."""
    return place + 1 < len(items) and items[place + 1].text == "." and items[place + 1].start == items[place].end


def _exists(fields: Fields) -> bool:
    year, month, day = fields
    try:
        dt.date(year or _LEAP_YEAR, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True


def _is_persian(hints: Hints) -> bool:
    return hints.language is not None and base_language(hints.language) in (
        "fa",
        "ps",
        "prs",
        "ckb",
        "mzn",
        "lrc",
        "az",
    )


def _counts_persian_years(hints: Hints) -> bool:
    """Tell whether papers in the language print Iranian years, also in two digits."""
    return hints.language is not None and base_language(hints.language) in ("fa", "ps", "prs", "mzn", "lrc")


def _from_persian(fields: Fields, used: frozenset[int]) -> Core | Refused:
    """Return a day of the Iranian calendar in the common calendar.

    It uses the 33-year cycle of leap years, which agrees with the astronomical calendar from 1800
    to 2100.
    """
    year, month, day = fields
    if year is None or month is None or day is None or year not in _PERSIAN_YEARS:
        return Refused(Refusal.UNRECOGNISED)
    is_leap = (year % 33) in (1, 5, 9, 13, 17, 22, 26, 30)
    longest = 31 if month <= 6 else 30 if month < 12 or is_leap else 29
    if not 1 <= month <= 12 or not 1 <= day <= longest:
        return Refused(Refusal.IMPOSSIBLE)
    leaps = sum(1 for past in range(1300, year) if past % 33 in (1, 5, 9, 13, 17, 22, 26, 30)) if year >= 1300 else 0
    if year < 1300:
        return Refused(Refusal.IMPLAUSIBLE)
    days = (year - 1300) * 365 + leaps + (month - 1) * 31 - max(0, month - 7) + day - 1
    date = dt.date(1921, 3, 21) + dt.timedelta(days=days)
    return Core(((date.year, date.month, date.day),), used)
