"""The labels of encodings: from what documents and servers say to Python's names."""

import codecs
import re

import webencodings

_NUMBERED = re.compile(r"(?:x-)?(?:win(?:dows)?|cp|ibm|ansi)[\s_-]*(\d{3,4})")
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "iso2022_jp": "iso2022_jp_ext"}
"""Labels that publishers use for a larger set (WHATWG Encoding Standard, section 4.2)."""
_NOT_CHARACTER_SETS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "unicode-escape", "raw_unicode_escape", "utf-7"}
    | {"x-user-defined", "replacement"}
)
"""Codecs that no document uses."""
_HIGH = bytes(range(0x80, 0x100))


def codec_name(label: str | None) -> str | None:
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


def is_single_byte(name: str) -> bool:
    """Tell whether an encoding has one byte for each character."""
    try:
        return len(_HIGH.decode(name, "replace")) == len(_HIGH)
    except UnicodeDecodeError:
        return False
