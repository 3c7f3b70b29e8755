"""Cells by each way of writing."""

from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.files.tables.cells import cells_of


def test_each_way_of_writing_reads_its_own_rows() -> None:
    assert cells_of(",", '"', "").strict('1,"a, ""b""",,"c\nd"') == ["1", 'a, "b"', "", "c\nd"]
    assert cells_of(",", '"', "\\").strict('C:\\x,"a \\"b\\", \\\\",\\N,"\\N"') == ["C:\\x", 'a "b", \\', "", "\\N"]
    assert cells_of("\t", "", "\\").strict("a\\\tb\tc\\nd\\\\\t\\N\te\\\nf") == ["a\tb", "c\nd\\", "", "e\nf"]
    assert cells_of("|", "", "").strict('a|"b') == ["a", '"b']
    assert cells_of(",", "|", "").strict("|a, ||b|,c") == ["a, |b", "c"]


def test_a_quote_out_of_place_is_told() -> None:
    cells = cells_of(",", '"', "")
    for row in ('1,"a" b', '1,a"b', '1,"a', '1,"a""'):
        assert cells.strict(row) is None
    assert cells.lenient('1,"He said "hi" to me",2') == ["1", 'He said "hi" to me', "2"]
    assert cells.is_open('1,"a "b', inside=False)
    assert not cells.is_open('b",c', inside=True)
    assert cells.has_stray('2,"b"', inside=True)
    assert not cells.has_stray('and ""more"" of it",2', inside=True)


@given(st.text(st.sampled_from('a,""\n '), max_size=12))
def test_rows_cut_at_their_quotes_are_read_as_by_the_pattern(row: str) -> None:
    """A NUL makes the reader take its pattern."""
    cells = cells_of(",", '"', "")
    by_pattern = cells.strict(row + ",\0")
    assert cells.strict(row) == (by_pattern[:-1] if by_pattern else None)
