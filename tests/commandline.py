"""Run newslake's commands in processes of their own, and read the lake with DuckDB."""

import contextlib
import gc
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import newslake
from newslake.pipeline.cli import main

CHECKOUT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("NEWSLAKE_SHARED", CHECKOUT.parent / "shared"))
SAMPLE = CHECKOUT / "deploy/sample"
COUNTS = ("read", "new", "revised", "unchanged", "duplicates", "rejected")


def newslake_command(*arguments: object, code: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newslake", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == code, done.stderr
    return done


def run(lake: Path, *arguments: object, code: int = 0, **options: Any) -> dict[str, Any]:
    done = newslake_command("run", "--lake", lake, "--summary", "json", *arguments, code=code, **options)
    return _balanced(done.stdout)


def run_here(lake: Path, *arguments: object, code: int | None = 0) -> dict[str, Any]:
    """Run newslake as ``run`` does, but in this process, which imports Beam only once.

    Tests of many small runs use it. A ``code`` of None takes any exit code.
    """
    said, thresholds = io.StringIO(), gc.get_threshold()
    with contextlib.redirect_stdout(said):
        exit_code = main(["run", "--lake", str(lake), "--summary", "json", *map(str, arguments)])
    gc.unfreeze()  # a run freezes all older objects, because usually its process ends after it
    gc.set_threshold(*thresholds)
    assert code in (exit_code, None)
    return _balanced(said.getvalue())


def _balanced(line: str) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(line)
    assert summary["read"] == sum(summary[name] for name in COUNTS[1:])
    return summary


def rows(lake: Path, query: str) -> list[tuple[Any, ...]]:
    return newslake.open(str(lake)).duckdb().sql(query).fetchall()


def write_lines(path: Path, articles: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles), encoding="utf-8")
    return path


def article(number: int, **more: Any) -> dict[str, Any]:
    text = f"This is the text of story number {number}. " * 6
    return {
        "title": f"Story {number}",
        "text": text,
        "url": f"https://example.org/{number}",
        "date": "2023-03-20",
        **more,
    }
