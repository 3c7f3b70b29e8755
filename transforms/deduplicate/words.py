"""Which texts say the same: a digest of their words, numbers and symbols.

Commas, quotes, capitals and spaces do not count. The text is brought to NFKC (UAX #15) and folded
case. Then these remain:

- letters, marks and numbers, but not the marks that writers of Arabic and Hebrew leave out;
- symbols ("$12" is not "€12");
- punctuation that changes a number: one mark between two digits ("1.5" is not "15"), a minus or a
  point before the first digit;
- a blank between two numbers.

The digests are stored in lakes. A change of any digest needs a new ALGO (index/keys.py).
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from newslake.transforms.deduplicate.fingerprint import compatible

BATCH_POINTS = 1 << 15
"""Code points that are handled at once: their arrays stay in the processor's cache."""

_IN_NUMBERS = ",:/–"
_SIGNS = "-."
"""These count before the first digit of a number too: -5, .5."""
_SYMBOLS = "$%+‰"
"""These count although they are in ASCII or are no symbols by their category. Other symbols of
ASCII do not: most are ornaments or markup."""
_OPTIONAL = (
    0x0640,
    *range(0x064B, 0x0660),
    0x0670,
    *range(0x0591, 0x05BE),
    0x05BF,
    0x05C1,
    0x05C2,
    0x05C4,
    0x05C5,
    0x05C7,
)
"""Tatweel, harakat and niqqud: they stretch words or spell out their vowels."""
_ALEF, _OTHER_ALEFS = 0x0627, (0x0622, 0x0623, 0x0625, 0x0671)
"""Alef with hamza, madda or wasla: writers put bare alef for it."""
_BLANK = ord(" ")
_PART = "\x1e"
_PART_POINT = ord(_PART)
"""ASCII's record separator ends each part of a text, and stays in what is digested."""
_TABLE_POINTS = 0x40000
"""Planes 0 to 3 hold all letters, numbers and symbols but those of private use."""
_BREAK, _END, _WORD, _DIGIT, _IN_NUMBER, _SIGN = range(6)

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint32]


def word_digests(texts: Sequence[tuple[str, ...]]) -> list[bytes]:
    """Return a digest of 16 bytes for each text.

    A text is given in parts, such as headline and body. A word that moves to another part changes
    the digest.

    >>> texts = [("Up 1.5 %", "“So”"), ("up 1.5% --", "SO"), ("Up 15 %", "So")]
    >>> one, other, another = word_digests(texts)
    >>> one == other, one == another
    (True, False)
    """
    return [_digest(words, highest) for words, highest in _words_of(texts)]


def headline_and_body_digests(texts: Sequence[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return two digests for each headline and body: of both, and of the body alone.

    The second one does not count the headline where the body repeats it at its beginning.
    """
    digests = []
    for words, highest in _words_of(texts):
        end = int(np.argmax(words == _PART_POINT))
        headline, body = words[:end], words[end + 1 :]
        if np.array_equal(body[:end], headline):
            body = body[end:]
        digests.append((_digest(words, highest), _digest(body, int(body.max()))))
    return digests


def _words_of(texts: Sequence[tuple[str, ...]]) -> Iterator[tuple[Words, int]]:
    """Yield the code points that remain of each text, and the highest one; _PART ends each part."""
    points, kinds = _tables()
    for batch in _batches(texts):
        codes = np.array(["".join(batch)]).view(np.uint32)
        folded = points.take(codes, mode="clip")
        kept = _kept(kinds.take(codes, mode="clip"), folded)
        words = folded[kept]
        counts = np.add.reduceat(kept, [0, *accumulate(map(len, batch[:-1]))], dtype=np.int64).tolist()
        starts = [0, *accumulate(counts)]
        # reduceat needs a code point in each text: at least the last _PART of each one stays.
        highest = np.maximum.reduceat(words, starts[:-1]).tolist()
        for (start, end), point in zip(pairwise(starts), highest, strict=True):
            yield words[start:end], point


def _batches(texts: Sequence[tuple[str, ...]]) -> Iterator[list[str]]:
    """Yield texts as one string each, at most BATCH_POINTS at once; a longer text comes alone."""
    batch: list[str] = []
    points = 0
    for parts in texts:
        text = "".join([compatible(part).replace(_PART, " ") + _PART for part in parts])
        points += len(text)
        if batch and points > BATCH_POINTS:
            yield batch
            batch, points = [], len(text)
        batch.append(text)
    if batch:
        yield batch


def _kept(kinds: Bytes, points: Words) -> NDArray[np.bool_]:
    """Tell which characters stay; put a blank between two numbers that would run together.

    ``kinds`` are the kinds of the characters; the last one is _END. ``points`` are their code
    points, which this may change.
    """
    kept: NDArray[np.bool_] = (kinds >= _END) & (kinds <= _DIGIT)
    mark = np.flatnonzero(kinds >= _IN_NUMBER)
    mark = mark[kinds[mark + 1] == _DIGIT]
    before = kinds[mark - 1]
    kept[mark] = (before == _DIGIT) | ((kinds[mark] == _SIGN) & (before != _WORD))
    left_out = np.flatnonzero(~kept)
    behind = left_out[kinds[left_out - 1] == _DIGIT]
    staying = np.flatnonzero(kept)
    following = kinds[staying[np.searchsorted(staying, behind)]]
    between = behind[(following == _DIGIT) | (following >= _IN_NUMBER)]
    kept[between], points[between] = True, _BLANK
    return kept


def _digest(words: Words, highest: int) -> bytes:
    """Return the digest of code points, each in as few bytes as the ``highest`` needs.

    Most of what is hashed is ASCII.
    """
    width = "|u1" if highest < 1 << 8 else "<u2" if highest < 1 << 16 else "<u4"
    return hashlib.blake2b(words.astype(width).tobytes(), digest_size=16, person=width.encode()).digest()


@cache
def _tables() -> tuple[Words, Bytes]:
    """Return what each code point becomes in folded case, one for one, and its kind."""
    points = np.arange(_TABLE_POINTS, dtype=np.uint32)
    kinds = bytearray([_BREAK]) * _TABLE_POINTS
    for point, character in enumerate(map(chr, range(_TABLE_POINTS - 1))):
        category = unicodedata.category(character)
        if category == "Nd":
            kinds[point] = _DIGIT
        elif category[0] in "LMN" or (category[0] == "S" and not character.isascii()):
            kinds[point] = _WORD
        if category != "Lo" and (folded := character.casefold()) != character:
            points[point] = ord(folded if len(folded) == 1 else character.lower()[0])
    for point in _OPTIONAL:
        kinds[point] = _BREAK
    points[list(_OTHER_ALEFS)] = _ALEF
    marks = ((_SYMBOLS, _WORD), (_PART, _END), (_IN_NUMBERS, _IN_NUMBER), (_SIGNS, _SIGN))
    for character, kind in ((character, kind) for characters, kind in marks for character in characters):
        kinds[ord(character)] = kind
    points[ord("–")] = ord("-")
    return points, np.frombuffer(kinds, np.uint8)


@cache
def no_words() -> bytes:
    """Return the digest of a text of one part without words."""
    return word_digests([("",)])[0]
