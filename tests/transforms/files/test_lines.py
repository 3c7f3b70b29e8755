"""Lines of a stream of blocks, and lines that are too long."""

import pytest

from newslake.transforms.files.lines import LongLine, read_lines


@pytest.mark.parametrize("size", [1, 4, 20, 100])
def test_lines_after_one_that_is_too_long_are_read_apart(size: int) -> None:
    data = b"ab\n" + b"x" * 30 + b"\nc\nd\n" + b"y" * 30 + b"\ne"
    blocks = (data[place : place + size] for place in range(0, len(data), size))
    found = [
        (offset, line.length if isinstance(line, LongLine) else line) for offset, line in read_lines(blocks, 0, 999, 9)
    ]
    assert found == [(0, b"ab"), (3, 30), (34, b"c"), (36, b"d"), (38, 30), (69, b"e")]
