from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.normalise.characters import code_points, kind_table, text_of

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(st.text())
def test_code_points_are_those_of_the_text(text: str) -> None:
    assert code_points(text).tolist() == list(map(ord, text))
    assert text_of(code_points(text)) == text


@given(ANY_TEXT)
def test_each_character_has_one_code_point_whatever_it_is(text: str) -> None:
    assert len(code_points(text)) == len(text)
    assert text_of(code_points(text)) == "".join("?" if "\ud800" <= char <= "\udfff" else char for char in text)


@given(st.lists(ANY_TEXT))
def test_the_kind_of_each_character_is_asked_once(texts: list[str]) -> None:
    asked: Counter[str] = Counter()

    def kind(char: str) -> int:
        asked[char] += 1
        return 1 + ord(char) % 255

    kinds_of = kind_table(kind)
    for text in texts:
        points = code_points(text)
        assert kinds_of(points).tolist() == [1 + point % 255 for point in points.tolist()]
    assert set(asked.values()) <= {1}
