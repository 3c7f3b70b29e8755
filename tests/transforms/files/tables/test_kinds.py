"""What the values of a column are."""

import pytest

from newslake.transforms.files.tables.kinds import kind_of, shows_kind


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2.5", "NULL"], "number"),
        (["2024-03-04", "2024-03-05T10:00:00Z"], "date"),
        (["Mon, 04 Mar 2024 10:00:00 GMT", "Tue, 05 Mar 2024 10:00:00 GMT"], "date"),
        (["March 4, 2024", "5 May 2024"], "date"),
        (["04.03.2024", "5/3/24"], "date"),
        (["https://a.example/1", ""], ""),
        (["https://a.example/1", "https://a.example/2"], "url"),
        (["en", "nl", "de", "en-GB"], "word"),
        (["Mill", "Ferry stays"], ""),
        ([], ""),
    ],
)
def test_a_column_is_of_the_narrowest_kind_that_its_values_share(values: list[str], kind: str) -> None:
    assert kind_of(values) == kind


def test_a_row_shows_a_kind_only_by_a_value() -> None:
    assert shows_kind(("number", ""), ["7", "a"])
    assert not shows_kind(("number", ""), ["", "a"])
    assert not shows_kind(("number", ""), ["x", "a"])
