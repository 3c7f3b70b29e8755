"""Cut a printed date into parts: numbers, times, dates in digits, and words with their senses."""

import itertools
import re
import unicodedata
from typing import NamedTuple

from newslake.transforms.normalise.dates.fold import pieces
from newslake.transforms.normalise.dates.iso import is_clock_range
from newslake.transforms.normalise.dates.vocabulary import ORDINAL_ENDINGS
from newslake.transforms.normalise.dates.words import Sense, Words, common_words

_MAX_ITEMS = 40
"""No date has so many parts, its label included."""
_MAX_PHRASE_WORDS = 9
"""The longest names have so many words: Makonde's months."""

_MAX_WORD_CHARS = 24
"""For scripts without spaces, where a word may begin anywhere. Longer names have spaces."""

_GUARD = r"(?<![0-9])(?<![0-9][-/.:])"
"""Not inside a longer row of numbers, such as an IP address."""
_DATE = re.compile(
    _GUARD
    + r"(?P<a>'?[0-9]{1,4}) ?(?P<by>[-/.|]) ?(?P<b>[0-9]{1,3}) ?(?P=by) ?(?P<c>'?[0-9]{1,4})(?![0-9]|[-/.:][0-9])"
)
_PAIR = re.compile(_GUARD + r"(?P<a>[0-9]{1,4})(?P<by>[-/.])(?P<b>[0-9]{1,4})(?![0-9]|[-/.:][0-9])")
_TIME = re.compile(
    _GUARD + r"(?P<hour>[0-9]{1,2})[:hu](?P<minute>[0-9]{2})(?:[:m](?P<second>[0-9]{2})(?:[.,][0-9]+)?)?(?![0-9])"
)
_ISO_TIME = re.compile(
    r"(?<=[0-9])t(?P<hour>[0-9]{2})(?P<by>[-:]?)(?P<minute>[0-9]{2})(?:(?P=by)(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?(?![0-9])"
)
_OFFSET = re.compile(r"[+-](?:[0-9]{2}:?[0-9]{2}|[0-9]{1,2})(?![0-9:./-])")
_NUMBER = re.compile(r"'?[0-9]+")
_BEFORE_ENDING = ("-", ":", "'")

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Thai, Lao, Burmese, Khmer, kana, Han and Hangul: no spaces stand between words, or before
digits.
"""


_NAMES = frozenset({"month", "weekday", "am", "pm"})


class Item(NamedTuple):
    """A part of a text; ``kind`` is date, pair, time, offset, number, word or mark."""

    kind: str
    text: str
    start: int
    end: int
    fields: tuple[str, ...] = ()
    """The pieces of a part in digits, as printed.

    A date has three numbers and the mark between them, a pair two numbers and the mark. A time has
    hour, minute and second.
    """
    senses: frozenset[Sense] = frozenset()

    def has(self, *kinds: str) -> bool:
        """Tell whether the word may have a sense of one of these kinds."""
        return any(kind in kinds for kind, _ in self.senses)

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers that the word may stand for as a ``kind``, in ascending order.

        March as a "month" gives [3], and "weekday" counts from 0 for Monday. The list is empty if
        the word has no such sense.
        """
        return sorted(number for sense, number in self.senses if sense == kind)


def is_unspaced(char: str) -> bool:
    """Tell whether ``char`` is of a script that writes words without spaces between them."""
    return _UNSPACED.match(char) is not None


def items_of(text: str, words: Words) -> list[Item]:
    """Return the parts of ``text``, which is folded; each character except spaces is in one part.

    Return [] if there are too many parts for a date.
    """
    runs = {start: place for place, (_, start) in enumerate(pieces(text))}
    listed = list(pieces(text))
    items: list[Item] = []
    place, has_time = 0, False
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        item = _numeric_at(text, place, has_time)
        if item is None or item.kind == "number":
            word = _phrase_at(text, listed, runs[place], words, is_number=item is not None) if place in runs else None
            item = word or item or Item("mark", text[place], place, place + 1)
        has_time = has_time or item.kind == "time"
        if item.kind == "number":
            at = item.end + (text[item.end : item.end + 1] in _BEFORE_ENDING)
            if at in runs and listed[runs[at]][0] in ORDINAL_ENDINGS:
                item = item._replace(end=at + len(listed[runs[at]][0]))
        items.append(item)
        if len(items) > _MAX_ITEMS:
            return []
        if item.kind == "word" and is_unspaced(item.text[-1]) and item.end < len(text) and item.end not in runs:
            # The rest of a run becomes a run of its own.
            run, start = next(part for part in reversed(listed) if part[1] <= place < part[1] + len(part[0]))
            if item.end < start + len(run):
                runs[item.end] = len(listed)
                listed.append((run[item.end - start :], item.end))
        place = item.end
    return items


def _numeric_at(text: str, place: int, has_time: bool) -> Item | None:
    if match := _ISO_TIME.match(text, place):
        return Item("time", match[0], place, match.end(), (match["hour"], match["minute"], match["second"] or ""))
    if has_time and (match := _OFFSET.match(text, place)) and not _may_end_clock(text, place, match[0]):
        return Item("offset", match[0], place, match.end())
    if match := _TIME.match(text, place):
        return Item("time", match[0], place, match.end(), (match["hour"], match["minute"], match["second"] or ""))
    if match := _DATE.match(text, place):
        return Item("date", match[0], place, match.end(), (match["a"], match["b"], match["c"], match["by"]))
    if match := _PAIR.match(text, place):
        return Item("pair", match[0], place, match.end(), (match["a"], match["b"], match["by"]))
    if match := _NUMBER.match(text, place):
        return Item("number", match[0], place, match.end())
    return None


_CLOCK_BEFORE = re.compile(r"(t?)([0-9]{1,2})[:.hu]([0-9]{2})( ?)")


def _may_end_clock(text: str, place: int, offset: str) -> bool:
    """Tell whether a minus behind a time may lead to the end of a range: "10:00-12:00"."""
    if offset[0] == "+":
        return False
    start = max(text.rfind(" ", 0, max(place - 1, 0)), text.rfind("t", 0, place) - 1, 0)
    clock = next((m for at in range(start, place) if (m := _CLOCK_BEFORE.fullmatch(text, at, place))), None)
    return clock is not None and not clock[1] and is_clock_range(int(clock[2]), offset, text[place - 1])


def _phrase_at(text: str, listed: list[tuple[str, int]], first: int, words: Words, is_number: bool) -> Item | None:
    """Return the longest known phrase that begins with a run, else the first word of the run.

    For a run of digits (``is_number``), return None if no phrase begins with it.
    """
    start = listed[first][1]
    for count in range(min(_MAX_PHRASE_WORDS, len(listed) - first), 0, -1):
        parts = listed[first : first + count]
        if is_number and count == 1:
            return None
        if not _are_close(text, parts):
            continue
        name = " ".join(word for word, _ in parts)
        senses = _senses(name, words)
        end = parts[-1][1] + len(parts[-1][0])
        if senses and (not is_number or any(kind == "quarter" for kind, _ in senses)):
            return Item("word", name, start, end, senses=senses)
    run = listed[first][0]
    if is_unspaced(run[0]):
        return _unspaced_at(run, start, words)
    return Item("word", run, start, start + len(run))


def _are_close(text: str, parts: list[tuple[str, int]]) -> bool:
    for (word, start), (_, following) in itertools.pairwise(parts):
        gap = text[start + len(word) : following]
        if len(gap) > 2 or gap.strip(" .'-\""):
            return False
    return True


def _unspaced_at(run: str, start: int, words: Words) -> Item:
    """Return the longest known word that begins the run, else the text before the next one."""
    if len(run) > 2 * _MAX_WORD_CHARS:  # no date is that long without a number
        return Item("word", run, start, start + len(run))
    for skipped in range(len(run)):
        if skipped and unicodedata.category(run[skipped])[0] == "M":
            continue
        for end in range(min(len(run), skipped + _MAX_WORD_CHARS), skipped, -1):
            if senses := _senses(run[skipped:end], words):
                if skipped:
                    return Item("word", run[:skipped], start, start + skipped)
                return Item("word", run[:end], start, start + end, senses=senses)
    return Item("word", run, start, start + len(run))


def _senses(name: str, words: Words) -> frozenset[Sense]:
    own, common = words.get(name, _NOTHING), common_words().get(name, _NOTHING)
    if not own or not common:
        return own or common
    if any(kind in _NAMES for kind, _ in own):  # "Sat" is a day before it is Serbian for an hour
        return own
    return own | (common - _HALVES if ("at", 0) in own else common)


_NOTHING: frozenset[Sense] = frozenset()
_HALVES = frozenset({("am", 0), ("pm", 0)})
