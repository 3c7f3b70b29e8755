"""Generated inputs of a few thousand articles, with copies, revisions and rejects.

The second run reads some of the first again, newer versions of some, and new ones.
"""

import csv
import json
from pathlib import Path

from prose import prose

ARTICLES = 600
"""In each of the four files of a run."""
SHIFT = 300
"""The second run begins with this story, so half of its stories are known."""


def write_inputs(folder: Path, run: int) -> Path:
    """Write the files of the first (0) or second (1) run, and return the glob that names them."""
    folder.mkdir()
    for number in range(4):
        rows = [_article(run, number, story) for story in range(run * SHIFT, run * SHIFT + ARTICLES)]
        if number == 3:
            _write_csv(folder / "wire.csv", rows)
        else:
            _write_lines(folder / f"news-{number}.jsonl", [*rows, *_copies(rows)], broken=3 + run)
    return folder / "*"


def _article(run: int, number: int, story: int) -> dict[str, str]:
    """Return a story of a file. The second run revises every fifth one."""
    text = prose(f"{number}-{story}", 8)
    if run and story % 5 == 0:
        text = f"{text}\n\nThe council has answered since. {prose(f'new {number}-{story}', 3)}"
    return {
        "title": f"Story {story} of paper {number}",
        "text": text,
        "url": f"https://paper{number}.example/{story}",
        "date": f"2023-0{story % 9 + 1}-{story % 28 + 1:02d}",
    }


def _copies(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return copies: the same URL with a tracker, the same text elsewhere, and a shortened text."""
    tracked = [{**row, "url": f"{row['url']}?utm_source=rss"} for row in rows[::20]]
    copied = [{**row, "url": row["url"].replace("https://", "https://copy.")} for row in rows[1::20]]
    edited = [
        {**row, "url": row["url"].replace("https://", "https://edited."), "text": row["text"].rpartition("\n\n")[0]}
        for row in rows[2::20]
    ]
    return [*tracked, *copied, *edited]


def _write_lines(path: Path, rows: list[dict[str, str]], broken: int) -> None:
    lines = [json.dumps(row) for row in rows]
    lines[10:10] = [f'{{"title": "broken {number}' for number in range(broken)]
    path.write_text("".join(f"{line}\n" for line in lines))


def _write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
