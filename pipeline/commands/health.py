"""``newslake health``: how each feed of a lake is, the worst first."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from newslake.pipeline.exitcodes import ExitCode
from newslake.pipeline.logs import tell
from newslake.pipeline.report.feed_health import PROBLEMS, FeedHealth, Level, instant, rank
from newslake.pipeline.terminal import columns_of, cut, one_line, paragraph, width
from newslake.schemas import codec
from newslake.transforms.lake import recover
from newslake.transforms.lake.feed_states import read_states
from newslake.transforms.lake.log import NotALakeError
from newslake.transforms.storage.local import open_local

_WIDTH_OF_PIPE = 100
_PROBLEMS_SHOWN = 20
_LEAST_NAME = 20
"""Columns for the name of a feed. A narrower terminal gets fewer of the others."""
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_HEADS = ("state", "read", "next", "a day", "copies", "lag")


def run_health(lake: str, as_json: bool, now: dt.datetime | None) -> int:
    """Print how each feed is at ``now``, as text or as JSON lines; the default is the clock.

    Raises LakeError if the lake cannot be read.
    """
    storage = open_local(lake)
    state = recover.state_in_place(storage)
    if state.number == 0:
        raise NotALakeError(storage.root)
    at = now or dt.datetime.now(dt.UTC)
    found = rank(read_states(storage, state).values(), at)
    if as_json:
        for one in found:
            print(codec.encode(asdict(one)).decode())
    elif found:
        print("\n".join(human(found, at, width(_WIDTH_OF_PIPE))))
    if not found:
        tell(f"{lake} knows no feed yet; ask some with: newslake run --feeds https://example.org/rss --lake {lake}")
    return ExitCode.COMMITTED


def human(found: Sequence[FeedHealth], now: dt.datetime, columns: int) -> Iterator[str]:
    """Yield the lines for people: what is wrong with the worst feeds, then a table of all.

    No line is wider than ``columns``, but for words that are wider.
    """
    problems = [one for one in found if one.level in PROBLEMS]
    yield from paragraph(_summary(found, problems), columns)
    for one in problems[:_PROBLEMS_SHOWN]:
        yield ""
        yield f"{_words(one.level)}: {one_line(one.feed)}"
        for line in _details(one, now):
            yield from paragraph(line, columns, indent="  ")
    if len(problems) > _PROBLEMS_SHOWN:
        yield ""
        yield f"and {len(problems) - _PROBLEMS_SHOWN:,} more, which the table names and --json describes"
    if any(one.level is Level.FAILING for one in problems):
        yield ""
        yield from paragraph("newslake check FEED asks a feed now, and says more", columns)
    yield ""
    yield from _table(found, now, columns)


def _summary(found: Sequence[FeedHealth], problems: Sequence[FeedHealth]) -> str:
    """Return how many feeds have problems.

    >>> _summary([], [])
    'all 0 feeds are fine'
    """
    counts = [(level, sum(one.level is level for one in found)) for level in Level if level is not Level.FINE]
    told = ", ".join(f"{count:,} {_words(level)}" for level, count in counts if count)
    if not problems:
        return f"all {len(found):,} feeds are fine" + (f" ({told})" if told else "")
    return f"{len(problems):,} of {len(found):,} feeds need a look: {told}"


def _details(one: FeedHealth, now: dt.datetime) -> Iterator[str]:
    if one.level is Level.FAILING:
        since = f"no success since {_told(one.last_success, now)}" if one.last_success else "it never succeeded"
        first = "" if one.last_success else f", first asked {_told(one.first_check, now)}"
        checks = "1 check" if one.failures == 1 else f"{one.failures:,} checks in a row"
        yield f"{since}{first}; {checks} failed"
    elif one.level is Level.SILENT:
        yield f"nothing new since {_told(one.last_new or one.first_check, now)}"
    elif one.level is Level.OVERDUE:
        yield f"due since {_told(one.next_check, now)}, asked last {_told(one.last_check, now)}"
    elif one.level is Level.GONE:
        yield f"gone since {_told(one.last_check, now)}, read last {_told(one.last_success, now)}"
    elif one.level is Level.MISSING:
        yield f"asked last {_told(one.last_check, now)}: every entry was new, so older ones may be lost"
    if one.last_error and one.level in (Level.FAILING, Level.GONE):
        yield f"last error: {one_line(one.last_error)}"
    if one.advice:
        yield f"what to do: {one.advice}"
    if one.waits_until:
        yield f"its host asks to wait until {one.waits_until}"


def _table(found: Sequence[FeedHealth], now: dt.datetime, columns: int) -> Iterator[str]:
    """Yield a line for each feed below the heads; the last columns go if there is no room."""
    rows = [_HEADS, *(_cells(one, now) for one in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADS))]
    names = ["feed", *(one_line(one.feed.removeprefix("https://")) for one in found)]
    while len(widths) > 1 and columns - sum(widths) - 2 * len(widths) < _LEAST_NAME:
        widths.pop()
    room = max(columns - sum(widths) - 2 * len(widths), _LEAST_NAME)
    room = min(room, max(map(columns_of, names)))
    for name, cells in zip(names, rows, strict=True):
        shown = cut(name, room)
        padded = shown + " " * (room - columns_of(shown))
        first, *others = zip(cells, widths, strict=False)
        told = [first[0].ljust(first[1]), *(cell.rjust(wide) for cell, wide in others)]
        yield "  ".join([padded, *told]).rstrip()


def _cells(one: FeedHealth, now: dt.datetime) -> tuple[str, ...]:
    due, read = instant(one.waits_until or one.next_check), instant(one.last_success)
    return (
        _words(one.level),
        _span(now - read) if read else "never",
        "never" if due is None else _span(due - now) if due > now else "now",
        "" if one.entries_a_day is None else f"{one.entries_a_day:,.1f}",
        "" if one.duplicates_share is None else f"{one.duplicates_share:.0%}",
        "" if one.lag_seconds is None else _span(dt.timedelta(seconds=one.lag_seconds)),
    )


def _words(level: Level) -> str:
    return level.replace("_", " ")


def _told(text: str | None, now: dt.datetime) -> str:
    """Return an instant with its distance from ``now``.

    >>> _told("2026-01-02T03:04:05Z", dt.datetime(2026, 1, 9, 3, 4, 5, tzinfo=dt.UTC))
    '2026-01-02 03:04 (7 d ago)'
    """
    at = instant(text)
    return f"{at:%Y-%m-%d %H:%M} ({_span(now - at)} ago)" if at else "never"


def _span(length: dt.timedelta) -> str:
    """Return a length of time in its largest unit of which it holds two, or the smallest one.

    >>> [_span(dt.timedelta(seconds=seconds)) for seconds in (7, 119, 7_200, 86_400 * 9)]
    ['7 s', '119 s', '2 h', '9 d']
    """
    seconds = max(int(length.total_seconds()), 0)
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= 2 * size), _UNITS[-1])
    return f"{seconds // size} {unit}"
