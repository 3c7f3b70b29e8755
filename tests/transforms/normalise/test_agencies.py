import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.agencies import NEWS_AGENCIES, PICTURE_AGENCIES, agency_of, is_picture_agency

TABLES = (NEWS_AGENCIES, PICTURE_AGENCIES)
SPELLINGS = [(spelling, name) for table in TABLES for name, others in table.items() for spelling in (name, *others)]


@pytest.mark.parametrize(("spelling", "name"), SPELLINGS)
def test_every_spelling_names_its_agency_and_no_other(spelling: str, name: str) -> None:
    assert agency_of(spelling) == name


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("REUTERS", "Reuters"),
        ("Afp", "AFP"),
        ("The Associated Press", "AP"),
        ("ＡＰ", "AP"),
        (" getty  images ", "Getty Images"),
    ],
)
def test_width_spaces_and_case_do_not_hide_an_agency(spelling: str, name: str) -> None:
    assert agency_of(spelling) == name


@pytest.mark.parametrize(
    "word", ["Ap", "pa", "Sana", "tt", "Anka", "The", "", "AFP reporter", "Reuters and AP", "The The AP", "dpa" * 40]
)
def test_words_and_longer_names_are_no_agency(word: str) -> None:
    assert agency_of(word) is None


def test_an_agency_that_sells_texts_too_is_no_picture_agency() -> None:
    assert is_picture_agency("Getty Images")
    assert not is_picture_agency("AFP")
    assert not is_picture_agency("nobody")


@given(st.text())
def test_a_found_agency_is_a_name_of_the_tables(name: str) -> None:
    agency = agency_of(name)
    assert agency is None or agency in NEWS_AGENCIES or agency in PICTURE_AGENCIES
