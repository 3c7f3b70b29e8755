"""JSON to values and back: the only module that calls orjson.

Encoding replaces each lone surrogate by U+FFFD, because it has no UTF-8 form (RFC 3629 section 3).
Decoding foreign JSON keeps integers of any size. It repairs a bad byte or escape, so that the rest
of the document is not lost, and returns a warning for each kind of repair.
"""

import base64
import datetime as dt
import json
import math
import re
from typing import Any

import orjson

_SURROGATE = re.compile("[\ud800-\udfff]")
_INT64_END = float(2**63)
_MAX_DEPTH = 200


class InvalidJsonError(ValueError):
    """The bytes are not JSON (RFC 8259); the message says where."""


def encode(value: object) -> bytes:
    """Return ``value`` as one line of JSON without the newline, keys in the order of the dict.

    Integers of more than 64 bits keep all digits. Lone surrogates become U+FFFD. NaN and infinities
    become null.
    """
    try:
        # A copy: orjson keeps a buffer of 32 kB for a line of 2 kB, and lines wait in shards.
        return bytes(memoryview(orjson.dumps(value)))
    except TypeError:
        return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def decode(data: bytes) -> Any:
    """Return the value of JSON that newslake itself has written. Raises InvalidJsonError."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidJsonError(str(error)) from error


def decode_foreign(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """Return the value of JSON from outside, and a warning for each kind of repair.

    >>> decode_foreign(b'{"title": "caf\\xe9", "score": NaN}')
    ({'title': 'caf\ufffd', 'score': None}, ('invalid_utf8', 'not_a_number'))

    Bytes that are not UTF-8 become U+FFFD (``invalid_utf8``). Escapes of lone surrogates become
    U+FFFD (``lone_surrogate``). The words NaN and Infinity become null (``not_a_number``). Integers
    keep every digit. Raises InvalidJsonError, also for a document of more than 200 levels.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return _decode_leniently(data)
    if _lost_digits(value):
        return _decode_leniently(data)
    return value, ()


def timestamp(instant: dt.datetime) -> str:
    """Return an aware instant in UTC as ``YYYY-MM-DDTHH:MM:SSZ``, cut to the second."""
    utc = instant.astimezone(dt.UTC)
    return f"{utc.year:04d}-{utc.month:02d}-{utc.day:02d}T{utc.hour:02d}:{utc.minute:02d}:{utc.second:02d}Z"


def scrub(text: str) -> str:
    """Return ``text`` with U+FFFD for each lone surrogate."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def payload_text(payload: bytes) -> tuple[str | None, str]:
    """Return a reject's payload as (text, encoding).

    The encoding is "utf-8", or "base64" if the bytes are not UTF-8. An empty payload gives (None,
    "utf-8").
    """
    if not payload:
        return None, "utf-8"
    try:
        return payload.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(payload).decode("ascii"), "base64"


def payload_bytes(text: str | None, encoding: str) -> bytes:
    """Return the payload of a row of ``rejects`` as bytes: the inverse of ``payload_text``."""
    if text is None:
        return b""
    return base64.b64decode(text) if encoding == "base64" else text.encode("utf-8")


def _decode_leniently(data: bytes) -> tuple[Any, tuple[str, ...]]:
    warnings: list[str] = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        warnings.append("invalid_utf8")

    def no_number(_: str) -> None:
        if "not_a_number" not in warnings:
            warnings.append("not_a_number")

    try:
        value = json.loads(text, parse_constant=no_number)
    except RecursionError:
        raise InvalidJsonError("nested too deeply") from None
    except ValueError as error:
        raise InvalidJsonError(str(error)) from error
    _lost_digits(value)
    if "\\u" in text and _has_surrogate(value):
        value = _plain(value)
        warnings.append("lone_surrogate")
    return value, tuple(warnings)


def _lost_digits(value: object) -> bool:
    """Tell whether orjson may have read an integer of more than 64 bits as a float.

    Raises InvalidJsonError if ``value`` is nested more than _MAX_DEPTH levels deep.
    """
    is_lost = False
    pending: list[tuple[Any, int]] = [(value, 1)]
    while pending:
        holder, depth = pending.pop()
        if depth > _MAX_DEPTH:
            raise InvalidJsonError(f"nested more than {_MAX_DEPTH} levels deep")
        for item in holder.values() if type(holder) is dict else holder if type(holder) is list else (holder,):
            kind = type(item)
            if kind is dict or kind is list:
                pending.append((item, depth + 1))
            elif kind is float and abs(item) >= _INT64_END:
                is_lost = True
    return is_lost


def _has_surrogate(value: object) -> bool:
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(_has_surrogate(key) or _has_surrogate(item) for key, item in value.items())
    return isinstance(value, list) and any(_has_surrogate(item) for item in value)


def _plain(value: object, depth: int = 0) -> object:
    """Return a copy that has a JSON form: scrubbed strings, finite numbers and string keys.

    A value below _MAX_DEPTH levels becomes None, and an object of any other type becomes its str().
    """
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, dict):
        return {scrub(str(key)): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    return scrub(str(value))
