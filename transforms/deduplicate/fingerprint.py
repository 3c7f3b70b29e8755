"""Near-duplicate fingerprints, version 1: 128 bytes and a count for each text.

They tell how much of one text stands in another. A text is cleaned first: NFKC (UAX #15), lower
case, and one space for everything but letters, marks and numbers. Each run of SHINGLE code points
is hashed. The smallest hash in each of BINS bins stands for the whole text: one-permutation MinHash
(Li, Owen and Zhang, 2012). Empty bins are filled from others (densification: Shrivastava and Li,
2014). The fingerprint keeps 8 bits of each minimum (b-bit minwise hashing: Li and König, 2010). The
same 128 bytes, read as 32 integers, are the keys by which candidates meet.

Lakes store fingerprints. A change of any fingerprint needs a new ALGO (index/near.py). Lone
surrogates part words. So do characters that the Unicode tables of the running Python do not know
(14.0 in Python 3.11).
"""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike, NDArray

SHINGLE = 9
"""In code points. An edit spoils few runs so short, and two stories share few runs so long."""
BINS = 128
MAX_SIZE_RATIO = 10
"""Above this ratio, a few bytes that are equal by chance would make a short text seem contained in
a long one."""

BATCH_POINTS = 1 << 15
"""Code points that are handled at once, about 11 articles. In larger batches, the arrays (about 1
MB) would leave the processor's cache. In smaller ones, numpy's calls would cost too much. It must
not exceed EXACT_ABOVE, because a batch is not counted exactly."""

TEXT_POINTS = 340
"""Added to the length of each text. What is kept of a text while it is sketched takes as much
memory as the arrays of this many code points."""

LEAD_POINTS = 600
LEAD_BITS = 512
LEAD_KEPT = 8
"""One shingle in this many is sketched: 75 of a full lead, which set one bit in seven."""

EXACT_ABOVE = 40_000
"""If a text has more shingles than this, repeats included, they are counted exactly. Few slots
would stay empty, and linear counting would begin to fail."""

_SLOT_BITS = 13
_SLOTS = 1 << _SLOT_BITS
"""Slots of linear counting (Whang, Vander-Zanden and Taylor, 1990). With this many it errs by 1 %
at 8,000 shingles and by 2.5 % at 40,000."""
_BIN_BITS = 7
_CHANCE = 1 / 256
"""The share of bytes that are equal by chance in two texts that share nothing."""
_EMPTY = 0xFFFFFFFF
"""Marks a bin without a minimum. A hash of this value does not count."""

_SEPARATOR = ord(" ")
_COMPATIBILITY_SEPARATORS = "\u00a0…，：；！？（）"
"""Most texts are in NFKC but for these, and making NFKC takes ten times as long as checking for it.
They are separators both before and after NFKC, and no mark combines with them."""
_SARA_AM, _SARA_AM_PARTS = "\u0e33", "\u0e4d\u0e32"
"""This letter keeps all Thai texts from being in NFKC. Nothing combines or changes places with its
two parts."""
_TABLE_POINTS = 0x40000
"""Planes 0 to 3 hold all letters and numbers. Characters of other planes (tags, private use,
variation selectors) part words."""
_POINT_BITS = np.uint32(_TABLE_POINTS - 1)
_LEADS, _FOLLOWS = np.uint32(1 << 22), np.uint32(1 << 23)
_CLASS_SHIFT = np.uint32(24)
_UNSETTLED = 255
"""An entry of the table holds, from its low bits up: the code point that a code point becomes;
whether it may compose with the one after it (_LEADS); whether it may compose with the one before it
(_FOLLOWS); and its canonical combining class (UAX #44: at most 254). Class _UNSETTLED means that it
becomes several code points."""
_FREED_BYTES = 1 << 22
"""glibc hands the memory that a batch frees back to the system, which costs as much as the rest of
the work. It stops once a block larger than the batch's was freed (mallopt(3), M_MMAP_THRESHOLD).
Most processes have freed such a block long before."""

_MODULUS = 1 << 32
_BASE = 0x9E3779B1
"""The prime next to 2^32 divided by the golden ratio. It is odd, so no bit of a code point is
lost."""

Words = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Counts = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """A row for each text: ``signatures`` (m, BINS) uint8, and ``shingles`` (m,) uint32.

    ``shingles`` is the number of different shingles. A text with fewer than SHINGLE code points
    after cleaning has 0 shingles and a signature of zeros.
    """

    signatures: Bytes
    shingles: Words


def fingerprint(texts: Sequence[str]) -> Fingerprints:
    """Return the fingerprint of each text, which does not depend on the other texts.

    >>> texts = ["The mayor has opened the bridge.", "the mayor has OPENED -- the bridge", "No."]
    >>> found = fingerprint(texts)
    >>> found.shingles
    array([23, 23,  0], dtype=uint32)
    >>> bool((found.signatures[0] == found.signatures[1]).all())
    True

    Temporary arrays take about 1 MB for any number of texts. A text of over BATCH_POINTS code
    points takes 8 bytes more for each of its code points.
    """
    signatures = np.zeros((len(texts), BINS), np.uint8)
    shingles = np.zeros(len(texts), np.uint32)
    first = 0
    for batch, points in _batches(texts):
        rows = slice(first, first + len(batch))
        minima, shingles[rows] = _sketch(batch, points) if len(points) else _sketch_long(batch[0])
        signatures[rows] = _densified(minima)  # the 8 low bits
        first = rows.stop
    return Fingerprints(signatures, shingles)


def jaccard(equal: ArrayLike) -> Floats:
    """Return the estimated Jaccard similarity, 0 to 1, for counts of equal bytes.

    Bytes that are equal by chance are subtracted.

    >>> jaccard([0, 64, 128]).round(3)
    array([0.   , 0.498, 1.   ])
    """
    share = np.asarray(equal, np.float64) / BINS
    return np.clip((share - _CHANCE) / (1 - _CHANCE), 0, 1)


def containment(jaccard: ArrayLike, left_n: ArrayLike, right_n: ArrayLike) -> Floats:
    """Return the estimated share, 0 to 1, of the smaller text's shingles that the other text has.

    The arguments are the Jaccard similarity and both counts of shingles. Return 0 if one text has
    no shingles, or if it has more than MAX_SIZE_RATIO times the shingles of the other.

    >>> containment([0.1, 0.25, 0.1], [1000, 400, 1001], [100, 400, 100])
    array([1. , 0.4, 0. ])
    """
    similarity, left, right = (np.asarray(given, np.float64) for given in (jaccard, left_n, right_n))
    smaller, larger = np.minimum(left, right), np.maximum(left, right)
    shared = similarity * (left + right) / (1 + similarity)
    counts = (smaller > 0) & (larger <= MAX_SIZE_RATIO * smaller)
    return np.minimum(np.divide(shared, smaller, out=np.zeros_like(shared), where=counts), 1)


def lead_sketch(texts: Sequence[str]) -> Bytes:
    """Return a sketch of each text's lead, (m, 64) uint8: a Bloom filter with one hash function.

    The lead is cut first, from the raw text: its first LEAD_POINTS code points. Then it is cleaned.
    One in LEAD_KEPT of its shingles sets one of LEAD_BITS bits. The same shingles are chosen in
    every text.
    """
    sketches = np.empty((len(texts), LEAD_BITS // 8), np.uint8)
    first = 0
    for batch, points in _batches(text[:LEAD_POINTS] for text in texts):
        hashes, counts = _hashed(batch, points)
        kept = np.flatnonzero(hashes % LEAD_KEPT == 0)
        bits = np.zeros((len(batch) + 1, LEAD_BITS), np.bool_)
        bits.ravel()[_rows(counts, LEAD_BITS)[kept] + hashes[kept] // LEAD_KEPT % LEAD_BITS] = True
        sketches[first : first + len(batch)] = np.packbits(bits[:-1], axis=1)
        first += len(batch)
    return sketches


def share_in_lead(teasers: Bytes, leads: Bytes) -> Floats:
    """Return for each pair which share, 0 to 1, of the teaser's bits is set in the lead, (k,).

    Both arguments are sketches, (k, 64). The share is 0 if the teaser has no bits. It is near 1 if
    the words of the teaser stand in the lead. Otherwise it is about the share of the lead's bits
    that are set (one in seven).
    """
    total, shared = bits_set(teasers), bits_set(teasers & leads)
    shares: Floats = np.divide(shared, total, out=np.zeros(len(total)), where=total > 0)
    return shares


def bits_set(sketches: Bytes) -> Counts:
    """Return how many bits are set in each row of ``sketches``, (k,)."""
    counts: Counts = _BITS_SET[sketches].sum(axis=1)
    return counts


def compatible(text: str) -> str:
    """Return ``text`` in NFKC, or another text that cleans to the same."""
    if text.isascii():
        return text
    for separator in _COMPATIBILITY_SEPARATORS:
        text = text.replace(separator, " ")
    return unicodedata.normalize("NFKC", _without_sara_am(text))


def _without_sara_am(text: str) -> str:
    # ``in`` is ten times as fast as ``replace`` for a text without the letter.
    return text.replace(_SARA_AM, _SARA_AM_PARTS) if _SARA_AM in text else text


_BITS_SET = np.array([value.bit_count() for value in range(256)], np.intp)


def _batches(texts: Iterable[str]) -> Iterator[tuple[list[str], Words]]:
    """Yield batches of texts and their code points, cleaned but for repeated separators.

    Each text has a separator at its end. A batch has at most BATCH_POINTS code points. A longer
    text comes alone, in NFKC and without its code points.
    """
    for batch in _grouped(texts):
        entries = _entries(batch)
        unsettled = _unsettled(batch, entries)
        if not unsettled:
            entries &= _POINT_BITS
            yield batch, entries
            continue
        for number in unsettled:
            batch[number] = compatible(batch[number])
        for settled in _grouped(batch):  # group again: a text may be 18 times as long in NFKC
            yield settled, _entries(settled) & _POINT_BITS


def _grouped(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    points = 0
    for text in map(_without_sara_am, texts):
        points += len(text) + TEXT_POINTS
        if batch and points > BATCH_POINTS:
            yield batch
            batch, points = [], len(text) + TEXT_POINTS
        batch.append(text)
    if batch:
        yield batch


def _entries(batch: list[str]) -> Words:
    """Return the table's entries for the code points of a batch.

    Return an empty array for a text of over BATCH_POINTS.
    """
    return _looked_up("\n".join([*batch, ""])) if len(batch[0]) <= BATCH_POINTS else np.empty(0, np.uint32)


def _looked_up(text: str) -> Words:
    """Return the table's entry for each code point of ``text``.

    numpy copies the code points of an array of text, in a third of the time of an encoding.
    """
    return _table().take(np.array([text]).view(np.uint32), mode="clip")


def _unsettled(batch: list[str], entries: Words) -> list[int]:
    """Return the numbers of the texts that may clean to something else than their entries say.

    Every other text is in NFKC, except for code points that always become one other code point, or
    separators. None of them composes with the code point before it, and marks stand in canonical
    order (UAX #15, section 9).
    """
    if not len(entries):
        return [0]
    if entries.max() < _FOLLOWS:
        return []
    classes = entries >> _CLASS_SHIFT
    found = classes == _UNSETTLED
    both_marks = np.minimum(classes[1:], classes[:-1]) > 0
    composes = (entries[1:] & _FOLLOWS > 0) & (both_marks | (entries[:-1] & _LEADS > 0))
    found[1:] |= composes | (both_marks & (classes[1:] < classes[:-1]))
    starts = [0, *accumulate(len(text) + 1 for text in batch[:-1])]
    return [number for number, is_found in enumerate(np.logical_or.reduceat(found, starts)) if is_found]


def _sketch(batch: list[str], points: Words) -> tuple[Words, Counts]:
    """Return the minima of each text, (m, BINS), and its number of shingles, (m,)."""
    hashes, counts = _hashed(batch, points)
    places = _rows(counts, _SLOTS)
    places += hashes >> np.uint32(32 - _SLOT_BITS)
    slots = places.astype(np.intp)
    used = np.zeros((len(batch) + 1, _SLOTS), np.bool_)
    used.ravel()[slots] = True
    minima = np.full((len(batch) + 1, BINS), _EMPTY, np.uint32)
    slots >>= _SLOT_BITS - _BIN_BITS  # from here on these are bins
    np.minimum.at(minima.ravel(), slots, hashes)
    return minima[:-1], np.minimum(_linear_counts()[[np.count_nonzero(row) for row in used[:-1]]], counts[:, 0])


def _sketch_long(text: str) -> tuple[Words, int]:
    """Return the same as _sketch for one long text, which is handled in pieces."""
    minima = np.full((1, BINS), _EMPTY, np.uint32)
    pieces = []
    for hashes in _hashed_pieces(text):
        np.minimum.at(minima[0], hashes >> np.uint32(32 - _BIN_BITS), hashes)
        pieces.append(hashes)
    hashes = np.concatenate(pieces)
    if len(hashes) <= EXACT_ABOVE:
        used = np.zeros(_SLOTS, np.bool_)
        used[hashes >> np.uint32(32 - _SLOT_BITS)] = True
        return minima, min(int(_linear_counts()[np.count_nonzero(used)]), len(hashes))
    hashes.sort()
    return minima, 1 + int(np.count_nonzero(hashes[1:] != hashes[:-1]))


@cache
def _linear_counts() -> Counts:
    """Return the estimated number of different hashes by number of used slots, (_SLOTS + 1,)."""
    empty = range(_SLOTS, -1, -1)
    return np.array([round(-_SLOTS * math.log(max(slots, 1) / _SLOTS)) for slots in empty], np.intp)


def _hashed(batch: list[str], points: Words) -> tuple[Words, Counts]:
    """Return the hashes of all runs of SHINGLE code points of a batch, and their counts.

    The counts, (m, 2), are the runs within each text (its shingles), and the runs past its end.
    """
    kept = _kept(points)
    lengths = []
    start = 0
    for text in batch:
        end = start + len(text) + 1
        lengths.append(np.count_nonzero(kept[start:end]))  # with one separator at its end
        start = end
    counts = np.empty((len(batch), 2), np.intp)
    counts[:, 1] = np.minimum(lengths, SHINGLE)
    counts[:, 0] = lengths - counts[:, 1]
    return _hashes(points[kept]), counts


def _rows(counts: Counts, width: int) -> Words:
    """Return where each hash's row begins in a flat table with a row of ``width`` for each text.

    ``counts`` are those of ``_hashed``. Hashes of runs past the end of a text go to an extra last
    row.
    """
    rows = np.full(counts.shape, len(counts) * width, np.uint32)
    rows[:, 0] = range(0, len(counts) * width, width)
    return np.repeat(rows, counts.ravel())[: 1 - SHINGLE]


def _hashed_pieces(text: str) -> Iterator[Words]:
    """Yield the hashes of all shingles of one text; each piece continues the one before."""
    tail = np.empty(0, np.uint32)
    text += "\n"
    for start in range(0, len(text), BATCH_POINTS):
        points = np.concatenate([tail, _looked_up(text[start : start + BATCH_POINTS]) & _POINT_BITS])
        kept = _kept(points)
        kept[: len(tail)] = True
        cleaned = points[kept]
        yield _hashes(cleaned[:-1])  # the last code point may be the separator that ends the text
        tail = cleaned[-SHINGLE:]


@cache
def _table() -> Words:
    """Return for each code point what it becomes in NFKC and lower case, and its class.

    One code point becomes one: İ loses its dot, and Σ never becomes ς.
    """
    table = np.full(_TABLE_POINTS, _SEPARATOR, np.uint32)
    changed = {}
    leads: set[int] = set()
    follows: set[int] = set()
    for point, character in enumerate(map(chr, range(_TABLE_POINTS - 1))):
        kind = unicodedata.category(character)[0]
        if kind == "C":  # most of these are not assigned, and NFKC changes nothing in this category
            continue
        if kind in "LMN":
            table[point] = ord(character.lower()[0]) | unicodedata.combining(character) << _CLASS_SHIFT
        if (composed := unicodedata.normalize("NFKC", character)) != character:
            changed[point] = [ord(part) for part in composed]
        elif len(parts := unicodedata.normalize("NFD", character)) > 1:
            leads |= {point, ord(unicodedata.normalize("NFC", parts[:-1]))}
            follows.add(ord(parts[-1]))
    table[list(leads)] |= _LEADS
    table[list(follows)] |= _FOLLOWS
    for point, becomes in changed.items():
        entries = table[becomes]
        becomes_one = len(becomes) == 1 or (entries == _SEPARATOR).all()
        table[point] = entries[0] if becomes_one else _UNSETTLED << _CLASS_SHIFT
    np.empty(_FREED_BYTES, np.uint8)  # is freed at once
    return table


def _kept(points: Words) -> NDArray[np.bool_]:
    """Tell which code points stay: all but separators, and the first separator of each run.

    A separator at the beginning does not stay.
    """
    letters: NDArray[np.bool_] = points != _SEPARATOR
    kept = letters.copy()
    kept[1:] |= letters[:-1]
    return kept


def _hashes(points: Words) -> Words:
    """Return the mixed polynomial hash, modulo 2^32, of each run of SHINGLE code points.

    It joins runs of 1 to runs of 3, and these to runs of 9.
    """
    return _mixed(_joined(_joined(points, 1), 3))


def _joined(hashes: Words, length: int) -> Words:
    """Return the hashes of runs of 3 times ``length`` code points from those of ``length``."""
    factor = np.uint32(_BASE**length % _MODULUS)
    joined = hashes[: -2 * length] * factor
    joined += hashes[length:-length]
    joined *= factor
    joined += hashes[2 * length :]
    return joined


def _mixed(hashes: Words) -> Words:
    """Mix hashes in place, so that each bit depends on all bits.

    This is MurmurHash3's 32-bit finaliser (Appleby, public domain).
    """
    hashes ^= hashes >> np.uint32(16)
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    hashes ^= hashes >> np.uint32(16)
    return hashes


SOURCE_SHIFTS = tuple((1 + np.argsort(_mixed(np.arange(1, BINS, dtype=np.uint32)))).tolist())
"""An empty bin takes the minimum of the first filled bin at these distances, in this order. The
order is fixed, and mixed so that it has no pattern. It is the same for all bins, so no two bins of
a band ever take from the same bin."""


def _densified(minima: Words) -> Words:
    """Return ``minima`` with empty bins filled by SOURCE_SHIFTS.

    A row with only empty bins becomes zeros.
    """
    filled = minima.copy()
    filled[(minima == _EMPTY).all(axis=1)] = 0
    for shift in SOURCE_SHIFTS:
        empty = filled == _EMPTY
        if not empty.any():
            break
        np.copyto(filled, np.roll(minima, -shift, axis=1), where=empty)
    return filled
