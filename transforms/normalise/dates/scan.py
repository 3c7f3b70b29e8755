"""Read dates in running words of any language.

Examples: "Publié le jeudi 24 décembre 2020 à 07h47", "2016年3月20日(日) 21時40分". The text is cut
into parts (tokens.py). Day, month and year are found among them (core.py), then the one time and
its zone. The rest may be weekdays, small words of dates and, at the edges, a few other words such
as a label. If there is any other rest, the text is not a date.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from newslake.transforms.normalise.dates.core import Core, Fields, Hints, clock_in_dots, find_core, is_dotted
from newslake.transforms.normalise.dates.dayparts import hour_in_part
from newslake.transforms.normalise.dates.edtf import decade, interval, qualified, quarter, season, without_year
from newslake.transforms.normalise.dates.order import base_language
from newslake.transforms.normalise.dates.tokens import Item, is_unspaced, items_of
from newslake.transforms.normalise.dates.values import (
    BOGUS_WEEKDAY,
    END_OF_TIME,
    NO_ZONE,
    PLAUSIBLE_YEARS,
    RELATIVE,
    YEAR_INFERRED,
    ParsedDate,
    Refusal,
    Refused,
    Zone,
    build,
    one_of,
)
from newslake.transforms.normalise.dates.vocabulary import COUNTED, LABEL_ROOTS, OTHER_DAYS
from newslake.transforms.normalise.dates.words import Words
from newslake.transforms.normalise.dates.zones import is_zone_name, zone_of

RULE = "text"
DAY_RULE = "text_day"
"""The rule of a date whose time is left out, because its part of the day is not known."""

_MAX_WORDS_BEFORE = 5
_MAX_WORDS_AFTER = 3
_MAX_SMALL_WORDS_TOO = 6
"""Limits for labels ("Zuletzt aktualisiert am") and for words behind a date ("schrieb").

A longer text is a sentence, and its date may mean anything.
"""
_MARKS = frozenset(".,;:-/|()[]·•*'\"~–")
"""Marks that may stand around the parts of a date."""
_COLON_BEFORE_TIME = re.compile(r"(?<=[0-9]{4}):(?=[0-9]{2}:[0-9]{2})")
"""From the logs of web servers: "19/Oct/2020:14:05:09"."""
_RANGE = re.compile(r"(?<![0-9:./-])([0-9]{1,2})\.? ?- ?([0-9]{1,2})(?=\.? ?[^\W\d]|,? (?:19|20)[0-9]{2})")
"""From one day to another of the same month."""
_GLUED_TIME = re.compile(r"(?<=[^0-9])((?:19|20)[0-9]{2})([0-9]{1,2}:[0-9]{2})(?![0-9])")
"""Year and time that a page prints in two boxes: "20202:23 PM"."""
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
"""The year before the first of an era: reigns of Japan in today's calendar, and the Republic of
China.
"""
_ERA_YEAR = re.compile(rf"(?:中[華华])?({'|'.join(_ERAS)}) ?([0-9]{{1,3}}|元) ?(?=年)")
_ROMAN = {
    name: number
    for number, name in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), 1)
}
_ROMAN_MONTH = re.compile(r"(?<![0-9.])([0-9]{1,2})(?:\. ?|[ /-])([ivx]{1,4})(?:\. ?|[ /-])([0-9]{4})(?![0-9])")
"""As in eastern Europe: "20.III.2023"."""
_DECADE = re.compile(
    r"(?:(the|die|de|les annees|annees|los anos|anos|gli anni|anni|jaren|anii|lata|roky) )?"
    r"([0-9]{3})0(?:('?s|'?er|-?tal(?:et)?|年代))?"
)
_LEAP_YEAR = 2000
_YEAR_TOLERANCE = dt.timedelta(days=3)
"""How far behind the base a day without a year may lie: it may be tomorrow, or another zone's."""


def read_text(text: str, words: Words, hints: Hints, region: Zone | None) -> ParsedDate | Refused:
    """Return the one date that ``text``, which is folded, consists of.

    ``region`` is a zone that stood behind the text, or None.
    """
    text = _COLON_BEFORE_TIME.sub(" ", _GLUED_TIME.sub(r"\1 \2", text))
    text = _ERA_YEAR.sub(
        lambda match: str(_ERAS[match[1]] + (1 if match[2] == "元" else int(match[2]))), _in_digits(text)
    )
    if (match := _ROMAN_MONTH.search(text)) and match[2] in _ROMAN:
        text = f"{text[: match.start()]}{match[3]}-{_ROMAN[match[2]]:02d}-{match[1]}{text[match.end() :]}"
    if (match := _DECADE.fullmatch(text)) and (match[1] or match[3]):
        return decade(int(match[2]) * 10)
    if match := _RANGE.search(text):
        return _days(text, match, words, hints)
    items = items_of(text, words)
    if isinstance(division := _division(items), ParsedDate):
        return division
    core = find_core(items, text, hints)
    if isinstance(core, Refused):
        return core
    found = _time(items, core, region)
    if isinstance(found, Refused):
        return found
    clock, zone, used, is_day_only = found
    if zone is not None and not clock:
        return Refused(Refusal.UNRECOGNISED)
    if not _may_remain(items, core, used, text, bool(clock), hints):
        return Refused(Refusal.UNRECOGNISED)
    parsed = _assemble(items, core, clock, zone or NO_ZONE, used, hints.base)
    return replace(parsed, rule=DAY_RULE) if is_day_only and isinstance(parsed, ParsedDate) else parsed


def _days(text: str, match: re.Match[str], words: Words, hints: Hints) -> ParsedDate | Refused:
    """Return an interval of days in one month: "20-22 March 2023"."""
    first, last = (
        read_text(text[: match.start()] + day + text[match.end() :], words, hints, None) for day in match.groups()
    )
    if isinstance(first, Refused):
        return first
    if isinstance(last, Refused):
        return last
    if (first.precision, last.precision) != ("day", "day") or "X" in first.value:
        return Refused(Refusal.UNRECOGNISED)
    return interval(first, last, RULE)


_HAN_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_HAN_NUMBER = re.compile(r"([一二三四五六七八九]?十)?([一二三四五六七八九]?)(?=[月日号號])")
_HAN_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}


def _in_digits(text: str) -> str:
    """Return ``text`` with the Chinese numbers of years, months and days in digits."""
    if (year := _HAN_YEAR.search(text)) is None:
        return text
    text = text.replace(year[0], "".join(str(_HAN_DIGITS[digit]) for digit in year[0]))
    return _HAN_NUMBER.sub(_han_number, text)


def _han_number(match: re.Match[str]) -> str:
    tens, ones = match.groups()
    if not tens and not ones:
        return ""
    count = 10 * _HAN_DIGITS.get(tens[0], 1) if tens else 0
    return str(count + (_HAN_DIGITS[ones] if ones else 0))


def _division(items: Sequence[Item]) -> ParsedDate | Refused:
    """Return a season or quarter with its year, if the text has nothing else but small words."""
    named = [item for item in items if item.has("season", "quarter")]
    years = [item for item in items if item.kind == "number"]
    rest = [item for item in items if item not in named and item not in years]
    if (
        len(named) != 1
        or len(years) != 1
        or len(years[0].text) != 4
        or not years[0].text.isdigit()
        or int(years[0].text) not in PLAUSIBLE_YEARS
    ):
        return Refused(Refusal.UNRECOGNISED)
    if not all(item.has("filler") or item.text in ("-", "/", ",", ".") for item in rest):
        return Refused(Refusal.UNRECOGNISED)
    seasons, quarters = named[0].numbers("season"), named[0].numbers("quarter")
    if len(quarters) == 1 and not seasons:
        return quarter(int(years[0].text), quarters[0])
    return (
        season(int(years[0].text), seasons[0]) if len(seasons) == 1 and not quarters else Refused(Refusal.UNRECOGNISED)
    )


Clock = tuple[int, ...]
"""Hour, minute and second, as far as they are printed."""


def _time(
    items: Sequence[Item], core: Core, region: Zone | None
) -> tuple[Clock, Zone | None, set[int], bool] | Refused:
    """Return the one time beside the date, its zone, and the places of date, time and zone.

    The time is () if the text names no time. The last value is True if the text names a time, but a
    word beside it leaves its half of the day open ("7 uur xyz"). Such a time is (), too. Two times
    are refused.
    """
    used = set(core.used)
    times: list[tuple[Clock, set[int]]] = []
    at = 0
    while at < len(items):
        if at not in used and (time := _time_at(items, at, used)) is not None:
            times.append(time)
            used |= time[1]
        at += 1
    if len(times) > 1:
        return Refused(Refusal.UNRECOGNISED)
    if not times:
        return (), region, used, False
    clock, parts = times[0]
    is_open = False
    period = _period_beside(items, parts, used)
    if period is None and (1 <= clock[0] <= 12 or len(clock) == 1):
        is_open = _has_stranger_beside(items, parts, used)
        if is_open and len(clock) == 1:  # the number may not be an hour
            return Refused(Refusal.UNRECOGNISED)
    is_apart, is_24_hour = period is None, items[min(parts)].text[0] == "0"
    if period is None and clock[0] <= 12:
        period = _period_apart(items, core, used)
    if period is not None:
        in_period = _in_period(clock, items[period], is_exact=period in core.used)
        if period in core.used and (not in_period or clock[0] == 0):  # "last night at 0:30" is of today
            return Refused(Refusal.UNRECOGNISED)
        if not in_period and (core.is_relative or not items[period].has("span")):
            return Refused(Refusal.IMPOSSIBLE)
        if is_apart and _may_be_name(items, period):
            is_open = is_open or (in_period != clock and not is_24_hour)
        elif is_apart and is_24_hour and in_period != clock:
            is_open = True
        else:
            is_open, clock = is_open or not in_period, in_period or clock
            parts = parts | {period}
            used.add(period)
    if clock[0] > 24 or any(part > 60 for part in clock[1:]):
        return Refused(Refusal.IMPOSSIBLE)
    zone, zone_parts = _zone_beside(items, parts, used)
    if isinstance(zone, Refused):
        return zone
    if region is not None and (zone is None or zone.is_unknown):
        zone = region
    return (() if is_open else clock), None if is_open else zone, used | zone_parts, is_open


def _period_apart(items: Sequence[Item], core: Core, used: set[int]) -> int | None:
    """Return the place of the one part of the day that stands apart from the time, or None.

    It is a word of the date, as "tonight" is, or another word: "'s avonds, zondag 2 juni, 7 uur".
    """
    named = [at for at in core.used if items[at].has("span") and items[at].has("relative_day")]
    apart = [
        at
        for at, item in enumerate(items)
        if at not in used
        and item.has("span")
        and not item.has("filler", "at", "hour", "relative_day")
        and not is_unspaced(item.text[0])  # Chinese and the like print it at the hour only
    ]
    found = named if len(named) == 1 and len(core.used) == 1 else apart
    return found[0] if len(found) == 1 else None


def _may_be_name(items: Sequence[Item], at: int) -> bool:
    """Tell whether a part of the day may be a word of a name, as in "Le Soir, 12/05/2024".

    A phrase ("'s avonds") is no name, and neither is a word with or behind a weekday.
    """
    is_behind_weekday = at > 0 and items[at - 1].has("weekday")
    return " " not in items[at].text and not items[at].has("weekday", "relative_day") and not is_behind_weekday


def _time_at(items: Sequence[Item], at: int, used: set[int]) -> tuple[Clock, set[int]] | None:
    """Return the time that begins at a place, and the places of its parts, or None.

    A bare number is an hour only if a word or an offset beside it says so.
    """
    item = items[at]
    if item.kind == "time":
        return tuple(int(field) for field in item.fields if field), {at}
    if item.kind == "pair" and item.fields[2] == "." and len(item.fields[0]) <= 2 and len(item.fields[1]) == 2:
        if at + 2 < len(items) and (is_dotted(items, at) or items[at + 1].text == "-"):  # "20.03. - 22.03.2023"
            return None
        return (int(item.fields[0]), int(item.fields[1])), {at}
    if (clock := clock_in_dots(item)) is not None:
        return clock, {at}
    if item.kind == "word" and item.senses and all(kind in ("noon", "midnight") for kind, _ in item.senses):
        is_twelve = at > 0 and at - 1 not in used and items[at - 1].text == "12"  # "12 noon"
        return (12 if item.has("noon") else 0, 0), {at - 1, at} if is_twelve else {at}
    if item.kind != "number" or len(item.text) > 2 or not item.text.isdigit():
        return None
    following = items[at + 1] if at + 1 < len(items) and at + 1 not in used else None
    before = items[at - 1] if at and at - 1 not in used else None
    if following is not None and following.has("hour") and _is_hour_unit(items, at + 1, used):
        return _time_in_words(items, at, used)
    if following is not None and following.text in (".", "-") and at + 2 < len(items) and at + 2 not in used:
        joined = items[at + 2]  # Slovene "7. zvečer", Hungarian "8-kor"
        if joined.has("span") or (joined.has("hour") and following.text == "-" and joined.start == following.end):
            return (int(item.text),), {at}
    beside = [other for other in (following, before) if other is not None]
    if any(other.has("am", "pm", "span") for other in beside) or (following is not None and following.kind == "offset"):
        return (int(item.text),), {at}
    if following is None and before is not None and before.text == "." and at > 1 and at - 2 not in used:  # "kl. 14"
        before = items[at - 2]
    if following is None and before is not None and before.has("at"):
        return (int(item.text),), {at}
    is_after_date = at > 0 and at - 1 in used and len(item.text) == 2
    offset = at + 1 < len(items) and re.fullmatch("[+-]", items[at + 1].text) and at + 2 < len(items)
    if is_after_date and offset and items[at + 2].kind == "number" and len(items[at + 2].text) == 4:
        return (int(item.text),), {at}
    return None


def _is_hour_unit(items: Sequence[Item], at: int, used: set[int]) -> bool:
    """Tell whether a word behind a number that may mean hours does mean them.

    It does if it is longer than two letters, touches its number ("14h"), or is of a script without
    spaces. Another word does only if it is in _HOUR_LETTERS and no number of the date follows: in
    French "22 h 23 avril", 23 is the day.
    """
    unit = items[at]
    if len(unit.text) > 2 or is_unspaced(unit.text[0]) or unit.end - len(unit.text) == items[at - 1].end:
        return True
    following = next((place for place in range(at + 1, len(items)) if items[place].kind != "mark"), None)
    return unit.text in _HOUR_LETTERS and not (
        following is not None and following in used and items[following].kind == "number"
    )


_HOUR_LETTERS = frozenset({"h", "hr", "ч", "ur", "u"})


def _time_in_words(items: Sequence[Item], at: int, used: set[int]) -> tuple[Clock, set[int]]:
    """Return a time such as 21時40分05秒 or 14 h 05; the last number may lack its unit."""
    fields, parts = [int(items[at].text)], {at, at + 1}
    at += 2
    for unit in ("minute", "second"):
        if at >= len(items) or at in used or items[at].kind != "number" or not items[at].text.isdigit():
            break
        has_unit = at + 1 < len(items) and items[at + 1].has(unit)
        if not has_unit and len(items[at].text) != 2:
            break
        fields.append(int(items[at].text))
        parts |= {at, at + 1} if has_unit else {at}
        at += 2 if has_unit else 1
        if not has_unit:
            break
    return tuple(fields), parts


def _period_beside(items: Sequence[Item], parts: set[int], used: set[int]) -> int | None:
    """Return the place of a word such as "p.m." or "晚上" beside the time in ``parts``, or None."""
    for edge, step in ((max(parts), 1), (min(parts), -1)):
        at = edge + step
        while (
            0 <= at < len(items)
            and at not in used
            and (items[at].text in (".", ",", "'", "(") or items[at].has("at", "hour", "filler"))
        ):
            if items[at].has("am", "pm", "span"):
                break
            at += step
        if 0 <= at < len(items) and at not in used and items[at].has("am", "pm", "span"):
            # German "um 12 Uhr am 20. März"
            is_small_word = items[at].has("filler", "at") and step > 0 and at + 1 in used
            return None if is_small_word else at
    return None


def _has_stranger_beside(items: Sequence[Item], parts: set[int], used: set[int]) -> bool:
    """Tell whether an unknown word, which may mean "afternoon", stands next to the time."""
    for edge, step in ((max(parts), 1), (min(parts), -1)):
        at = edge + step
        while 0 <= at < len(items) and at not in used and (items[at].text in (".", "'") or items[at].has("at", "hour")):
            at += step
        if (
            not 0 <= at < len(items)
            or at in used
            or items[at].kind != "word"
            or is_zone_name(items[at].text)
            or items[at].text in ("t", "z")
            or items[at].text.startswith(LABEL_ROOTS)
        ):
            continue
        word = items[at]
        is_at_end = at + 1 not in used and (at + 1 == len(items) or items[at + 1].kind == "mark")
        is_letter = len(word.text) == 1 or (
            len(word.text) == 2 and is_at_end and not word.has("hour", "at", "minute", "weekday")
        )
        if not word.senses or (is_letter and step > 0 and not is_unspaced(word.text[0])):  # Albanian "m.d.", Akan "AN"
            return True
    return False


def _in_period(clock: Clock, period: Item, is_exact: bool) -> Clock:
    """Return the time on the 24-hour clock, or () if that part of the day has no such time.

    ``is_exact`` says that the hour must lie in the part as the table has it.
    """
    hour = clock[0]
    if period.has("am") and period.has("pm"):
        return ()
    if period.has("am"):
        return (hour % 12, *clock[1:]) if hour <= 12 else ()
    if period.has("pm"):
        return (hour % 12 + 12 if hour <= 12 else hour, *clock[1:])
    if hour > 12 or hour == 0:
        return clock
    is_sure = is_unspaced(period.text[0]) or clock[1:2] > (0,)
    at = hour_in_part(hour, period.numbers("span"), is_sure, is_exact)
    return () if at is None else (at, *clock[1:])


def _zone_beside(items: Sequence[Item], parts: set[int], used: set[int]) -> tuple[Zone | Refused | None, set[int]]:
    """Return the zone behind the time, or "UTC" or "GMT" before it, and the places of its parts.

    The zone is None if the text names no zone. A name with an offset is one zone, and the offset
    counts.
    """
    at, name, found = max(parts) + 1, "", set[int]()
    while (
        at < len(items)
        and at not in used
        and (items[at].text in ("(", ",", ".") or (items[at].has("hour") and not is_zone_name(items[at].text)))
    ):
        at += 1
    if at < len(items) and at not in used and items[at].kind == "word" and is_zone_name(items[at].text):
        name = items[at].text.upper()
        found.add(at)
        at += 1
    if (
        at < len(items)
        and at not in used
        and items[at].kind == "offset"
        and (not name or items[at].start == items[at - 1].end)
    ):
        offset = items[at].text
        return zone_of(offset if len(offset) > 2 else f"UTC{offset}"), found | {at}
    if at + 1 < len(items) and items[at].text in ("+", "-") and items[at + 1].kind == "number":
        offset = items[at].text + items[at + 1].text
        if len(offset) == 5:
            return zone_of(offset), found | {at, at + 1}
    if name:
        return zone_of(name), found
    before = min(parts) - 1
    if before >= 0 and before not in used and items[before].text in ("gmt", "utc"):
        return zone_of(items[before].text.upper()), {before}
    return None, set()


def _may_remain(items: Sequence[Item], core: Core, used: set[int], text: str, has_clock: bool, hints: Hints) -> bool:
    """Tell whether the parts that are neither date nor time may stand beside a date.

    Numbers may not. Unknown words may stand at the edges only, and only a few.
    """
    first, last = min(used), max(used)
    own_others = OTHER_DAYS.get(base_language(hints.language), frozenset()) if hints.language else frozenset()
    before = after = all_before = 0
    for at, item in enumerate(items):
        if at in used:
            continue
        is_author = item.text == "by" and at > last
        if item.text in OTHER_DAYS[""] or (
            item.text in own_others and not is_author and _leads_to_date(items, at, first, last)
        ):
            return False
        if item.kind == "mark":
            if item.text not in _MARKS:
                return False
        elif item.kind != "word" or (at < first and (all_before := all_before + 1) > _MAX_SMALL_WORDS_TOO):
            return False
        elif not item.has(
            "filler", "at", "hour", "weekday", "am", "pm", "about", "span", "minute", "year"
        ) and item.text not in ("t", "z"):
            is_label = core.is_relative and has_clock and at < first
            is_within = first < at < last and not item.text.startswith(LABEL_ROOTS)
            if item.text in COUNTED or (core.is_weak and not is_label) or is_within or _is_glued(item, text):
                return False
            before, after = before + (at < first), after + (at > last)
    return before <= _MAX_WORDS_BEFORE and after <= _MAX_WORDS_AFTER


def _leads_to_date(items: Sequence[Item], at: int, first: int, last: int) -> bool:
    """Tell whether only small words stand between a place and the date."""
    between = items[at + 1 : first] if at < first else items[last + 1 : at]
    return all(item.has("filler", "at", "weekday") or item.text in (".", ":", "'", "/") for item in between)


def _is_glued(item: Item, text: str) -> bool:
    if is_unspaced(item.text[0]):
        return False
    return text[item.start - 1 : item.start].isdigit() or text[item.end : item.end + 1].isdigit()


def _assemble(
    items: Sequence[Item], core: Core, clock: Clock, zone: Zone, used: set[int], base: dt.datetime | None
) -> ParsedDate | Refused:
    rest = [item for at, item in enumerate(items) if at not in used]
    ends = {items[at].end for at in used}
    # The "日" of "20日" does not mean Sunday.
    weekday_words = [
        item
        for item in rest
        if not item.has("filler", "at", "hour") and not (len(item.text) == 1 and item.start in ends)
    ]
    weekdays = {number for item in weekday_words for number in item.numbers("weekday")}
    readings = core.readings
    if weekdays:
        fitting = tuple(fields for fields in (*readings, *core.others) if _falls_on(fields, weekdays))
        if len(readings) > 1 and len(fitting) == 1:
            readings = fitting
        elif fitting and readings[0] not in fitting:  # the order of the language and the weekday disagree
            readings = (*readings, *core.others)
    dates: list[ParsedDate] = []
    for year, month, day in readings:
        if clock and day is None:
            return Refused(Refusal.UNRECOGNISED)
        if month is None:
            parsed = build(RULE, [year or 0])
        elif year is None and base is not None and day is not None:
            parsed = _nearest(month, day, clock, zone, base, weekdays)
        elif year is None:
            parsed = without_year(build(RULE, [_LEAP_YEAR, month, *([day] if day else []), *clock], zone), RULE)
        else:
            parsed = build(RULE, [year, month, *([day] if day else []), *clock], zone)
        if isinstance(parsed, Refused):
            return parsed
        if core.is_relative:
            parsed = replace(parsed, flags=(*parsed.flags, RELATIVE))
        if (
            weekdays
            and day
            and parsed.value[:4].isdigit()
            and dt.date.fromisoformat(parsed.value[:10]).weekday() not in weekdays
        ):
            parsed = replace(parsed, flags=(*parsed.flags, BOGUS_WEEKDAY))
        dates.append(parsed)
    parsed = one_of(dates)
    about = any(item.has("about") and not item.has("filler", "at") for item in items[: min(used)])
    return qualified(parsed, "~") if about and not clock and len(dates) == 1 and readings[0][0] else parsed


def _falls_on(fields: Fields, weekdays: set[int]) -> bool:
    year, month, day = fields
    return bool(year and month and day) and dt.date(year or 1, month or 1, day or 1).weekday() in weekdays


def _nearest(
    month: int, day: int, clock: Clock, zone: Zone, base: dt.datetime, weekdays: set[int]
) -> ParsedDate | Refused:
    """Return the day in the latest year that puts it at most three days after ``base``.

    If the text names another weekday, the next year and the year before are tried. If they do not
    have that weekday either, the day has no year.
    """
    latest = base + min(_YEAR_TOLERANCE, END_OF_TIME - base)
    for year in range(latest.year, max(latest.year - 9, 1), -1):
        parsed = build(RULE, [year, month, day, *clock], zone)
        if isinstance(parsed, ParsedDate) and parsed.start <= latest:
            break
    else:
        return Refused(Refusal.IMPOSSIBLE)
    years = [year, year + 1, year - 1] if weekdays else [year]
    for year in years:
        fields = (year, month, day)
        if not weekdays or (_is_day(fields) and _falls_on(fields, weekdays)):
            parsed = build(RULE, [*fields, *clock], zone)
            return replace(parsed, flags=(*parsed.flags, YEAR_INFERRED)) if isinstance(parsed, ParsedDate) else parsed
    return without_year(build(RULE, [_LEAP_YEAR, month, day, *clock], zone), RULE)


def _is_day(fields: tuple[int, int, int]) -> bool:
    try:
        dt.date(*fields)
    except ValueError:
        return False
    return True
