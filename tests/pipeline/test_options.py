"""The command line's options: their effect, their precedence, and the message for each mistake."""

import datetime as dt
from pathlib import Path

import pytest

from newslake.pipeline.config.checks import seconds
from newslake.pipeline.config.run_options import RunOptions
from newslake.pipeline.config.sources import FeedSource, FileSource
from newslake.pipeline.exitcodes import UsageError
from newslake.pipeline.options import COMMANDS, check_beam_options, lake, log_format, parse, parser, run_options
from newslake.schemas.raw import SourceSettings

CONFIG = """
lake = "configured"
contact = "desk@example.org"
[run]
workers = 3
summary = "json"
allow_private_addresses = true
[feed_defaults]
language = "nl"
[[feeds]]
url = "https://example.org/configured"
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "newslake.toml"
    path.write_text(CONFIG)
    return str(path)


def test_the_defaults_are_those_of_the_record() -> None:
    source = FileSource("a.jsonl", SourceSettings())
    assert run_options(["--files", "a.jsonl"], {}) == RunOptions(files=(source,))


def test_every_option_reaches_the_record() -> None:
    words = (
        "--lake L --files a b --files - --feeds https://x.org/f c.xml d.opml --runner direct --workers 4 --run-key K "
        "--prism-location P --job-endpoint h:8099 "
        "--now 2023-03-20T14:05 --dry-run --limit 7 --slice-articles 50 --wait 1.5m --max-reject-ratio 1 "
        "--compression zstd --partition day --allow-private-addresses --summary json --quiet "
        "-- --direct_running_mode=multi_threading"
    )
    none = SourceSettings()
    assert run_options(words.split(), {}) == RunOptions(
        lake="L",
        feeds=(FeedSource("https://x.org/f", none),),
        opml=(FeedSource("d.opml", none),),
        files=(
            FileSource("c.xml", none, is_feed=True),
            FileSource("a", none),
            FileSource("b", none),
            FileSource("-", none),
        ),
        runner="direct",
        workers=4,
        prism_location="P",
        job_endpoint="h:8099",
        run_key="K",
        now=dt.datetime(2023, 3, 20, 14, 5, tzinfo=dt.UTC),
        dry_run=True,
        limit=7,
        slice_articles=50,
        wait=90.0,
        max_reject_ratio=1.0,
        compression="zstd",
        partition="day",
        allow_private_addresses=True,
        summary="json",
        quiet=True,
        beam_options=("--direct_running_mode=multi_threading",),
    )


def test_the_configuration_comes_before_the_defaults(config: str, tmp_path: Path) -> None:
    settled = run_options(["--config", config], {})
    assert settled == RunOptions(
        lake=str(tmp_path.resolve() / "configured"),
        contact="desk@example.org",
        workers=3,
        summary="json",
        allow_private_addresses=True,
        feeds=(FeedSource("https://example.org/configured", SourceSettings(language="nl")),),
    )


def test_the_command_line_comes_before_the_environment_and_that_before_the_configuration(config: str) -> None:
    environment = {"NEWSLAKE_CONFIG": config, "NEWSLAKE_LAKE": "from-environment"}
    settled = run_options(["--workers", "1"], environment)
    assert (settled.workers, settled.lake) == (1, "from-environment")
    assert run_options(["--lake", "given"], environment).lake == "given"


def test_an_empty_variable_counts_as_unset(config: str) -> None:
    assert run_options(["--config", config], {"NEWSLAKE_LAKE": ""}).lake.endswith("configured")
    with pytest.raises(UsageError, match="nothing to read"):
        run_options([], {"NEWSLAKE_CONFIG": ""})


def test_sources_of_the_command_line_replace_those_of_the_configuration_and_keep_its_defaults(config: str) -> None:
    settled = run_options(["--config", config, "--feeds", "https://example.org/other"], {})
    assert settled.feeds == (FeedSource("https://example.org/other", SourceSettings(language="nl")),)
    assert run_options(["--config", config, "--files", "a"], {}).feeds == ()


def test_a_read_only_command_finds_its_lake_the_same_way(config: str, tmp_path: Path) -> None:
    given = parse("lake files", ["--config", config])
    assert lake(given, {}) == str(tmp_path.resolve() / "configured")
    assert lake(given, {"NEWSLAKE_LAKE": "from-environment"}) == "from-environment"
    assert lake(parse("lake files", ["--lake", "given"]), {"NEWSLAKE_LAKE": "from-environment"}) == "given"
    assert lake(parse("lake files", []), {}) == "./lake"


def test_a_run_without_a_source_says_how_to_name_one() -> None:
    with pytest.raises(UsageError, match="name a source with --feeds, --files or --config"):
        run_options(["--lake", "x"], {})


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--fedes", "x"], "unknown option --fedes: did you mean --feeds?"),
        (["--fedes=x"], "unknown option --fedes: did you mean --feeds?"),
        (["--file", "x"], "unknown option --file: did you mean --files?"),
        (["--zzzzzz"], "unknown option --zzzzzz"),
        (["-n"], "unknown option -n"),
        (["x"], "unexpected argument 'x'"),
        (["--lake"], "--lake: expected one argument"),
        (["--lake", ""], "--lake: should be a text that is not empty"),
        (["--files"], "--files: expected at least one argument"),
        (["--files", "a", ""], "--files: should be a text that is not empty"),
        (["--workers", "many"], "--workers: should be a whole number from 1 to 256, not 'many'"),
        (["--workers", "1.5"], "--workers: should be a whole number from 1 to 256, not 1.5"),
        (["--limit", "-1"], "--limit: should be a whole number from 0 on, not -1"),
        (["--max-reject-ratio", "nan"], "--max-reject-ratio: should be a number from 0 to 1"),
        (["--runner", "lokal"], "did you mean 'local'?"),
        (["--job-endpoint", "localhost"], "--job-endpoint: should be HOST:PORT, as in localhost:8099, not 'localhost'"),
        (["--summary", "jsn"], "did you mean 'json'?"),
        (["--now", "yesterday"], "--now: should be a time as in 2023-03-20T14:05:00Z, not 'yesterday'"),
        (["--wait", "long"], "--wait: should be a length of time, as in 90s, 10m or 2h, not 'long'"),
        (["--wait", "-1"], "--wait: should be a length of time, as in 90s, 10m or 2h, not -1"),
        (["--every", "0.5s"], "--every: should be a second to a year, not '0.5s'"),
        (["--every", "9000h"], "--every: should be a second to a year, not '9000h'"),
        (["--quiet=yes"], "--quiet: ignored explicit argument 'yes'"),
    ],
)
def test_a_mistake_is_named_with_the_nearest_option(words: list[str], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        run_options(words, {})
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--direct_num_wokers=2"], "unknown Beam option --direct_num_wokers: did you mean --direct_num_workers?"),
        (["--direct-num-workers", "2"], "unknown Beam option --direct-num-workers: did you mean --direct_num_workers?"),
        (["--direct_num_workers=two"], "after --: --direct_num_workers: invalid int value: 'two'"),
        (["two"], "after --: unexpected argument 'two'"),
        (["--runner=FlinkRunner"], "--runner is an option of newslake; put it before the --"),
        (["--help"], "unknown Beam option --help"),
    ],
)
def test_a_mistake_in_beams_options_is_named(words: list[str], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_beam_options(words)
    assert sentence in str(caught.value)


def test_beams_own_options_are_taken() -> None:
    check_beam_options(
        [
            "--direct_num_workers=2",
            "--experiments",
            "a",
            "--experiments=b",
            "--save_main_session",
            "--temp_location=/tmp/x",
        ]
    )


def rows_of(command: str) -> list[tuple[str, str, str]]:
    return [(option.flag, option.meaning, option.default) for option in COMMANDS[command].options]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_of_the_table_is_in_the_parser_with_its_meaning(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "500")
    text = " ".join(parser(command).format_help().split())
    for flag, meaning, default in rows_of(command):
        assert flag in text
        assert meaning in text
        assert f"(default: {default})" in text or not default
    flags = {flag for action in parser(command)._actions for flag in action.option_strings}
    assert flags == {flag for flag, _, _ in rows_of(command)} | {"-h", "--help"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_configuration_and_a_lake(command: str) -> None:
    assert {"--config", "--lake"} <= {flag for flag, _, _ in rows_of(command)}


def test_the_defaults_in_the_help_are_the_real_defaults() -> None:
    told = {flag: default for flag, _, default in rows_of("run")}
    for name in ("runner", "workers", "limit", "max_reject_ratio", "summary"):
        assert told["--" + name.replace("_", "-")] == str(getattr(RunOptions(), name))
    assert seconds(told["--wait"]) == RunOptions().wait
    assert vars(parse("sql", ["SELECT 1"]))["format"] == "table"
    nothing = {"config": None, "lake": None, "log_format": None}
    assert vars(parse("schema", [])) == {**nothing, "format": "json-schema", "table": "articles"}
    assert vars(parse("lake log", [])) == {**nothing, "limit": 20, "json": False, "accept_shorter": False}


def test_no_option_is_taken_by_its_first_letters() -> None:
    with pytest.raises(UsageError, match="unknown option --form"):
        parse("sql", ["SELECT 1", "--form", "json"])


def test_the_log_format_is_found_before_the_command_is_parsed() -> None:
    assert log_format(["rnu", "--fedes", "x", "--log-format", "json"], {}) == "json"
    assert log_format(["run", "--log-format=json", "--files", "a"], {"NEWSLAKE_LOG_FORMAT": "text"}) == "json"
    assert log_format(["run", "--log-format", "json", "--log-format", "text"], {}) == "text"
    assert log_format(["run", "--", "--log-format", "json"], {}) == "text"
    assert log_format(["sql", "--help"], {"NEWSLAKE_LOG_FORMAT": "json"}) == "json"
    assert log_format([], {"NEWSLAKE_LOG_FORMAT": ""}) == "text"


@pytest.mark.parametrize(
    ("words", "environment", "sentence"),
    [
        (["run", "--log-format", "jsno"], {}, "--log-format: should be one of text, json, not 'jsno', did you mean"),
        (["run", "--log-format"], {}, "--log-format: expected one argument"),
        (["run"], {"NEWSLAKE_LOG_FORMAT": "yaml"}, "NEWSLAKE_LOG_FORMAT: should be one of text, json, not 'yaml'"),
    ],
)
def test_a_wrong_log_format_is_a_mistake(words: list[str], environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        log_format(words, environment)
