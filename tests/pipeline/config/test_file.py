"""The configuration file: what it settles, and what is said of each mistake in it."""

import datetime as dt
import json
from pathlib import Path

import pytest
from commandline import CHECKOUT

from newslake.pipeline.cli import main
from newslake.pipeline.config.checks import instant
from newslake.pipeline.config.file import read_config, read_lake
from newslake.pipeline.config.sources import FeedSource, FileSource
from newslake.pipeline.exitcodes import UsageError
from newslake.schemas.raw import SourceSettings

WHOLE = """
lake = "lake"
contact = "https://example.org/bot"

[run]
runner = "direct"
workers = 2
partition = "day"
compression = "zstd"
max_reject_ratio = 0
summary = "json"

[feed_defaults]
language = "en"
tags = ["world"]

[[feeds]]
url = "https://example.org/rss"
publisher = "The Harbour Ledger"
country = "gb"
zone = "Europe/London"
date_order = "dmy"
tags = ["coast"]
headers = { Authorization = "Bearer ${FEED_TOKEN}" }

[[feeds]]
opml = "https://example.org/export?all=1"

[[files]]
glob = "documents/*.csv"
fields = { desk = "sections", when = "date" }
extra = ["priority"]
source = "wire"
encoding = "windows-1252"
zone = "+01:00"
language = "pt_br"
"""


def write(folder: Path, text: str) -> str:
    path = folder / "newslake.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def complaint(folder: Path, text: str, **environment: str) -> str:
    with pytest.raises(UsageError) as caught:
        read_config(write(folder, text), environment)
    return str(caught.value)


def test_every_key_is_read(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, WHOLE), {"FEED_TOKEN": "s3cret-value"})
    assert config.lake == str(tmp_path.resolve() / "lake")
    assert config.contact == "https://example.org/bot"
    assert config.run == {
        "runner": "direct",
        "workers": 2,
        "partition": "day",
        "compression": "zstd",
        "max_reject_ratio": 0.0,
        "summary": "json",
    }
    assert config.sources.feeds == (
        FeedSource(
            "https://example.org/rss",
            SourceSettings(
                publisher="The Harbour Ledger",
                country="GB",
                language="en",
                zone="Europe/London",
                date_order="DMY",
                tags=("coast",),
                headers=(("Authorization", "Bearer ${FEED_TOKEN}"),),
            ),
        ),
    )
    assert config.sources.opml == (
        FeedSource("https://example.org/export?all=1", SourceSettings(language="en", tags=("world",))),
    )
    assert config.sources.files == (
        FileSource(
            str(tmp_path / "documents/*.csv"),
            SourceSettings(
                language="pt-BR",
                zone="+01:00",
                source="wire",
                encoding="windows-1252",
                fields=(("desk", "sections"), ("when", "date")),
                extra=("priority",),
            ),
        ),
    )


def test_an_empty_file_settles_nothing(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, ""), {})
    assert (config.lake, config.contact, config.run) == (None, None, {})
    assert not config.sources


def test_paths_are_relative_to_the_file_and_its_folder_is_no_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "year [2023]"
    folder.mkdir()
    feeds = '[[feeds]]\nurl = "a.xml"\n[[feeds]]\nopml = "b.xml"\n[[feeds]]\nurl = "c.OPML"\n'
    text = f'lake = "../lake"\n{feeds}[[files]]\nglob = "[ab].txt"\n'
    config = read_config(write(folder, text), {})
    assert config.lake == str(tmp_path.resolve() / "lake")
    assert [subscriptions.location for subscriptions in config.sources.opml] == [
        str(folder / "b.xml"),
        str(folder / "c.OPML"),
    ]
    escaped = str(tmp_path / "year [[]2023]")
    assert [(file.glob, file.is_feed) for file in config.sources.files] == [
        (f"{escaped}/a.xml", True),
        (f"{escaped}/[ab].txt", False),
    ]


def test_absolute_paths_and_uris_stay_as_they_are(tmp_path: Path) -> None:
    globs = ["/data/*.jsonl", "gs://bucket/*.jsonl", "-"]
    text = 'lake = "s3://bucket/lake"\n' + "".join(f'[[files]]\nglob = "{one}"\n' for one in globs)
    config = read_config(write(tmp_path, text), {})
    assert config.lake == "s3://bucket/lake"
    assert [file.glob for file in config.sources.files] == ["/data/*.jsonl", "gs://bucket/*.jsonl", "-"]


def test_a_location_named_twice_is_read_once_with_its_first_settings(tmp_path: Path) -> None:
    twice = "".join(f'[[feeds]]\nurl = "https://example.org/rss"\npublisher = "{name}"\n' for name in "AB")
    assert [feed.settings.publisher for feed in read_config(write(tmp_path, twice), {}).sources.feeds] == ["A"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('lak = "x"', "unknown key 'lak', did you mean 'lake'?"),
        ("[run]\nworker = 2", "[run]: unknown key 'worker', did you mean 'workers'?"),
        ('[feed_defaults]\nurl = "x"', "[feed_defaults]: unknown key 'url'"),
        (
            '[[feeds]]\nurl = "a"\n[[feeds]]\nurl = "b"\npublsher = "P"',
            "[[feeds]] number 2: unknown key 'publsher', did you mean 'publisher'?",
        ),
        ('[[feeds]]\nurl = "a"\nfull_text = true', "[[feeds]] number 1: unknown key 'full_text'"),
        ("[run]\nnear_duplicates = 0.6", "[run]: unknown key 'near_duplicates'; it belongs in [duplicates]"),
        ("[duplicates]\nwindow = 90", "[duplicates]: unknown key 'window', did you mean 'dedup_window'?"),
        ("[duplicates]\ndedup_window = -1", "[duplicates]: dedup_window: should be a whole number from 0 to 3650"),
        ("[duplicates]\nnear_jaccard = 0.6", "[duplicates]: near_jaccard: is gone, take the line out"),
        ('[duplicates]\nnear_duplicates = "drpo"', "[duplicates]: near_duplicates: should be one of drop, mark, off"),
        ('[[files]]\nglob = "a"\nheaders = {}', "[[files]] number 1: unknown key 'headers'"),
        ('[[feeds]]\npublisher = "P"', "[[feeds]] number 1: give either url"),
        (
            '[[feeds]]\nurl = "https://a.org/?key=${KEY}"',
            "number 1: url: ${NAME} is filled in in headers, user, password",
        ),
        ('[[feeds]]\nurl = "a"\nopml = "b"', "[[feeds]] number 1: give either url"),
        ('[[files]]\npublisher = "P"', "[[files]] number 1: give a glob"),
        ('[feeds]\nurl = "a"', "feeds: should be written with two brackets"),
        ("feeds = [1]", "feeds: should be a table"),
        (
            '[run]\nrunner = "lokal"',
            "runner: should be one of local, direct, prism, flink, dataflow, not 'lokal', did you mean 'local'?",
        ),
        ('[run]\njob_endpoint = "8099"', "job_endpoint: should be HOST:PORT, as in localhost:8099, not '8099'"),
        ("[run]\nworkers = 0", "workers: should be a whole number from 1 to 256, not 0"),
        ("[run]\nworkers = true", "workers: should be a whole number"),
        ('[run]\nworkers = "2"', "workers: should be a whole number"),
        ("[run]\nmax_reject_ratio = 1.5", "max_reject_ratio: should be a number from 0 to 1"),
        ("[run]\nmax_reject_ratio = nan", "max_reject_ratio: should be a number from 0 to 1"),
        ('[run]\nallow_private_addresses = "yes"', "allow_private_addresses: should be true or false"),
        ("lake = 3", "lake: should be a text"),
        ('lake = ""', "lake: should be a text that is not empty"),
        ('lake = "a\\u0000b"', "lake: should be a text"),
        ('contact = "a\\nX-Evil: 1"', "contact: should be one line"),
        ('[feed_defaults]\ncountry = "NLD"', "country: should be a code of two letters"),
        ('[feed_defaults]\nlanguage = "dutch!"', "language: should be a language tag"),
        ('[feed_defaults]\nzone = "Europe/Atlantis"', "zone: not a time zone: 'Europe/Atlantis'"),
        ('[feed_defaults]\nzone = "+99:00"', "zone: not an offset"),
        ('[feed_defaults]\ndate_order = "DYM"', "date_order: should be one of DMY, MDY, YMD"),
        ('[feed_defaults]\ntags = "coast"', "tags: should be a list, as in ['coast']"),
        ('[feed_defaults]\nheaders = { "X Y" = "1" }', "headers: 'X Y' is no header name"),
        ("[feed_defaults]\nheaders = { X = 1 }", "headers: X: should be a text"),
        ('[[files]]\nglob = "a"\nencoding = "utf-9"', "encoding: 'utf-9' is no known text encoding"),
        ('[[files]]\nglob = "a"\nencoding = "base64"', "encoding: 'base64' is no known text encoding"),
        ('[[files]]\nglob = "a"\nfields = { h = "headlin" }', "fields: column 'h': should be one of headline,"),
        ('[[files]]\nglob = "a"\nfields = { h = "headlin" }', "did you mean 'headline'?"),
        ("lake = ", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    said = complaint(tmp_path, text)
    assert said.startswith(str(tmp_path / "newslake.toml"))
    assert sentence in said


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing\.toml: the configuration cannot be read: No such file"):
        read_config(str(tmp_path / "missing.toml"), {})
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        read_config(str(tmp_path), {})
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'lake = "caf\xe9"')
    with pytest.raises(UsageError, match="is not UTF-8"):
        read_config(str(latin), {})


HEADER = '[[feeds]]\nurl = "https://example.org/rss"\nheaders = { Authorization = "Bearer ${FEED_TOKEN}" }'


@pytest.mark.parametrize("environment", [{}, {"FEED_TOKEN": ""}])
def test_a_variable_that_is_not_set_is_named(tmp_path: Path, environment: dict[str, str]) -> None:
    said = complaint(tmp_path, HEADER, **environment)
    assert "[[feeds]] number 1: headers: Authorization: the environment variable FEED_TOKEN is not set" in said


def test_a_headers_value_is_refused_without_being_shown(tmp_path: Path) -> None:
    said = complaint(tmp_path, HEADER, FEED_TOKEN="s3cret\r\nX-Evil: 1")
    assert "Authorization: the value holds a line break" in said
    assert "s3cret" not in said


def test_the_lake_is_known_without_the_variables_of_the_feeds(tmp_path: Path) -> None:
    assert read_lake(write(tmp_path, f'lake = "news"\n{HEADER}')) == str(tmp_path.resolve() / "news")
    assert read_lake(write(tmp_path, HEADER)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-03-20T14:05:09Z", dt.datetime(2023, 3, 20, 14, 5, 9, tzinfo=dt.UTC)),
        ("2023-03-20t14:05:09z", dt.datetime(2023, 3, 20, 14, 5, 9, tzinfo=dt.UTC)),
        ("2023-03-20 14:05", dt.datetime(2023, 3, 20, 14, 5, tzinfo=dt.UTC)),
        ("2023-03-20T14:05:09.75+01:00", dt.datetime(2023, 3, 20, 13, 5, 9, tzinfo=dt.UTC)),
        ("2023-03-20", dt.datetime(2023, 3, 20, tzinfo=dt.UTC)),
    ],
)
def test_an_instant_is_read_as_utc_where_it_has_no_zone(text: str, expected: dt.datetime) -> None:
    assert instant(text) == expected
    assert instant(text).tzinfo is dt.UTC


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2023-13-01", "2023-02-29", "0001-01-01T00:00:00+14:00", "1679320000"]
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="should be a time as in"):
        instant(text)


def test_the_options_on_duplicates_have_a_table_of_their_own(tmp_path: Path) -> None:
    near = 'near_duplicates = "mark"\ndedup_window = 30'
    text = f"[run]\nworkers = 2\n[duplicates]\n{near}\n"
    settled = {
        "workers": 2,
        "near_duplicates": "mark",
        "dedup_window": 30,
    }
    assert read_config(write(tmp_path, text), {}).run == settled


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = """
lak = "x"
contact = ""
[run]
workers = 0
dedup_window = 6
[[feeds]]
publisher = "P"
zone = "Europe/Atlantis"
headers = { A = "${NOT_SET}" }
[[feeds]]
url = "https://example.org/rss"
publsher = "P"
[[files]]
fields = { kop = "headlin" }
"""
    assert complaint(tmp_path, text).splitlines() == [
        f"{tmp_path}/newslake.toml: 10 mistakes",
        "  contact: should be a text that is not empty, not ''",
        "  [run]: workers: should be a whole number from 1 to 256, not 0",
        "  [run]: unknown key 'dedup_window'; it belongs in [duplicates]",
        "  [[feeds]] number 1: zone: not a time zone: 'Europe/Atlantis'; "
        "write an IANA name such as 'Europe/Amsterdam', or an offset such as '+01:00'",
        "  [[feeds]] number 1: headers: A: the environment variable NOT_SET is not set",
        "  [[feeds]] number 2: unknown key 'publsher', did you mean 'publisher'?",
        "  [[files]] number 1: give a glob, as in glob = 'articles/*.jsonl'",
        "  [[files]] number 1: fields: column 'kop': should be one of headline, description, body, url, source_id, "
        "date, modified, byline, language, publisher, keywords, sections, images, not 'headlin', "
        "did you mean 'headline'?",
        "  unknown key 'lak', did you mean 'lake'?",
        "  [[feeds]] number 1: give either url, of a feed, or opml, of a list of feeds",
    ]


def test_editors_have_a_schema_of_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--table", "config"]) == 0
    told = capsys.readouterr().out
    assert told == (CHECKOUT / "docs/newslake.schema.json").read_text(encoding="utf-8"), "run: make schema"
    schema = json.loads(told)
    assert all(part["additionalProperties"] is False for part in (schema, *schema["$defs"].values()))
    keys = {name: part["properties"] for name, part in schema["$defs"].items()}
    assert keys["RunTable"]["workers"]["minimum"] == 1
    assert keys["RunTable"]["workers"]["description"].startswith("worker processes")
    assert keys["FilesTable"]["glob"]["type"] == "string"
    assert schema["$defs"]["FilesTable"]["required"] == ["glob"]
    missing = [name for part in keys.values() for name, key in part.items() if not key.get("description")]
    assert missing == []


def test_a_schema_of_the_configuration_has_one_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--table", "config", "--format", "spark"]) == 2
    assert "use json-schema" in capsys.readouterr().err


def test_every_wrong_field_is_told_and_names_of_the_record_lead_to_the_field_that_is_meant(tmp_path: Path) -> None:
    fields = 'fields = { a = "date_published", b = "article_body", c = "headlin", d = "size" }'
    told = complaint(tmp_path, f'[[files]]\nglob = "a"\n{fields}').split("; column ")
    assert [part.rpartition("not ")[2] for part in told] == [
        "'date_published', did you mean 'date'?",
        "'article_body', did you mean 'body'?",
        "'headlin', did you mean 'headline'?",
        "'size'",
    ]
