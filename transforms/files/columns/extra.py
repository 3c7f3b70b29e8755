"""The columns of a row that became no field, as the record keeps them: bounded, without secrets."""

import re
from collections.abc import Mapping
from typing import Any

from newslake.schemas import codec
from newslake.schemas.redact import redact_links
from newslake.transforms.files.columns.values import is_void

MAX_VALUE_BYTES = 4_096
MAX_ARTICLE_BYTES = 16_384
EXTRA_CUT = "extra_cut"
"""The warning of an article whose ``extra`` does not hold everything."""

_MAY_HOLD_SECRET = re.compile(rb"://[^\s\"]*[=@]")


def keep_extra(columns: Mapping[str, Any]) -> tuple[dict[str, Any] | None, bool]:
    """Return what is kept of these columns, and whether something was cut.

    A value above 4 kB becomes its text, or its JSON, up to there. From 16 kB on, values are cut to
    what is left. Values that hold nothing are left out, and secrets in URLs are masked.
    """
    kept = {name: value for name, value in columns.items() if not is_void(value)}
    if not kept:
        return None, False
    encoded = codec.encode(kept)
    if _MAY_HOLD_SECRET.search(encoded):
        kept = {name: _masked(value) for name, value in kept.items()}
    return (kept, False) if len(encoded) <= MAX_VALUE_BYTES else _bounded(kept)


def _masked(value: Any) -> Any:
    if type(value) is str:
        return redact_links(value) if "://" in value else value
    if type(value) is list:
        return [_masked(one) for one in value]
    if type(value) is dict:
        return {name: _masked(one) for name, one in value.items()}
    return value


def _bounded(columns: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    kept: dict[str, Any] = {}
    is_cut = False
    left = MAX_ARTICLE_BYTES - len("{}")
    for name, value in columns.items():
        room = min(MAX_VALUE_BYTES, left - len(codec.encode(name)) - len(":,"))
        length = len(codec.encode(value))
        if length > room:
            is_cut = True
            value = _cut(value if type(value) is str else codec.encode(value).decode(), room)
            length = len(codec.encode(value))
        if value:
            kept[name] = value
            left -= len(codec.encode(name)) + length + len(":,")
    return kept, is_cut


def _cut(text: str, room: int) -> str:
    """Return the beginning of a text whose JSON has at most ``room`` bytes."""
    text = text[: max(room, 0)]
    while text and (length := len(codec.encode(text))) > room:
        text = text[: min(len(text) - 1, len(text) * room // length)]
    return text
