"""Near-duplicate fingerprints, version 1: 128 bytes and a count, which tell how much of one text stands in another.

A text is cleaned (NFKC by UAX #15, lower case, everything but letters, marks and numbers to one space), each run of SHINGLE code points
of it is hashed, and the smallest hash in each of BINS bins stands for the whole: one-permutation MinHash (Li, Owen and Zhang, 2012), its
empty bins filled from others (densification: Shrivastava and Li, 2014). Of each minimum 8 bits are kept (b-bit minwise hashing: Li and
König, 2010). The same 128 bytes read as 32 integers are the keys under which candidates meet.

Fingerprints are stored in lakes: what changes any of them is a new ALGO (index/near.py). Characters younger than the
Unicode tables of the Python that runs (14.0 in 3.11) part words, as do lone surrogates.
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
"""Code points: short enough for an edit to spoil few of them, long enough for two stories to share few."""
BINS = 128
MAX_SIZE_RATIO = 4
"""Beyond, one band that is equal by chance would make a short text seem contained in a long one."""

BATCH_POINTS = 1 << 15
"""Code points worked through at once, about 11 articles: so many that numpy's calls cost little, so few that the arrays (about 1 MB)
stay in the processor's cache. Not above EXACT_ABOVE, since a batch is not counted exactly."""

TEXT_POINTS = 340
"""Counted for each text besides its own: what is kept of it while it is sketched takes as much memory as the arrays of so many."""

LEAD_POINTS = 600
LEAD_BITS = 1024
LEAD_KEPT = 4
"""One shingle in so many is sketched: 150 of a full lead, which set one bit in seven."""

EXACT_ABOVE = 40_000
"""More shingles than this (with those that repeat) are counted exactly: fewer slots stay empty, and linear counting begins to fail."""

_SLOT_BITS = 13
_SLOTS = 1 << _SLOT_BITS
"""Of linear counting (Whang, Vander-Zanden and Taylor, 1990), which so errs by 1 % at 8,000 shingles and by 2.5 % at 40,000."""
_BIN_BITS = 7
_CHANCE = 1 / 256
"""Share of bytes that are equal where nothing is shared."""
_EMPTY = 0xFFFFFFFF
"""In place of a bin's minimum; a hash of this value is as good as none."""

_SEPARATOR = ord(" ")
_COMPATIBILITY_SEPARATORS = "\u00a0…，：；！？（）"
"""What keeps most texts from being in NFKC as they stand, which takes ten times as long to make as to see: separators before as after, and
no mark combines with any of them."""
_SARA_AM, _SARA_AM_PARTS = "\u0e33", "\u0e4d\u0e32"
"""What keeps all Thai texts from it. Nothing combines or changes places with its parts."""
_TABLE_POINTS = 0x40000
"""Planes 0 to 3 hold all letters and numbers. What is beyond (tags, private use, variation selectors) parts words."""
_POINT_BITS = np.uint32(_TABLE_POINTS - 1)
_LEADS, _FOLLOWS = np.uint32(1 << 22), np.uint32(1 << 23)
_CLASS_SHIFT = np.uint32(24)
_UNSETTLED = 255
"""Of an entry in the table: the bits of what the code point becomes; whether it may compose with one after it, with one before it; and its
canonical combining class (UAX #44: no more than 254), or that it becomes several."""
_FREED_BYTES = 1 << 22
"""glibc hands what a batch frees back to the system, which costs as much as all the rest, until a block larger than those has been freed
once (mallopt(3), M_MMAP_THRESHOLD). Most processes have done so long before."""

_MODULUS = 1 << 32
_BASE = 0x9E3779B1
"""The prime next to 2^32 divided by the golden ratio. Odd, so that no bit of a code point is lost."""

Words = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Counts = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """A row for each text. ``signatures``: (m, BINS) uint8; ``shingles``: (m,) uint32, how many different shingles it has.

    A text of fewer than SHINGLE code points after cleaning has none, and a signature of zeros.
    """

    signatures: Bytes
    shingles: Words


def fingerprint(texts: Sequence[str]) -> Fingerprints:
    """The fingerprint of each text, which does not depend on what stands beside it.

    >>> found = fingerprint(["The mayor has opened the bridge.", "the mayor has OPENED -- the bridge", "No."])
    >>> found.shingles
    array([23, 23,  0], dtype=uint32)
    >>> bool((found.signatures[0] == found.signatures[1]).all())
    True

    However many the texts are, temporaries take about 1 MB; with a text of over BATCH_POINTS code points, 8 bytes for each of them more.
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
    """Estimated Jaccard similarity, 0 to 1, from counts of equal bytes; what chance makes equal is taken off.

    >>> jaccard([0, 64, 128]).round(3)
    array([0.   , 0.498, 1.   ])
    """
    share = np.asarray(equal, np.float64) / BINS
    return np.clip((share - _CHANCE) / (1 - _CHANCE), 0, 1)


def containment(jaccard: ArrayLike, left_n: ArrayLike, right_n: ArrayLike) -> Floats:
    """Estimated share, 0 to 1, of the smaller text's shingles that the other has too, from the Jaccard similarity and both counts.

    0 where one has more than MAX_SIZE_RATIO times the shingles of the other, or none.

    >>> containment([0.25, 0.25, 0.25], [400, 400, 401], [100, 400, 100])
    array([1. , 0.4, 0. ])
    """
    similarity, left, right = (np.asarray(given, np.float64) for given in (jaccard, left_n, right_n))
    smaller, larger = np.minimum(left, right), np.maximum(left, right)
    shared = similarity * (left + right) / (1 + similarity)
    counts = (smaller > 0) & (larger <= MAX_SIZE_RATIO * smaller)
    return np.minimum(np.divide(shared, smaller, out=np.zeros_like(shared), where=counts), 1)


def lead_sketch(texts: Sequence[str]) -> Bytes:
    """(m, 128) uint8: LEAD_BITS bits a text, in which the shingles of its lead are set (a Bloom filter of one hash function).

    The lead is the first LEAD_POINTS code points as they stand, before cleaning. Of its shingles, one in LEAD_KEPT is sketched, the same
    ones in every text.
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
    """(k,) shares, 0 to 1, of the bits of each teaser's sketch that are set in the lead's; 0 where the teaser has none. Both (k, 128).

    Near 1 where the words of the teaser stand in the lead, else about the share of the lead's bits that are set (one in seven).
    """
    total, shared = bits_set(teasers), bits_set(teasers & leads)
    shares: Floats = np.divide(shared, total, out=np.zeros(len(total)), where=total > 0)
    return shares


def bits_set(sketches: Bytes) -> Counts:
    """(k,) how many bits are set in each row of ``sketches``."""
    counts: Counts = _BITS_SET[sketches].sum(axis=1)
    return counts


def compatible(text: str) -> str:
    """``text`` in NFKC, or what cleans to the same."""
    if text.isascii():
        return text
    for separator in _COMPATIBILITY_SEPARATORS:
        text = text.replace(separator, " ")
    return unicodedata.normalize("NFKC", _without_sara_am(text))


def _without_sara_am(text: str) -> str:
    return (
        text.replace(_SARA_AM, _SARA_AM_PARTS) if _SARA_AM in text else text
    )  # ``in`` is ten times as fast where there is none


_BITS_SET = np.array([value.bit_count() for value in range(256)], np.intp)


def _batches(texts: Iterable[str]) -> Iterator[tuple[list[str], Words]]:
    """Texts and their code points, cleaned but for separators that follow each other, each text with one at its end.

    As many at once as have BATCH_POINTS; a longer text comes alone, in NFKC and without its points.
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
        for settled in _grouped(batch):  # anew, since a text may be 18 times as long in NFKC
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
    """Of each code point of a batch, those in the table; none for a text of over BATCH_POINTS."""
    return _looked_up("\n".join([*batch, ""])) if len(batch[0]) <= BATCH_POINTS else np.empty(0, np.uint32)


def _looked_up(text: str) -> Words:
    """The entry in the table of each code point; for an array of text numpy copies them, in a third of the time of an encoding."""
    return _table().take(np.array([text]).view(np.uint32), mode="clip")


def _unsettled(batch: list[str], entries: Words) -> list[int]:
    """Which texts of a batch may clean to something else than their entries say.

    The others are in NFKC but for code points that become one other, or separators, whatever stands beside them: none composes with what
    is before it, and marks stand in canonical order (UAX #15, section 9).
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
    """(m, BINS) minima and (m,) how many shingles each text has."""
    hashes, counts = _hashed(batch, points)
    places = _rows(counts, _SLOTS)
    places += hashes >> np.uint32(32 - _SLOT_BITS)
    slots = places.astype(np.intp)
    used = np.zeros((len(batch) + 1, _SLOTS), np.bool_)
    used.ravel()[slots] = True
    minima = np.full((len(batch) + 1, BINS), _EMPTY, np.uint32)
    slots >>= _SLOT_BITS - _BIN_BITS  # now bins
    np.minimum.at(minima.ravel(), slots, hashes)
    return minima[:-1], np.minimum(_linear_counts()[[np.count_nonzero(row) for row in used[:-1]]], counts[:, 0])


def _sketch_long(text: str) -> tuple[Words, int]:
    """As _sketch for one text, in pieces."""
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
    """(_SLOTS + 1,) how many different hashes there are, by how many slots they use."""
    empty = range(_SLOTS, -1, -1)
    return np.array([round(-_SLOTS * math.log(max(slots, 1) / _SLOTS)) for slots in empty], np.intp)


def _hashed(batch: list[str], points: Words) -> tuple[Words, Counts]:
    """The hashes of all runs of SHINGLE points of a batch, and (m, 2) how many are shingles of each text, how many run past its end."""
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
    """Where the row of each hash of a batch begins, ``width`` being that of a row. Those that run past the end of a text have the last."""
    rows = np.full(counts.shape, len(counts) * width, np.uint32)
    rows[:, 0] = range(0, len(counts) * width, width)
    return np.repeat(rows, counts.ravel())[: 1 - SHINGLE]


def _hashed_pieces(text: str) -> Iterator[Words]:
    """The hashes of all shingles of one text, each piece carrying on where the last has ended."""
    tail = np.empty(0, np.uint32)
    text += "\n"
    for start in range(0, len(text), BATCH_POINTS):
        points = np.concatenate([tail, _looked_up(text[start : start + BATCH_POINTS]) & _POINT_BITS])
        kept = _kept(points)
        kept[: len(tail)] = True
        cleaned = points[kept]
        yield _hashes(cleaned[:-1])  # the last one may be the separator at the end of the text
        tail = cleaned[-SHINGLE:]


@cache
def _table() -> Words:
    """What each code point becomes in NFKC and lower case, and its class. One becomes one: İ loses its dot, Σ is never ς."""
    table = np.full(_TABLE_POINTS, _SEPARATOR, np.uint32)
    changed = {}
    leads: set[int] = set()
    follows: set[int] = set()
    for point, character in enumerate(map(chr, range(_TABLE_POINTS - 1))):
        kind = unicodedata.category(character)[0]
        if kind == "C":  # most are not assigned, and none changes
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
    np.empty(_FREED_BYTES, np.uint8)  # and freed at once
    return table


def _kept(points: Words) -> NDArray[np.bool_]:
    """Which code points stay: all but separators, and the first separator after one that stays."""
    letters: NDArray[np.bool_] = points != _SEPARATOR
    kept = letters.copy()
    kept[1:] |= letters[:-1]
    return kept


def _hashes(points: Words) -> Words:
    """The mixed polynomial hash, modulo 2^32, of each run of SHINGLE points: of 3 and 9 in turn."""
    return _mixed(_joined(_joined(points, 1), 3))


def _joined(hashes: Words, length: int) -> Words:
    """Of runs three times as long, from those of ``length`` points."""
    factor = np.uint32(_BASE**length % _MODULUS)
    joined = hashes[: -2 * length] * factor
    joined += hashes[length:-length]
    joined *= factor
    joined += hashes[2 * length :]
    return joined


def _mixed(hashes: Words) -> Words:
    """MurmurHash3's 32-bit finaliser (Appleby, public domain), in place: each bit comes to hang on all."""
    hashes ^= hashes >> np.uint32(16)
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    hashes ^= hashes >> np.uint32(16)
    return hashes


SOURCE_SHIFTS = tuple((1 + np.argsort(_mixed(np.arange(1, BINS, dtype=np.uint32)))).tolist())
"""An empty bin takes the minimum of the first filled one among those so many bins further on. A fixed order, mixed so that it has no
pattern; one for all bins, so that no two of a band ever have the same source."""


def _densified(minima: Words) -> Words:
    """``minima`` with empty bins filled by SOURCE_SHIFTS; a row that has none but empty ones becomes zeros."""
    filled = minima.copy()
    filled[(minima == _EMPTY).all(axis=1)] = 0
    for shift in SOURCE_SHIFTS:
        empty = filled == _EMPTY
        if not empty.any():
            break
        np.copyto(filled, np.roll(minima, -shift, axis=1), where=empty)
    return filled
