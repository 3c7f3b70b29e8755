"""From the bytes of a feed to text: find the encoding once for a document, then decode.

``find_encoding`` looks at a body in blocks, so the body may be a large ``mmap``. The first of these
rules that applies gives the encoding:

1. the encoding that the user configured;
2. a byte order mark, or the NUL bytes of UTF-16 and UTF-32 (XML 1.0 appendix F);
3. UTF-8 against another declaration, if the body clearly is UTF-8 (``_overrules``);
4. the encoding that the XML declaration names, by the labels of the WHATWG Encoding Standard;
5. the charset of the HTTP header. RFC 7303 puts the header first, but many servers label everything
   ISO-8859-1;
6. UTF-8, if the body is UTF-8 but for a few bytes;
7. a guess by chardetng, the detector of Firefox, from what is not ASCII.

What overrules a declaration and what is guessed has ``is_guessed``.
"""

import codecs
import mmap
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import webencodings
from chardetng_py import EncodingDetector

Body = bytes | bytearray | memoryview | mmap.mmap

_BLOCK_BYTES = 1_000_000
_HEAD_BYTES = 10_000
"""The declaration is looked for in so many first bytes, behind comments and PHP warnings."""
_SAMPLE_BYTES = 64_000
"""A guess is made from so many bytes around what is not ASCII."""
_TEXT_BYTES = 4_000
_CONTEXT_BYTES = 20
_ENOUGH = 2_000
"""So many characters beyond ASCII show whether a body is UTF-8; the rest is not looked at."""
_MOST_BAD = 0.05
"""With a larger share of bad characters the text is in another encoding."""
_MOST_ODD = 0.2
_HALF = 0.5
_FEW = 10
"""Fewer characters beyond ASCII prove nothing."""
_HELD_BYTES = 24
_MOST_PLACES = 10_000
_BAD = "\U0010ffff"
"""A repair puts it before each character that stands for bad bytes. It is no character itself."""
_KOREAN = b"\x1b$)C"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (re.compile(rb"[^\0]\0\0\0[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[^\0]\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"[^\0]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),  # "<?xm" in EBCDIC
)
"""How a body begins whose first characters are ASCII (RFC 4627 section 3, XML 1.0 appendix F)."""

_DECLARED = re.compile(rb"<\?xml\b[^>]*?\bencoding\s*=\s*(?:[\"']([^\"'<>]{1,40})|([\w.:-]{1,40}))", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel|opml)\b", re.IGNORECASE)
_LANGUAGE = re.compile(rb"(?:<(?:dc:)?language>|xml:lang=[\"'])\s*([a-z]{2}(?:[-_](?:tw|hk|hant))?)\b", re.IGNORECASE)
_SITE = re.compile(rb"https?://[^/<>\"'\s:]*\.([a-z]{2})[/:<\"']", re.IGNORECASE)
_TOP_LEVEL_DOMAINS = {
    **{"ar": "eg", "be": "by", "bs": "ba", "cs": "cz", "da": "dk", "el": "gr", "et": "ee", "fa": "ir", "he": "il"},
    **{"iw": "il", "ja": "jp", "ka": "ge", "kk": "kz", "ko": "kr", "nb": "no", "sl": "si", "sq": "al", "sr": "rs"},
    **{
        "sv": "se",
        "uk": "ua",
        "ur": "pk",
        "vi": "vn",
        "yi": "il",
        "zh": "cn",
        "zh-tw": "tw",
        "zh-hk": "hk",
        "zh-hant": "tw",
        "en": "",
    },
}
"""The country whose domain stands for a language in the detector, where the codes differ.

English is no hint: templates of feeds say "en-us" by default.
"""

_NUMBERED = re.compile(r"(?:x-)?(?:win(?:dows)?|cp|ibm|ansi)[\s_-]*(\d{3,4})")
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "iso2022_jp": "iso2022_jp_ext"}
"""Labels that publishers use for a larger set (WHATWG Encoding Standard, section 4.2)."""
_NOT_CHARACTER_SETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "unicode-escape", "raw_unicode_escape", "utf-7"}
    | {"x-user-defined", "replacement"}
)
"""Codecs that no document uses."""
_GUESSABLE = frozenset(
    {"cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866"}
    | {"iso8859-2", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-13", "koi8-r", "koi8-u"}
    | {"gb18030", "big5hkscs", "euc_jp", "cp932", "cp949"}
)
"""The encodings that the detector knows. Its doubt about another one says little."""

_HIGH = bytes(range(0x80, 0x100))
_CONTROL = re.compile("[\x80-\x84\x86-\x9f]")
_TEXT_END = re.compile(rb"[<\n]")
_ESCAPE = re.compile(rb"\x1b(?:\$\)C|\$[@B(]|\([BIJ])")
"""The escapes of ISO-2022-KR, and those of ISO-2022-JP (RFC 1557, RFC 1468)."""
_WHOLE_CHARACTER_END = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})\Z")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name of it.

    ``is_guessed`` tells that it is guessed, doubtful, or not the one that the body claims.
    """

    name: str
    is_guessed: bool = False

    def decoder(self) -> "Decoder":
        """Return a decoder for one body."""
        return Decoder(self.name)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a feed.

    ``is_damaged`` tells that bytes have no meaning in the encoding. ``is_guessed`` is that of the
    Encoding.
    """

    text: str
    is_damaged: bool = False
    is_guessed: bool = False


class Decoder:
    """Decodes a body that comes in pieces of any size.

    Each bad byte or part of a character costs one character: in UTF-8 a single byte is read as
    windows-1252, and everything else becomes U+FFFD. ``bad_places`` are the offsets of these
    characters in the whole text, the first 10,000; in later pieces everything bad becomes U+FFFD.
    NULs, and byte order marks at the beginning, are dropped.
    """

    def __init__(self, name: str) -> None:
        self._decoder = codecs.getincrementaldecoder(name)()
        self._errors = f"newslake.{name if name in _REPAIRS else 'other'}"
        self._held_bytes = _HELD_BYTES if name == "utf-8" else 0
        self._held = b""
        self._length = 0
        self.bad_places: list[int] = []

    @property
    def is_damaged(self) -> bool:
        """Tell whether bad bytes were met so far."""
        return bool(self.bad_places)

    def decode(self, data: bytes, final: bool = False) -> str:
        """Return the text of the next bytes. ``final`` tells that no more follow."""
        if self._held_bytes:
            data = self._hold(data, final)
        state = self._decoder.getstate()
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError:
            self._decoder.setstate(state)
            self._decoder.errors = self._errors
            text = self._decoder.decode(data, final)
        text = text.replace("\0", "")
        if self._length == 0:
            text = text.lstrip("\ufeff")
        if self._decoder.errors != "strict":
            text = self._note_bad_places(text)
        self._length += len(text)
        return text

    def _note_bad_places(self, text: str) -> str:
        """Remove the marks that the repairs set."""
        before, *parts = text.split(_BAD)
        place = self._length + len(before)
        for part in parts:
            if len(self.bad_places) < _MOST_PLACES:
                self.bad_places.append(place)
            place += len(part)
        if len(self.bad_places) == _MOST_PLACES:
            self._decoder.errors = "replace"  # a repair is a call in Python, too slow for a body of garbage
        return before + "".join(parts)

    def _hold(self, data: bytes, final: bool) -> bytes:
        """Keep the last bytes beyond ASCII back, because a repair looks at the bytes around it."""
        data = self._held + data
        tail = data[-self._held_bytes :]
        kept = 0 if final else len(tail) - len(tail.rstrip(_HIGH))
        self._held = data[len(data) - kept :]
        return data[: len(data) - kept]


def decode_feed(body: Body, *, encoding: str | None = None, charset: str | None = None) -> Decoded:
    """Return the text of a whole feed; the arguments are those of ``find_encoding``."""
    found = find_encoding(body, encoding=encoding, charset=charset)
    decoder = found.decoder()
    starts = range(0, len(body), _BLOCK_BYTES)
    text = "".join(decoder.decode(bytes(body[start : start + _BLOCK_BYTES])) for start in starts)
    text += decoder.decode(b"", final=True)
    return Decoded(text, decoder.is_damaged, found.is_guessed)


def find_encoding(body: Body, *, encoding: str | None = None, charset: str | None = None) -> Encoding:
    """Return the encoding of a feed by the rules above.

    ``encoding`` is the user's label for it, and ``charset`` that of the HTTP header. Labels that
    name no encoding are ignored. The body is read up to where the answer is sure, in blocks.
    """
    head = bytes(body[:_HEAD_BYTES])
    # A body that does not begin like UTF-16 is not UTF-16. Programs that keep their strings in
    # UTF-16 often declare it all the same.
    names = [_codec_name(label) for label in (encoding, _declared(head), charset)]
    own, declared, header = (None if name and name.startswith(("utf-16", "utf-32")) else name for name in names)
    if own:
        return Encoding(own)
    marked = _marked(head)
    if marked and marked != "utf-8":
        return Encoding(marked)
    claimed = marked or declared or header
    seen = _survey(body)
    if seen.escape and not (claimed or "").startswith("iso2022"):
        return Encoding("iso2022_kr" if seen.escape == _KOREAN else "iso2022_jp_ext", is_guessed=True)
    if seen.good + seen.bad == 0:
        return Encoding(claimed or "utf-8")
    if claimed is None or claimed == "utf-8":
        is_utf8 = seen.bad <= seen.good
        return Encoding("utf-8") if is_utf8 else Encoding(_guess(_sample(body), head), is_guessed=True)
    if header == "utf-8" and seen.bad == 0:
        return Encoding("utf-8")
    if _overrules(seen, claimed):
        return Encoding("utf-8", is_guessed=True)
    return _judge(_sample(body), claimed, head)


@dataclass(slots=True)
class _Seen:
    """What a body looks like: how many characters beyond ASCII are UTF-8 and how many are not.

    ``escape`` is an escape of ISO 2022 in a body of ASCII alone.
    """

    good: int = 0
    bad: int = 0
    escape: bytes = b""


def _survey(body: Body) -> _Seen:
    seen = _Seen()
    escape = b""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for start in range(0, len(body), _BLOCK_BYTES):
        block = bytes(body[start : start + _BLOCK_BYTES])
        if block.isascii():
            if not escape and b"\x1b" in block and (found := _ESCAPE.search(block)):
                escape = found[0]
            decoder.reset()
            continue
        text = decoder.decode(block)
        bad = text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
        seen.bad += bad
        seen.good += len(text) - len(block.translate(None, _HIGH)) - bad
        if seen.good + seen.bad >= _ENOUGH:
            break
    seen.escape = b"" if seen.good + seen.bad else escape
    return seen


def _sample(body: Body) -> bytes:
    """Return the first 64,000 bytes of the texts between tags that are not ASCII."""
    sample = b""
    for start in range(0, len(body), _BLOCK_BYTES):
        block = bytes(body[start : start + _BLOCK_BYTES])
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


def _overrules(seen: _Seen, claimed: str) -> bool:
    """Tell whether a body is UTF-8 although it claims another encoding.

    Random GB 2312 text is valid UTF-8 in 18 % of cases with one sequence and in 3 % with two, so
    ten are asked for there. A sequence is far rarer in encodings with one byte a character.
    """
    needed = 2 if _is_single_byte(claimed) else 10
    return seen.good >= needed and seen.bad <= _MOST_BAD * (seen.good + seen.bad)


def _judge(sample: bytes, claimed: str, head: bytes) -> Encoding:
    """Return the claimed encoding, or a guess if the claim cannot be true.

    A claim that the detector doubts is flagged. It is overruled only where its text is unsound or
    in another script than the guess. Between two encodings of one script the claim is right more
    often than the detector. Two bytes a character that all have a meaning are no single bytes.
    """
    guessed = _guess(sample, head)
    text, other = (sample.decode(name, "replace") for name in (claimed, guessed))
    if text == other:
        return Encoding(claimed)
    has_many_bytes = not _is_single_byte(claimed) and _is_single_byte(guessed)
    is_other_script = _count_beyond_ascii(text) >= _FEW and not has_many_bytes and _script(text) != _script(other)
    if (is_other_script or not _is_sound(text)) and _is_sound(other):
        return Encoding(guessed, is_guessed=True)
    if has_many_bytes:
        is_doubtful = _count_beyond_ascii(text) < _FEW
    elif claimed in _GUESSABLE:
        is_doubtful = True
    else:
        is_doubtful = _is_sound(other) and _agreement(text, other) < _HALF
    return Encoding(claimed, is_guessed=is_doubtful or _CONTROL.search(text) is not None)


def _guess(sample: bytes, head: bytes) -> str:
    detector = EncodingDetector()
    detector.feed(sample, last=True)
    name = _codec_name(detector.guess(tld=_top_level_domain(head), allow_utf8=True)) or "utf-8"
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


def _is_single_byte(name: str) -> bool:
    try:
        return len(_HIGH.decode(name, "replace")) == len(_HIGH)
    except UnicodeDecodeError:
        return False


def _declared(head: bytes) -> str | None:
    """Return the label in the XML declaration, which stands before the root element."""
    declared = _DECLARED.search(head)
    if declared is None:
        return None
    root = _ROOT.search(head)
    if root and root.start() < declared.start():
        return None
    return (declared[1] or declared[2]).decode("ascii", "replace")


def _marked(head: bytes) -> str | None:
    """Return the encoding that the first bytes give away, or None."""
    by_mark = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    return by_mark or next((name for pattern, name in _UNMARKED if pattern.match(head)), None)


def _top_level_domain(head: bytes) -> bytes | None:
    """Return the domain of a country that a feed's language or first link hints at, or None."""
    if language := _LANGUAGE.search(head):
        code = language[1].decode("ascii").lower().replace("_", "-")
        code = _TOP_LEVEL_DOMAINS.get(code, code[:2])
        if code:
            return _TOP_LEVEL_DOMAINS.get(code, code).encode()
    site = _SITE.search(head)
    return site[1].lower() if site else None


def _codec_name(label: str | None) -> str | None:
    """Return Python's name of an encoding; None if there is no such character set.

    The labels are the WHATWG's, then those that Python knows.
    """
    label = (label or "").strip().lower()
    numbered = _NUMBERED.fullmatch(label)
    for candidate in (label, f"cp{numbered[1]}" if numbered else ""):
        standard = webencodings.lookup(candidate)
        try:
            name = standard.codec_info.name if standard else codecs.lookup(candidate).name
            if name in _NOT_CHARACTER_SETS and standard:
                name = codecs.lookup(candidate).name  # the WHATWG bans some that Python reads
            "".encode(name)  # LookupError: a codec of bytes or of text, such as base64 or rot13
        except (LookupError, ValueError):
            continue
        if name not in _NOT_CHARACTER_SETS:
            return _LARGER.get(name, name)
    return None


_Repair = Callable[[bytes, int, int], tuple[str, int]]


def _repair_utf8(data: bytes, start: int, end: int) -> tuple[str, int]:
    """Return what stands for bad bytes in UTF-8, and where decoding goes on.

    Java and old databases write an emoji as two surrogates of three bytes each (CESU-8, UTR 26). A
    single byte is windows-1252, pasted in. But the beginning of a character that stands right after
    another one, or at the end, is a cut in the text.
    """
    if pair := _SURROGATES.match(data, start):
        return pair[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16"), pair.end()
    if surrogate := _SURROGATE.match(data, start):
        return "\ufffd", surrogate.end()
    if end - start > 1:
        is_cut = not data[start - 1 : start].isalpha() or data.startswith(b"\xe2\x80", start)  # half a "—" or "’"
    else:
        is_after_whole = _WHOLE_CHARACTER_END.search(data, max(start - 4, 0), start)
        is_cut = data[start] >= 0xC2 and (end == len(data) or is_after_whole is not None)
    return "\ufffd" if is_cut else data[start:end].decode("cp1252", "replace"), end


def _by_table(name: str) -> _Repair:
    """Return a repair that looks two bytes up in another table of the same encoding."""

    def repair(data: bytes, start: int, end: int) -> tuple[str, int]:
        try:
            return data[start : start + 2].decode(name), start + 2
        except UnicodeDecodeError:
            return "\ufffd", end

    return repair


_REPAIRS: dict[str, _Repair] = {
    "other": lambda data, start, end: ("\ufffd", end),
    "utf-8": _repair_utf8,
    # Python's tables lack characters of the WHATWG's, such as "①". Another table has them.
    "euc_jp": _by_table("euc_jis_2004"),
    "big5hkscs": _by_table("cp950"),
    # The euro sign of Windows' code page 936, and of the WHATWG's GBK.
    "gb18030": lambda data, start, end: (
        "€" if data[start] == 0x80 else "\ufffd",
        start + 1 if data[start] == 0x80 else end,
    ),
}
"""Functions that return what stands for ``data`` from ``start`` to ``end``, and where to go on."""


def _register(name: str, repair: _Repair) -> None:
    def handle(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        text, end = repair(error.object, error.start, error.end)
        return _BAD + text, end

    codecs.register_error(f"newslake.{name}", handle)


for _name, _repair in _REPAIRS.items():
    _register(_name, _repair)
