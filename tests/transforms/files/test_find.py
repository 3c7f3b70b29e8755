"""What a path or glob names: every file once, and a named reject for what is not a file."""

import os
import socket
from pathlib import Path

import pytest

from newslake.schemas.raw import SourceSettings
from newslake.schemas.reject import Reject
from newslake.transforms.files.find import FilePattern, match_patterns


def match(*patterns: str | Path) -> tuple[list[str], list[Reject]]:
    found, rejects = match_patterns([FilePattern(str(pattern), SourceSettings()) for pattern in patterns], lambda _: [])
    return [file.uri for file, _ in found], rejects


def test_links_that_lead_nowhere_cost_no_other_file_of_the_glob(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}")
    (tmp_path / "dangling.jsonl").symlink_to(tmp_path / "gone")
    (tmp_path / "loop.jsonl").symlink_to(tmp_path / "loop.jsonl")
    (tmp_path / "through.jsonl").symlink_to(tmp_path / "a.jsonl" / "b")
    found, rejects = match(tmp_path / "*.jsonl")
    assert found == [str(tmp_path / "a.jsonl")]
    assert [(Path(reject.source_uri).stem, str(reject.reason), reject.whole_source) for reject in rejects] == [
        ("dangling", "missing", True),
        ("loop", "unreadable", True),
        ("through", "missing", True),
    ]


def test_a_link_to_its_own_folder_gives_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / "a.jsonl").write_text("{}")
    (tmp_path / "day" / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.jsonl").write_text("{}")
    for pattern in ("**", "**/*.jsonl", "**/day/**/*.jsonl", "day/**/a*"):
        assert match(tmp_path / pattern) == ([str(tmp_path / "day" / "a.jsonl")], []), pattern


def test_a_file_that_is_not_regular_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    os.mkfifo("pipe")
    (tmp_path / "good").write_text("{}")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        found, rejects = match(tmp_path / "*", tmp_path / "pipe", "/dev/null", "/dev/stdin", "/dev/fd/0")
    assert found == [str(tmp_path / "good")]
    assert [Path(reject.source_uri).name for reject in rejects] == ["pipe", "socket", "pipe", "null", "stdin", "0"]
    assert {(str(reject.reason), reject.detail) for reject in rejects} == {
        ("unreadable", "it is not a regular file; pipe it to --files - instead")
    }


def test_a_name_that_no_file_can_have_is_missing() -> None:
    _, rejects = match("a\0b")
    assert [str(reject.reason) for reject in rejects] == ["missing"]
