"""A guess at the encoding of text, and a judgement of the encoding that it claims.

chardetng guesses, the detector of Firefox. It was made for short texts of the web.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from chardetng_py import EncodingDetector

from newslake.transforms.storage.encoding.labels import codec_name, is_single_byte

_SAMPLE_BYTES = 64_000
"""A guess is made from so many bytes around what is not ASCII."""
_TEXT_BYTES = 4_000
_CONTEXT_BYTES = 20
_MOST_BAD = 0.05
"""With a larger share of bad characters the text is in another encoding."""
_MOST_ODD = 0.2
_HALF = 0.5
_FEW = 10
"""Fewer characters beyond ASCII prove nothing."""

_LANGUAGE = re.compile(rb"(?:<(?:dc:)?language>|xml:lang=[\"'])\s*([a-z]{2}(?:[-_](?:tw|hk|hant))?)\b", re.IGNORECASE)
_SITE = re.compile(rb"https?://[^/<>\"'\s:]*\.([a-z]{2})[/:<\"']", re.IGNORECASE)
_TOP_LEVEL_DOMAINS = {
    **{"ar": "eg", "be": "by", "bs": "ba", "cs": "cz", "da": "dk", "el": "gr", "et": "ee", "fa": "ir", "he": "il"},
    **{"iw": "il", "ja": "jp", "ka": "ge", "kk": "kz", "ko": "kr", "nb": "no", "sl": "si", "sq": "al", "sr": "rs"},
    **{"sv": "se", "uk": "ua", "ur": "pk", "vi": "vn", "yi": "il", "zh": "cn", "zh-tw": "tw", "zh-hk": "hk"},
    **{"zh-hant": "tw", "en": ""},
}
"""The country whose domain stands for a language in the detector, where the codes differ.

English is no hint: templates of feeds say "en-us" by default.
"""

_GUESSABLE = frozenset(
    {"cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866"}
    | {"iso8859-2", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-13", "koi8-r", "koi8-u"}
    | {"gb18030", "big5hkscs", "euc_jp", "cp932", "cp949"}
)
"""The encodings that the detector knows. Its doubt about another one says little."""

_CONTROL = re.compile("[\x80-\x84\x86-\x9f]")
_TEXT_END = re.compile(rb"[<\n]")


def take_sample(blocks: Iterable[bytes]) -> bytes:
    """Return the first 64,000 bytes of the texts between tags that are not ASCII."""
    sample = b""
    for block in blocks:
        sample += b"\n".join((*_texts(block, _SAMPLE_BYTES - len(sample)), b""))
        if len(sample) >= _SAMPLE_BYTES:
            break
    return sample


def _texts(block: bytes, room: int) -> Iterator[bytes]:
    """Yield the texts between tags that are not ASCII, up to ``room`` bytes in all."""
    end = 0
    while room > 0 and (first := _find_beyond_ascii(block, end)) >= 0:
        stop = _TEXT_END.search(block, first, first + _TEXT_BYTES)
        begin = max(end, first - _CONTEXT_BYTES)
        end = stop.start() if stop else min(first + _TEXT_BYTES, len(block))
        text = block[begin:end][:room]
        room -= len(text)
        yield text


def _find_beyond_ascii(block: bytes, start: int) -> int:
    """Return where the first byte beyond ASCII is, or -1; faster than a search by pattern."""
    try:
        codecs.ascii_decode(memoryview(block)[start:])
    except UnicodeDecodeError as error:
        return start + error.start
    return -1


def judge(sample: bytes, claimed: str, head: bytes) -> tuple[str, bool]:
    """Return the claimed encoding, or a guess if the claim cannot be true; and whether to flag it.

    ``head`` is the beginning of the body, which may name a language. A claim that the detector
    doubts is flagged. It is overruled only where its text is unsound or in another script than the
    guess. Between two encodings of one script the claim is right more often than the detector.
    Two bytes a character that all have a meaning are no single bytes.
    """
    guessed = guess(sample, head)
    text, other = (sample.decode(name, "replace") for name in (claimed, guessed))
    if text == other:
        return claimed, False
    has_many_bytes = not is_single_byte(claimed) and is_single_byte(guessed)
    is_other_script = _count_beyond_ascii(text) >= _FEW and not has_many_bytes and _script(text) != _script(other)
    if (is_other_script or not _is_sound(text)) and _is_sound(other):
        return guessed, True
    if has_many_bytes:
        is_doubtful = _count_beyond_ascii(text) < _FEW
    elif claimed in _GUESSABLE:
        is_doubtful = True
    else:
        is_doubtful = _is_sound(other) and _agreement(text, other) < _HALF
    return claimed, is_doubtful or _CONTROL.search(text) is not None


def guess(sample: bytes, head: bytes) -> str:
    """Return the encoding that fits a sample best; ``head`` may name a language."""
    detector = EncodingDetector()
    detector.feed(sample, last=True)
    name = codec_name(detector.guess(tld=_top_level_domain(head), allow_utf8=True)) or "utf-8"
    if _is_odd(sample.decode(name, "replace")) and not _is_odd(sample.decode("mac-roman")):
        return "mac-roman"  # browsers hardly meet it, so the detector does not know it
    return name


def _is_sound(text: str) -> bool:
    """Tell whether what is not ASCII looks decoded rightly."""
    is_broken = text.count("\ufffd") > _MOST_BAD * _count_beyond_ascii(text)
    return not is_broken and not _is_odd(text)


def _is_odd(text: str) -> bool:
    """Tell whether characters beyond ASCII are strange within words, or mostly capitals.

    KOI8-R has the small letters where windows-1251 has the capitals.
    """
    odd = capitals = 0
    for before, letter, after in zip(text, text[1:], text[2:], strict=False):
        if letter.isascii():
            continue
        capitals += letter.isupper()
        if before.islower() and after.islower():
            odd += _is_strange_in_word(letter, before + after)
    beyond = _count_beyond_ascii(text)
    return odd > _MOST_ODD * beyond or (beyond >= _FEW and capitals > _HALF * beyond)


def _is_strange_in_word(letter: str, around: str) -> bool:
    """Tell whether a capital, a symbol or a Chinese character is between two small letters."""
    category = unicodedata.category(letter)
    is_foreign = category == "Lo" and around.isascii()
    return is_foreign or category == "Lu" or category[0] in "SNC" or letter in "§¶†‡¿¡"


def _count_beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _agreement(text: str, other: str) -> float:
    """Return the share of characters beyond ASCII that two readings have in common."""
    pairs = [(one, two) for one, two in zip(text, other, strict=False) if not one.isascii()]
    return sum(one == two for one, two in pairs) / max(len(pairs), 1)


def _script(text: str) -> str:
    """Return the script of most letters beyond ASCII, by the first word of their Unicode names."""
    letters = Counter(letter for letter in text if not letter.isascii() and letter.isalpha())
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[unicodedata.name(letter, "").partition(" ")[0]] += count
    return max(scripts, key=scripts.__getitem__, default="")


def _top_level_domain(head: bytes) -> bytes | None:
    """Return the domain of a country that a feed's language or first link hints at, or None."""
    if language := _LANGUAGE.search(head):
        code = language[1].decode("ascii").lower().replace("_", "-")
        code = _TOP_LEVEL_DOMAINS.get(code, code[:2])
        if code:
            return _TOP_LEVEL_DOMAINS.get(code, code).encode()
    site = _SITE.search(head)
    return site[1].lower() if site else None
