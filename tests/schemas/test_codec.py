"""The codec: written values come back, and foreign JSON is repaired with a warning or refused."""

import base64
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas import codec
from newslake.schemas.codec import InvalidJsonError

_ANY_TEXT = st.text(st.characters(exclude_categories=()))
_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def values(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    scalars = st.none() | st.booleans() | _NUMBERS | text
    return st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=20)


def typed(value: Any) -> Any:
    """Return the value with its types beside it, because 1, 1.0 and True are equal in Python."""
    if isinstance(value, dict):
        return [(key, typed(item)) for key, item in value.items()]
    return [typed(item) for item in value] if isinstance(value, list) else (type(value), value)


@given(values(_TEXT))
def test_what_is_written_comes_back_with_its_types_and_key_order(value: Any) -> None:
    line = codec.encode(value)
    assert b"\n" not in line
    back, warnings = codec.decode_foreign(line)
    assert (typed(back), warnings) == (typed(value), ())


@given(values(_ANY_TEXT))
def test_whatever_is_written_is_utf8_json(value: Any) -> None:
    json.loads(codec.encode(value).decode("utf-8"), parse_constant=pytest.fail)


@given(st.integers(-(2**63), 2**64 - 1))
def test_integers_of_64_bits_come_back_from_our_own_files(number: int) -> None:
    assert typed(codec.decode(codec.encode(number))) == (int, number)


@given(_ANY_TEXT)
def test_each_lone_surrogate_becomes_one_replacement_character(text: str) -> None:
    scrubbed = codec.scrub(text)
    assert scrubbed == "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    assert codec.decode(codec.encode({text: text})) == {scrubbed: scrubbed}
    assert codec.scrub(scrubbed) == scrubbed


def test_surrogates_that_make_a_pair_in_the_escapes_are_one_letter() -> None:
    assert codec.decode_foreign(rb'"\ud83d\ude00"') == ("😀", ())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_written_as_null(value: float) -> None:
    assert codec.encode([value, 1.5]) == b"[null,1.5]"
    assert codec.encode([value, 2**70]) == b"[null,1180591620717411303424]"


@given(st.integers(2**63) | st.integers(max_value=-(2**63) - 1))
def test_integers_past_64_bits_keep_every_digit_at_any_depth(number: int) -> None:
    assert codec.encode({"id": number}) == b'{"id":%d}' % number
    assert codec.decode_foreign(b'{"a": [{"id": %d}], "b": 1.5}' % number) == ({"a": [{"id": number}], "b": 1.5}, ())


@pytest.mark.parametrize(
    ("data", "value", "warnings"),
    [
        (b'{"a": "caf\xe9"}', {"a": "caf\ufffd"}, ("invalid_utf8",)),
        (b'"\xed\xa0\x80"', "\ufffd\ufffd\ufffd", ("invalid_utf8",)),
        (rb'{"a": "x\ud800y"}', {"a": "x\ufffdy"}, ("lone_surrogate",)),
        (rb'{"\udfff": 1}', {"\ufffd": 1}, ("lone_surrogate",)),
        (rb'[{"a": ["\udead"]}]', [{"a": ["\ufffd"]}], ("lone_surrogate",)),
        (b'[NaN, Infinity, -Infinity, "NaN"]', [None, None, None, "NaN"], ("not_a_number",)),
        (
            b'["\xff", NaN, "\\ud800", NaN, 18446744073709551616]',
            ["\ufffd", None, "\ufffd", None, 2**64],
            ("invalid_utf8", "not_a_number", "lone_surrogate"),
        ),
    ],
)
def test_each_kind_of_damage_is_repaired_and_named_once(data: bytes, value: object, warnings: tuple[str, ...]) -> None:
    assert codec.decode_foreign(data) == (value, warnings)


@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"{", b'{"a": 1', b"{'a': 1}", b'{"a": 1} {}', b"[1,]", b"nul", b'"a\nb"', b"01", b"\x00", b"\xff"],
)
def test_what_is_not_json_is_refused_by_both_readers(data: bytes) -> None:
    with pytest.raises(InvalidJsonError):
        codec.decode(data)
    with pytest.raises(InvalidJsonError):
        codec.decode_foreign(data)


def test_our_own_files_are_read_without_repairs() -> None:
    for data in (b'"\xff"', b"[NaN]", rb'"\ud800"'):
        with pytest.raises(InvalidJsonError):
            codec.decode(data)


def test_the_refusal_says_where() -> None:
    with pytest.raises(InvalidJsonError, match="line 2 column"):
        codec.decode_foreign(b'{"a": 1,\n"b" 2}')


@given(st.binary())
def test_any_bytes_give_a_value_or_are_refused(data: bytes) -> None:
    try:
        value, warnings = codec.decode_foreign(data)
    except InvalidJsonError:
        return
    assert set(warnings) <= {"invalid_utf8", "not_a_number", "lone_surrogate"}
    codec.encode(value).decode("utf-8")


@pytest.mark.parametrize(
    "depth",
    [
        100,
        400,
        100_000,
    ],
)
@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")])
def test_json_of_any_depth_is_read_or_refused(depth: int, brackets: tuple[bytes, bytes]) -> None:
    left, right = brackets
    try:
        value, _ = codec.decode_foreign(left * depth + b"1" + right * depth)
    except InvalidJsonError:
        return
    codec.encode(value)


def test_writing_cuts_what_is_nested_without_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert codec.encode(endless).strip(b"[]") == b"null"


def test_a_timestamp_is_utc_to_the_second_and_never_rounded_up() -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert codec.timestamp(dt.datetime(2023, 3, 20, 1, 2, 3, 999_999, tzinfo=zone)) == "2023-03-19T19:32:03Z"
    assert codec.timestamp(dt.datetime(800, 12, 25, tzinfo=dt.UTC)) == "0800-12-25T00:00:00Z"


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_a_timestamp_reads_back_as_its_second(instant: dt.datetime) -> None:
    written = codec.timestamp(instant)
    assert dt.datetime.fromisoformat(written) == instant.replace(microsecond=0)
    assert len(written) == 20


@given(st.binary())
def test_every_payload_comes_back_byte_for_byte(payload: bytes) -> None:
    text, encoding = codec.payload_text(payload)
    if text is None:
        assert (payload, encoding) == (b"", "utf-8")
    elif encoding == "base64":
        assert base64.b64decode(text, validate=True) == payload
    else:
        assert (encoding, text.encode("utf-8")) == ("utf-8", payload)


def test_a_payload_is_legible_where_it_is_text() -> None:
    assert codec.payload_text("Größe".encode()) == ("Größe", "utf-8")
    assert codec.payload_text(b"\xff\x00") == ("/wA=", "base64")
