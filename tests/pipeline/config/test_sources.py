"""Sources that the command line names beside a configuration."""

from pathlib import Path

import pytest

from newslake.pipeline.config.sources import covers
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.options import run_options


@pytest.mark.parametrize(
    ("pattern", "other", "is_covered"),
    [
        ("news/*.csv", "news/a.csv", True),
        ("news/*.csv", "./news/a.csv", True),
        ("news/*.csv", "news/2024-*.csv", True),
        ("news/*.csv", "news/old/a.csv", False),
        ("news/**/*.csv", "news/old/a.csv", True),
        ("news/**/*.csv", "news/a.csv", True),
        ("news/*.csv", "other/a.csv", False),
        ("-", "-", True),
        ("gs://b/*.csv", "gs://b/*.csv", True),
    ],
)
def test_a_glob_covers_paths_and_narrower_globs(pattern: str, other: str, is_covered: bool) -> None:
    assert covers(pattern, other) is is_covered


def test_files_keep_the_settings_of_the_configured_files_that_cover_them(tmp_path: Path) -> None:
    config = tmp_path / "news.toml"
    config.write_text(
        '[[files]]\nglob = "old/*.csv"\npublisher = "Old"\nfields = { kop = "headline" }\n'
        '[[files]]\nglob = "new/*.csv"\ndelimiter = ";"\nheader = ["a", "b"]\nskip_rows = 2\n'
    )
    words = ["--config", str(config), "--files", str(tmp_path / "old/a.csv"), str(tmp_path / "new/b.csv"), "x.csv"]
    old, new, other = run_options([*words, "--field", "tekst=body", "kop=description"], {}).files
    assert (old.settings.publisher, other.settings.publisher) == ("Old", None)
    assert old.settings.fields == (("tekst", "body"), ("kop", "description"))
    assert (new.settings.delimiter, new.settings.header, new.settings.skip_rows) == (";", ("a", "b"), 2)
    assert other.settings.fields == (("tekst", "body"), ("kop", "description"))


@pytest.mark.parametrize("word", ["kop", "kop=", "=headline", "kop=nothing"])
def test_a_wrong_field_is_told(word: str) -> None:
    with pytest.raises(UsageError, match="field"):
        run_options(["--files", "x.csv", "--field", word], {})


@pytest.mark.parametrize(
    "line",
    ['format = "cvs"', 'delimiter = ";;"', 'quote = "é"', "skip_rows = -1", 'headline = "second"', 'encoding = "idna"'],
)
def test_a_wrong_key_of_files_is_told(tmp_path: Path, line: str) -> None:
    config = tmp_path / "news.toml"
    config.write_text(f'[[files]]\nglob = "*.csv"\n{line}\n')
    with pytest.raises(UsageError, match=line.split()[0]):
        run_options(["--config", str(config)], {})
