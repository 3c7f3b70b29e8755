"""Texts on their way to a terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from newslake.pipeline.terminal import CONTROLS, cut, one_line, without_controls


@given(st.text(), st.integers(1, 40))
def test_a_cut_is_a_beginning_that_fits(text: str, columns: int) -> None:
    shown = cut(text, columns)
    assert sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in shown) <= columns
    assert shown == text or text.startswith(shown.removesuffix("…"))


@given(st.text())
def test_what_is_printed_is_one_line_without_controls(text: str) -> None:
    assert one_line(text).isprintable()


@given(st.text())
def test_what_is_written_as_it_is_holds_no_controls(text: str) -> None:
    assert CONTROLS.search(without_controls(text)) is None
    assert len(without_controls(text)) == len(text)
