import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.places import GREAT_CITIES, is_known_place, is_known_region


@pytest.mark.parametrize(
    "name",
    [
        "PARIJS",
        "Parigi",
        "Wien",
        "MÜNCHEN",
        "MUNCHEN",
        "Москва",
        "ΑΘΗΝΑ",
        "İSTANBUL",
        "الرياض",
        "東京",
        "서울",
        "New York",
        "NAIROBI",
    ],
)
def test_capitals_and_great_cities_are_known_in_many_spellings(name: str) -> None:
    assert is_known_place(name)


@pytest.mark.parametrize(
    "name", ["", "A", "SPORT", "Monday", "Soul", "Turkey", "Jordan", "Reunion", "Darwin", "Paris Quill", "Namen"]
)
def test_words_and_names_are_no_places(name: str) -> None:
    assert not is_known_place(name)


@pytest.mark.parametrize("name", ["Minn.", "Ohio", "Mexico", "Frankreich", "Россия"])
def test_states_and_countries_are_regions(name: str) -> None:
    assert is_known_region(name)


@pytest.mark.parametrize("name", ["", "Ada", "Boston", "Tuesday"])
def test_names_and_cities_are_no_regions(name: str) -> None:
    assert not is_known_region(name)


@given(
    st.sampled_from(
        [spelling.replace("_", " ") for name, others in GREAT_CITIES.items() for spelling in (name, *others.split())]
    )
)
def test_every_spelling_of_the_table_is_known_in_any_case(spelling: str) -> None:
    assert is_known_place(spelling)
    assert is_known_place(spelling.upper())


@given(st.text())
def test_any_text_can_be_asked_for(name: str) -> None:
    is_known_place(name)
    is_known_region(name)
