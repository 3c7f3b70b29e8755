import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.keywords import MAX_TERM_CHARACTERS, PLACEHOLDERS, split_terms


@pytest.mark.parametrize(
    ("terms", "split"),
    [
        ([], []),
        (["News", "World"], ["News", "World"]),
        (["World", "News", "WORLD", "world"], ["World", "News"]),
        (["Straße", "STRASSE"], ["Straße"]),
        (["Food &amp; Drink"], ["Food & Drink"]),
        (["Food &amp;amp; Drink"], ["Food & Drink"]),
        (["Caf&eacute;s", "R&D", "Q&A"], ["Cafés", "R&D", "Q&A"]),
        (["<b>Ships</b>"], ["Ships"]),
        (["  two \n"], ["two"]),
        (["two\nlines"], ["two", "lines"]),
        (["#Ukraine", "＃平和", "#Topic#", "C#", "#1 hits"], ["Ukraine", "平和", "Topic", "C#", "#1 hits"]),
        (["#war #peace #Üben"], ["war", "peace", "Üben"]),
        (['"ships"', "“boats”", "„Kähne“", "«лодки»", "「船」", "'barges'"],
         ["ships", "boats", "Kähne", "лодки", "船", "barges"]),
        (['"ships" and "boats"', "the 'n'"], ['"ships" and "boats"', "the 'n'"]),
        (["war; peace;treaties"], ["war", "peace", "treaties"]),
        (["war | peace", "ships"], ["war", "peace", "ships"]),
        (["戦争、平和"], ["戦争", "平和"]),
        (["war, peace, treaties"], ["war", "peace", "treaties"]),
        (["حرب، سلام، معاهدات"], ["حرب", "سلام", "معاهدات"]),
        (["war, peace, treaties", "Uncategorized"], ["war", "peace", "treaties"]),
        (["ukraine,russia"], ["ukraine", "russia"]),
        (['"war", "peace"', "ships"], ["war", "peace", "ships"]),
        (["['war', 'peace']"], ["war", "peace"]),
        (["Kingston, Ontario"], ["Kingston, Ontario"]),
        (["Kingston, Ontario, Canada", "Rivers"], ["Kingston, Ontario, Canada", "Rivers"]),
        (["1,000 days"], ["1,000 days"]),
        (["Ships came in, and the whole town went down to look, but nobody was there"],
         ["Ships came in, and the whole town went down to look, but nobody was there"]),
        ([",".join(f"term {n}" for n in range(30)), "ships"], [*(f"term {n}" for n in range(30)), "ships"]),
        (["https://daily.example/tag/war", "www.daily.example", "http://schemas.example/kind#post", "war"], ["war"]),
        (["www", "A/B", "News/World", "9/11", "2023"], ["www", "A/B", "News/World", "9/11", "2023"]),
        (["-", "...", "", "#", '""', ","], []),
        (["a" * 100, "b" * 101], ["a" * 100]),
        (["a, " * 10_000], []),
    ],
)  # fmt: skip
def test_terms_are_cleaned_split_and_kept_once(terms: list[str], split: list[str]) -> None:
    assert split_terms(terms) == split


@pytest.mark.parametrize("name", sorted(PLACEHOLDERS))
def test_every_placeholder_is_left_out_in_any_case(name: str) -> None:
    assert split_terms([name, name.upper(), name.title(), name.replace(" ", "-"), "kept"]) == ["kept"]


@pytest.mark.parametrize("name", ["General", "Other", "News", "Category", "Uncategorized Ships", "Nonesuch"])
def test_what_may_be_a_section_is_kept(name: str) -> None:
    assert split_terms([name]) == [name]


TERMS = st.lists(
    st.sampled_from(
        [*"ab#,;|\"'[]“”「」&<> \n1", "&amp;", "&lt;", "amp;", "https://", "word ", "Uncategorized", "，", "x" * 60]
    )
).map("".join)


@given(st.lists(TERMS | st.text()))
def test_the_result_is_clean_distinct_and_its_own_result(terms: list[str]) -> None:
    found = split_terms(terms)
    assert split_terms(found) == found
    assert len({term.casefold() for term in found}) == len(found)
    for term in found:
        assert term == term.strip()
        assert 0 < len(term) <= MAX_TERM_CHARACTERS
        assert "\n" not in term
