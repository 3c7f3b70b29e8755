import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.deduplicate.figures import agree_in_figures, figure_sketch


def sketches(*texts: str) -> np.ndarray:
    return figure_sketch(texts).view("|V16").ravel()


def agrees(one: str, other: str) -> tuple[bool, int]:
    agree, fewer = agree_in_figures(sketches(one), sketches(other))
    return bool(agree[0]), int(fewer[0])


@pytest.mark.parametrize(
    ("text", "golden"),
    [
        ("", "00000000000000000000000000000000"),
        ("No figures at all, but 1 and 2.", "00000000000000000000000000000000"),
        ("In 2023 the toll rose to 1,200 crowns.", "00000080000000000000008008000000"),
        ("ในปี ๒๕๖๖", "00020000000008000000000000000002"),
        ("٤٥ من ١٢", "02000000000000000000100000000000"),
        ("Item 456789", "20000100000000000800000002000400"),
    ],
)
def test_sketches_are_stored_and_never_change(text: str, golden: str) -> None:
    assert figure_sketch([text]).tobytes().hex() == golden


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,200", "1200"),
        ("1.200", "1 200"),
        ("1\u00a0200", "1\u202f200"),
        ("9:30", "9.30"),
        ("٤٥", "45"),
        ("１２", "12"),
        ("0017", "17"),
        ("17 17 7", "17"),
        ("12 September 2023", "2023, 12."),
    ],
)
def test_a_figure_is_its_digits_however_they_are_parted_and_written(one: str, other: str) -> None:
    assert figure_sketch([one]).any()
    assert figure_sketch([one]).tobytes() == figure_sketch([other]).tobytes()


@pytest.mark.parametrize(
    ("one", "other"), [("25, 80, 60", "258060"), ("5 10", "510"), ("12 1923", "121923"), ("4 800", "4, 800")]
)
def test_figures_of_a_list_are_told_apart(one: str, other: str) -> None:
    assert figure_sketch([one]).tobytes() != figure_sketch([other]).tobytes()


def test_half_of_the_figures_of_the_one_that_has_fewer_must_be_in_both() -> None:
    assert agrees("11 22 33 44", "33, 44, 55, 66, 77, 88, 99") == (True, 4)
    assert agrees("11 22 33 44", "44, 55, 66, 77, 88, 99") == (False, 4)
    assert agrees("11", "11, 55, 66") == (True, 1)
    assert agrees("11", "55, 66") == (False, 1)


@pytest.mark.parametrize(
    "text",
    [
        "on 25.11.2026, 2026-11-25, 11/25/26 and 25/11/2026",
        "call 0800 555 111 or 0421 362-3888",
        "call +49 421 362-12114, 1-800-577-8477, 1 800 555 1234",
        "reference 2026-11-4711-03, item 456789012",
        "1, 2 or 9 of 3",
    ],
)
def test_dates_telephone_numbers_and_identifiers_are_no_figures(text: str) -> None:
    assert not figure_sketch([text]).any()


def test_a_long_number_tells_more_than_short_ones() -> None:
    assert agrees("item 456789, 11 points, 22 comments", "item 456987, 11 points, 22 comments") == (False, 7)
    assert agrees("in 2023, 11 or 22 of 33", "in 2023, 44 or 55 of 66") == (False, 4)
    assert agrees("for 96,700 crowns after 11 or 12 days", "for 96,700 crowns within 33 to 44 days") == (True, 6)


def test_a_text_without_figures_agrees_with_all_texts_and_has_no_bits() -> None:
    assert agrees("none", "11, 22") == agrees("11, 22", "1, 2") == agrees("none", "none") == (True, 0)


@given(texts=st.lists(st.text(), max_size=4))
def test_a_sketch_depends_only_on_the_numbers_of_its_own_text(texts: list[str]) -> None:
    made = figure_sketch(texts)
    assert made.shape == (len(texts), 16)
    for row, text in zip(made, texts, strict=True):
        assert row.tobytes() == figure_sketch([text]).tobytes()
        assert row.any() <= any(char.isdecimal() for char in text)


def test_a_number_of_thousands_of_digits_is_read() -> None:
    assert figure_sketch(["9," + "9" * 10_000]).shape == (1, 16)
