"""What the values of a row become."""

import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.redact import redact_link
from newslake.transforms.files.columns import values
from newslake.transforms.files.columns.values import (
    authors_of,
    dates_of,
    id_of,
    images_of,
    language_of,
    parse_literal,
    terms_of,
    text_of,
    url_of,
)

EDITOR_JS = {
    "time": 1710000000000,
    "blocks": [
        {"type": "header", "data": {"text": "At sea", "level": 2}},
        {"type": "paragraph", "data": {"text": "One."}},
        {"type": "image", "data": {"file": {"url": "https://a.example/i.jpg"}, "caption": "A ship"}},
        {"type": "list", "data": {"style": "ordered", "items": ["Two.", "Three."]}},
    ],
}
PROSEMIRROR = {
    "type": "doc",
    "content": [
        {"type": "heading", "content": [{"type": "text", "text": "At sea"}]},
        {
            "type": "paragraph",
            "content": [{"type": "text", "text": "On"}, {"type": "text", "marks": [{"type": "bold"}], "text": "e."}],
        },
        {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": []}]}]},
    ],
}
SLATE = [
    {"type": "paragraph", "children": [{"text": "On"}, {"text": "e.", "bold": True}]},
    {"children": [{"text": "Two."}]},
]
PORTABLE = [{"_type": "block", "children": [{"_type": "span", "text": "On"}, {"_type": "span", "text": "e."}]}]
CONTENTFUL = {
    "nodeType": "document",
    "content": [{"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "One."}]}],
}
LEXICAL = {
    "root": {"type": "root", "children": [{"type": "paragraph", "children": [{"type": "text", "text": "One."}]}]}
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["One.", "Two."], "One.\n\nTwo."),
        (["One.", None, "", "Two."], "One.\n\nTwo."),
        ([["One."], ["Two.", ["Three."]]], "One.\n\nTwo.\n\nThree."),
        ([{"type": "p", "text": "One."}, {"type": "p", "text": "Two."}], "One.\n\nTwo."),
        ([{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}], "One.\n\nTwo."),
        ({"paragraphs": [{"text": "One."}, {"text": "Two."}]}, "One.\n\nTwo."),
        ({"en": "One."}, "One."),
        ({"0": "One.", "2": "Two."}, "One.\n\nTwo."),
        ([{"title": "At sea", "text": "One."}, {"text": "Two."}], "At sea\n\nOne.\n\nTwo."),
        ({"__cdata": "One."}, "One."),
        (
            {"summary": ["Lead."], "sections": [{"headline": ["At sea"], "paragraphs": ["One."]}]},
            "Lead.\n\nAt sea\n\nOne.",
        ),
        ("['One.', 'Two.']", "One.\n\nTwo."),
        ('[{"type": "p", "text": "One."}]', "One."),
        (EDITOR_JS, "At sea\n\nOne.\n\nTwo.\n\nThree."),
        ({"blocks": [{"key": "a", "text": "One.", "type": "unstyled"}], "entityMap": {}}, "One."),
        (PROSEMIRROR, "At sea\n\nOne."),
        (SLATE, "One.\n\nTwo."),
        (PORTABLE, "One."),
        (CONTENTFUL, "One."),
        (LEXICAL, "One."),
        ({"ops": [{"insert": "On"}, {"insert": "e.", "attributes": {"bold": True}}, {"insert": "\n"}]}, "One."),
        (7.0, "7"),
        ("[Removed]", "[Removed]"),
        ("[Video] Ships (2)", "[Video] Ships (2)"),
        ("{not json}", "{not json}"),
        ("  ", ""),
        ([], ""),
        (True, None),
        ({"x": 1, "y": 2}, None),
    ],
)
def test_paragraphs_and_blocks_become_one_text(value: Any, text: str | None) -> None:
    assert text_of(value) == text


def test_a_block_that_is_no_text_is_left() -> None:
    left = values.left_of(EDITOR_JS, "text", "body")
    assert left == {"time": 1710000000000, "blocks": [EDITOR_JS["blocks"][2]]}  # type: ignore[index]


def test_an_endless_nest_is_no_text() -> None:
    value: Any = "deep"
    for _ in range(150):
        value = [value]
    assert text_of(value) is None
    assert authors_of(value) is None
    assert dates_of({"$date": {"value": {"value": {"value": {"value": {"value": 1}}}}}})[0][1].startswith("{")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("['Ada Moor', 'Bo Lind']", ["Ada Moor", "Bo Lind"]),
        ('["Ada Moor", "Bo Lind"]', ["Ada Moor", "Bo Lind"]),
        ("['Ada Moor' 'Bo Lind']", ["Ada Moor", "Bo Lind"]),
        ("['Ada Moor'\n 'Bo O\\'Lind']", ["Ada Moor", "Bo O'Lind"]),
        ("[Ada Moor, Bo Lind]", ["Ada Moor", "Bo Lind"]),
        ('{"Ada Moor",Bo,NULL,"a \\"b\\", c"}', ["Ada Moor", "Bo", 'a "b", c']),
        ("{}", {}),
        ("[]", []),
        ("('Ada', 'Bo')", ["Ada", "Bo"]),
        ("{'Bo', 'Ada'}", ["Ada", "Bo"]),
        ("[nan, 'the null device', None]", [None, "the null device", None]),
        ("{'id': nan, 'name': 'The Paper'}", {"id": None, "name": "The Paper"}),
        ("[AFP] Ships sail", None),
        ("[Ada] and [Bo]", None),
        ("{a: b}", None),
        ("[__import__('os').getcwd()]", None),
        ("[" * 5000 + "'a'" + "]" * 5000, None),
        ("Ada Moor", None),
        ("", None),
    ],
)
def test_lists_and_objects_that_are_written_as_text_are_read(text: str, found: Any) -> None:
    assert parse_literal(text) == found


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ada Moor", ("Ada Moor",)),
        ("['Ada Moor', 'Bo Lind']", ("Ada Moor", "Bo Lind")),
        (["Ada Moor", None, "nan", ""], ("Ada Moor",)),
        ([{"name": "Ada Moor"}, {"first_name": "Bo", "last_name": "Lind"}], ("Ada Moor", "Bo Lind")),
        ({"firstname": "Ada", "middlename": None, "lastname": "Moor"}, ("Ada Moor",)),
        ([{"@type": "Person", "name": ["Ada Moor", "Bo Lind"]}], ("Ada Moor", "Bo Lind")),
        ({"0": "Ada Moor", "1": {"name": "Bo Lind"}}, ("Ada Moor", "Bo Lind")),
        ("[]", ()),
        ([None], ()),
        ("N/A", ()),
        ("Unknown", ()),
        ("Na", ("Na",)),
        ("Nan", ("Nan",)),
        ("12", ()),
        (12, None),
        ([12, 13], None),
        ({"x": 1, "y": 2}, None),
    ],
)
def test_authors_of_every_form(value: Any, names: tuple[str, ...] | None) -> None:
    assert authors_of(value) == names


def test_terms_and_pictures_of_every_form() -> None:
    assert terms_of("sea; ships, harbours") == ("sea", "ships", "harbours")
    assert terms_of(["Doe, Jane", None]) == ("Doe, Jane",)
    assert terms_of([{"term": "sea", "scheme": None}, {"label": "ships"}]) == ("sea", "ships")
    assert terms_of("{sea,ships}") == ("sea", "ships")
    assert terms_of("['nan']") == ()
    assert images_of([{"url": "https://a.example/1.jpg"}]) == (("https://a.example/1.jpg", None, None),)
    assert images_of("https://a.example/1,2.jpg") == (("https://a.example/1,2.jpg", None, None),)
    assert images_of("None") == ()


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-03-04", "2024-03-04"),
        (1709546400, "1709546400"),
        (1709546400.0, "1709546400"),
        (1.7095464e18, "1709546400000000000"),
        ("1.7095464e+18", "1709546400000000000"),
        ("1.70955E+12", "1.70955E+12"),
        (20240304.0, "20240304"),
        ("20240304.0", "20240304"),
        ("2024.0", "2024"),
        ({"$date": "2024-03-04T10:00:00Z"}, "2024-03-04T10:00:00Z"),
        ({"$date": 1709546400000}, "1709546400000"),
        ({"$date": {"$numberLong": "1709546400000"}}, "1709546400000"),
        ({"$timestamp": {"t": 1709546400, "i": 1}}, "1709546400"),
        ({"@value": "2024-03-04", "@type": "xsd:date"}, "2024-03-04"),
        ({"#text": "2024-03-04"}, "2024-03-04"),
        ({"_seconds": 1709546400, "_nanoseconds": 0}, "1709546400"),
        ({"seconds": "1709546400", "nanos": 5}, "1709546400"),
        ({"__type": "Date", "iso": "2024-03-04T10:00:00.000Z"}, "2024-03-04T10:00:00.000Z"),
        (
            {"date": "2024-03-04 10:00:00.000000", "timezone_type": 3, "timezone": "UTC"},
            "2024-03-04 10:00:00.000000 UTC",
        ),
        ({"year": 2024, "month": 3, "day": 4}, "2024-03-04"),
        ({"year": 2024, "month": 3}, "2024-03"),
        (
            {"year": 2024, "monthValue": 3, "dayOfMonth": 4, "month": "MARCH", "hour": 9, "minute": 5},
            "2024-03-04T09:05",
        ),
        ({"year": "2024", "month": "March", "day": "4"}, "4 March 2024"),
        ([2024, 3, 4, 10, 0], "2024-03-04T10:00"),
        ([2024, 3, 4, 10, 0, 0, 0, 64, 0], "2024-03-04T10:00:00"),
        (["2024-03-04"], "2024-03-04"),
        ("{'$date': '2024-03-04'}", "{'$date': '2024-03-04'}"),
        ({"from": "x", "to": "y"}, '{"from":"x","to":"y"}'),
        (True, "true"),
        (0, "0"),
        ("soon", "soon"),
        ("NaT", None),
        ("nan", None),
        ("\\N", None),
        ("0000-00-00 00:00:00", None),
        ("  ", None),
        (None, None),
        ([], None),
        ({"$date": None}, '{"$date":null}'),
    ],
)
def test_dates_of_every_form(value: Any, date: str | None) -> None:
    assert dates_of(value) == ((("field", date),) if date is not None else ())


def test_times_of_a_column_in_utc_say_so() -> None:
    assert values.utc_dates_of("2024-03-04T09:00:00") == (("field", "2024-03-04T09:00:00Z"),)
    assert values.utc_dates_of("2024-03-04T09:00:00+01:00") == (("field", "2024-03-04T09:00:00+01:00"),)
    assert values.utc_dates_of(1709546400) == (("field", "1709546400"),)


def test_days_are_counted_as_tables_count_them() -> None:
    assert values.serial_days_of(45355) == (("field", "2024-03-04"),)
    assert values.serial_days_of("45355.4166666667") == (("field", "2024-03-04T10:00:00"),)
    assert values.serial_days_of("2024-03-04") == (("field", "2024-03-04"),)
    assert values.serial_day("12345") is None


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("HTTP://a.example/1", "HTTP://a.example/1"),
        ("www.a.example/1", "https://www.a.example/1"),
        ("www.a.example", "https://www.a.example"),
        ("//a.example/1", "https://a.example/1"),
        ("a.example/1?x", "https://a.example/1?x"),
        ("a.example:8080/1", "https://a.example:8080/1"),
        ("пример.рф/1", "https://пример.рф/1"),
        (" <https://a.example/1> ", "https://a.example/1"),
        ("https://a.example/long\n  er", "https://a.example/longer"),
        (["https://a.example/1"], "https://a.example/1"),
        ({"@id": "https://a.example/1"}, "https://a.example/1"),
        ("a.example", None),
        ("news/2024/1.html", None),
        ("v1.2/notes", None),
        ("ftp://a.example/1", None),
        ("javascript:void(0)", None),
        ("urn:uuid:1", None),
        ("mailto:ada@a.example", None),
        ("ada@a.example/x", None),
        ("12345", None),
        (5, None),
        ("nan", ""),
        ("-", ""),
        (None, ""),
    ],
)
def test_links_of_every_form(value: Any, url: str | None) -> None:
    assert url_of(value) == url


def test_secrets_in_links_and_ids_are_masked() -> None:
    link = "https://ada:pw@a.example/1?token=abcdef&page=2"
    assert url_of(link) == id_of(link) == redact_link(link)
    assert "abcdef" not in redact_link(link)
    assert url_of("www.a.example/1?token=abcdef") == redact_link("https://www.a.example/1?token=abcdef")


@pytest.mark.parametrize(
    ("value", "source_id"),
    [
        (5, "5"),
        (5.0, "5"),
        ("5.0", "5"),
        ("007", "007"),
        ("1.10", "1.10"),
        ({"$oid": "64ab"}, "64ab"),
        ({"$numberLong": "7"}, "7"),
        ({"rendered": "https://a.example/?p=7"}, "https://a.example/?p=7"),
        (["a"], "a"),
        (123456789012345678901234567890, "123456789012345678901234567890"),
        (True, None),
        (["a", "b"], None),
        *(
            (word, "")
            for word in ("nan", "None", "null", "NULL", "N/A", "NA", "-", "0", "undefined", "#N/A", "\\N", "?")
        ),
        *((word, "") for word in ("unknown", " ", "<NA>", "--", "(null)", 0, None)),
    ],
)
def test_ids_of_every_form(value: Any, source_id: str | None) -> None:
    assert id_of(value) == source_id


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("en", "en"),
        ("en_US", "en_US"),
        ("nan", "nan"),
        ("NaN", ""),
        ("English", "en"),
        ("portuguese", "pt"),
        (["nl"], "nl"),
        ({"code": "nl", "name": "Dutch"}, "nl"),
        ("unknown", ""),
        ("gibberish", None),
        (5, None),
    ],
)
def test_languages_of_every_form(value: Any, language: str | None) -> None:
    assert language_of(value) == language


KEYS = st.sampled_from(["text", "type", "$date", "url", "year", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "type", "$date", "url", "year", "x"]), inner)
    ),
    max_leaves=8,
)


def test_foreign_escapes_give_no_warning_of_python() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_literal(r"['a\d', None]") == [r"a\d", None]


@given(JSON)
def test_no_value_is_too_odd(value: Any) -> None:
    for read in (text_of, url_of, id_of, language_of, values.publisher_of):
        assert isinstance(read(value), str | None)  # type: ignore[operator]
    for read_many in (dates_of, authors_of, terms_of, images_of):
        assert isinstance(read_many(value), tuple | None)  # type: ignore[operator]


@given(st.text("[]{}()'\",\\ aN:", max_size=20))
def test_no_text_is_too_odd_for_a_list(text: str) -> None:
    assert isinstance(parse_literal(text), list | dict | None)
