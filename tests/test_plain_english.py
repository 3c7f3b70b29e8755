"""The prose of code and manual: no backward sentence, and no line that is too wide to read."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import CHECKOUT

FOLDERS = ("newslake", "schemas", "transforms", "pipeline", "tests")
PAGES = [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md"), *CHECKOUT.glob("deploy/**/*.md")]
WIDEST = 100

BACKWARD = re.compile(
    r"""
    \b[Ii]s\ none\b | \b[Nn]one\ is\b | \b[Aa]re\ none\b    # say "is empty", "there is no ..."
    | \b[Ww]hat\b[^.;:]{0,60}\bit\ is\ that\b
    | (?:\A|(?<=[.!?:;]\ ))(?:Of|Nor|What\ is\ not|What\ is\ none)\ # the subject comes first
    """,
    re.VERBOSE,
)


def modules() -> list[Path]:
    """Every module once: the links in newslake/ lead to the folders beside it."""
    found = [path for name in FOLDERS for path in (CHECKOUT / name).rglob("*.py")]
    return sorted({path.resolve() for path in found})


def prose_of_module(source: str) -> Iterator[tuple[int, str]]:
    """Yield line number and text of each docstring, run of comments, and text of several words."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(" ") > 2:
            yield node.lineno, node.value
    comments: list[tuple[int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            comments.append((token.start[0], token.string.lstrip("# ")))
    for place, (line, text) in enumerate(comments):
        follows = place and comments[place - 1][0] == line - 1
        before = comments[place - 1][1] + " " if follows else ""
        yield line, before + text


def prose_of_page(text: str) -> Iterator[tuple[int, str]]:
    """Yield line number and text of each paragraph and table row outside of code."""
    without_code = re.sub(r"^```.*?^```", lambda found: "\n" * found[0].count("\n"), text, flags=re.M | re.S)
    line = 1
    for paragraph in without_code.split("\n\n"):
        yield line, " ".join(re.sub(r"^[-*|>\d. ]+", "", one) for one in paragraph.strip().splitlines())
        line += paragraph.count("\n") + 2


def backward_sentences(prose: Iterator[tuple[int, str]]) -> list[str]:
    found = []
    for line, text in prose:
        for paragraph in re.split(r"\n\s*\n", text):
            if match := BACKWARD.search(" ".join(paragraph.split())):
                found.append(f"line {line}: ...{match[0]}... in: {' '.join(paragraph.split())[:80]}")
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_sentence_of_the_code_runs_backwards(path: Path) -> None:
    if path != Path(__file__).resolve():
        assert backward_sentences(prose_of_module(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_sentence_of_a_page_runs_backwards(path: Path) -> None:
    assert backward_sentences(prose_of_page(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_line_of_a_page_is_too_wide(path: Path) -> None:
    """Tables and code keep their lines; ruff sees to the docstrings and comments of the code."""
    text = re.sub(r"^```.*?^```", lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8"), flags=re.M | re.S)
    wide = [line for line in text.splitlines() if len(line) > WIDEST and not line.startswith(("|", "<!--"))]
    assert wide == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The first value that is none counts.",
        "Looks it up. Of two the first counts.",
        "Of a short item a line is half.",
        "What is none of these goes.",
        "A text is kept. Nor is a number dropped.",
        "What is not a line becomes nothing.",
        "Tells what kind of file it is that was found.",
    ],
)
def test_a_planted_sentence_is_found(sentence: str) -> None:
    assert backward_sentences(prose_of_module(f'def f():\n    """{sentence}"""\n'))
    assert backward_sentences(prose_of_module(f"# {sentence}\n"))
    assert backward_sentences(prose_of_page(f"# Title\n\n{sentence}\n"))


def test_a_plain_sentence_passes() -> None:
    assert backward_sentences(prose_of_page("Return None if the list is empty. One of two counts.")) == []
