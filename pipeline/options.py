"""The command line as one table of options.

The parsers, the help texts and the tables of the manual are made from it.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, NoReturn

from newslake.pipeline.config import checks
from newslake.pipeline.config.checks import Check
from newslake.pipeline.config.run_options import Config, RunOptions, settle
from newslake.pipeline.exitcodes import EXIT_MEANING, ExitCode, UsageError, nearest, unknown_option
from newslake.pipeline.logs import FORMAT_VARIABLE
from newslake.schemas.tables import ARTICLES, TABLES

FLINK = "flink"
CONFIG = "config"
"""What ``newslake schema --table`` calls the configuration file."""
_LAKE_VARIABLE = "NEWSLAKE_LAKE"
_CONFIG_VARIABLE = "NEWSLAKE_CONFIG"
_LOG_FORMATS = ("text", "json")
_SCHEMA_FORMATS = ("json-schema", "duckdb", "polars", "pyarrow", "spark", "athena")
_DEFAULTS = RunOptions()
SAME_NAMES = {field.name for field in fields(RunOptions)} - {"lake", "feeds", "files"}
"""Fields of RunOptions that hold the value of the option with their name."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command.

    ``value`` names its value in the help; an option with "" is a flag. ``default`` is what the help
    says about leaving the option out. ``fallback`` is what the parser then gives; None leaves the
    choice to environment, configuration and RunOptions.
    """

    flag: str
    meaning: str
    default: str = ""
    value: str = ""
    check: Check = checks.text
    is_number: bool = False
    is_repeated: bool = False
    fallback: object = None

    @property
    def name(self) -> str:
        """Return the option's name in Python and in the configuration file: ``run_key``."""
        return self.flag.removeprefix("--").replace("-", "_")


@dataclass(frozen=True, slots=True)
class Command:
    """A command; ``argument`` is the name and meaning of the argument that has no flag."""

    meaning: str
    options: tuple[Option, ...]
    argument: tuple[str, str] | None = None
    is_argument_optional: bool = False
    is_argument_repeated: bool = False
    epilog: str = ""


def _choice(flag: str, meaning: str, choices: Iterable[str], default: str, check: Check | None = None) -> Option:
    names = tuple(choices)
    return Option(flag, meaning, default, "|".join(names), check or checks.one_of(names))


def _with_fallback(option: Option) -> Option:
    return replace(option, fallback=option.default)


_LOG_FORMAT = _choice(
    "--log-format",
    "what stderr gets: text for people, or a JSON object a line without progress bar and table",
    _LOG_FORMATS,
    f"${FORMAT_VARIABLE}, else text",
)
_EVERYWHERE = (
    Option("--config", "configuration file (TOML)", f"${_CONFIG_VARIABLE}", "FILE"),
    Option(
        "--lake",
        "folder of the data lake",
        f"${_LAKE_VARIABLE}, else the configuration's, else {_DEFAULTS.lake}",
        "DIR",
    ),
    _LOG_FORMAT,
)
_NOW = Option("--now", "the instant of the run, in UTC if it names no zone", "the clock", "T", checks.instant)
_ALLOW_PRIVATE = Option("--allow-private-addresses", "fetch feeds from loopback and private addresses as well")
_JSON = Option("--json", "print JSON lines", fallback=False)

COMMANDS: dict[str, Command] = {
    "run": Command(
        "read the sources once and commit what is new to the lake",
        (
            *_EVERYWHERE,
            Option(
                "--feeds",
                "feeds: URLs, saved feeds, or OPML lists that end in .opml; "
                "sources named here replace those of the configuration",
                "those of the configuration",
                "FILE_OR_URL",
                is_repeated=True,
            ),
            Option(
                "--files",
                "documents: paths, globs or folders; - is standard input; "
                "sources named here replace those of the configuration",
                "those of the configuration",
                "GLOB",
                is_repeated=True,
            ),
            Option(
                "--field",
                "a column of the documents and the field that it fills, as in kop=headline",
                "names that are known",
                "COLUMN=FIELD",
                checks.field_of_column,
                is_repeated=True,
            ),
            _choice(
                "--runner",
                "the engine; dataflow only translates the graph yet",
                checks.RUNNERS,
                _DEFAULTS.runner,
            ),
            Option(
                "--workers",
                "worker processes; on flink, tasks at once; prism has one worker",
                str(_DEFAULTS.workers),
                "N",
                checks.workers,
                is_number=True,
            ),
            Option("--prism-location", "the program of the runner prism", "prism on PATH", "FILE"),
            Option("--job-endpoint", "the job server of the runner flink", "", "HOST:PORT", checks.job_endpoint),
            Option(
                "--run-key",
                "name of the run; if a run with this key was committed, nothing is run again",
                "a new one",
                "K",
            ),
            _NOW,
            Option("--dry-run", "print the rows that would be written, and write nothing"),
            Option(
                "--limit",
                "read at most this many articles of each source; 0 reads all",
                str(_DEFAULTS.limit),
                "N",
                checks.whole_number(0),
                is_number=True,
            ),
            Option(
                "--slice-articles",
                "a run of more articles than this is committed in slices of about this size",
                str(_DEFAULTS.slice_articles),
                "N",
                checks.whole_number(1),
                is_number=True,
            ),
            Option(
                "--wait",
                "how long a run tries again if other runs are faster, as in 90s or 10m; then exit code 75",
                "10m",
                "TIME",
                checks.seconds,
                is_number=True,
            ),
            Option(
                "--max-reject-ratio",
                "leave out a source if more than this part of its articles are rejects; it needs 20 articles",
                str(_DEFAULTS.max_reject_ratio),
                "RATIO",
                checks.ratio,
                is_number=True,
            ),
            Option(
                "--max-failed-sources",
                "end with exit code 4 if more sources than this fail: a number, or a part of them in per cent",
                "no limit",
                "N|N%",
                checks.failed_sources,
                is_number=True,
            ),
            _choice(
                "--near-duplicates",
                "what to do with an article that repeats most of another's text: "
                "move it to the table duplicates, keep and mark it, or do not look",
                checks.NEAR_DUPLICATES,
                _DEFAULTS.near_duplicates,
            ),
            Option(
                "--dedup-window",
                "compare texts that were published at most this many days apart",
                str(_DEFAULTS.dedup_window),
                "DAYS",
                checks.dedup_window,
                is_number=True,
            ),
            _choice(
                "--compression",
                "compression of the files in the lake; zstd is smaller, but pyarrow.dataset does not read it",
                checks.COMPRESSIONS,
                "the lake's, else gzip",
            ),
            _choice(
                "--partition", "the time that one folder of the lake spans", checks.PARTITIONS, "the lake's, else month"
            ),
            Option(
                "--every",
                "ask a feed again after this time at the earliest, as in 90s, 5m or 2h",
                "5m",
                "TIME",
                checks.interval,
                is_number=True,
            ),
            Option("--all", "ask every feed, also those that are not due"),
            Option("--skip-known", "leave out files that the lake has read whole, and that have not changed since"),
            _ALLOW_PRIVATE,
            _choice(
                "--summary",
                "the summary at the end: a table on stderr, or one JSON object on stdout",
                checks.SUMMARIES,
                _DEFAULTS.summary,
            ),
            Option("--quiet", "show no progress and no table, only warnings and errors"),
        ),
        epilog="Options after -- go to Apache Beam, as in: newslake run --files a.jsonl -- --job_name=nightly\n\n"
        "exit codes:\n" + "\n".join(f"  {code:>3}  {meaning}" for code, meaning in EXIT_MEANING.items()),
    ),
    "watch": Command(
        "read the sources again and again as they are due, until a signal ends it",
        (),
        epilog="SIGTERM ends it with exit code 0, Ctrl-C with 130; what a round has not committed is not in the lake",
    ),
    "sql": Command(
        "ask the lake with DuckDB",
        (
            *_EVERYWHERE,
            Option("--file", "read the query from a file", value="FILE"),
            _with_fallback(
                _choice(
                    "--format",
                    "how the rows of the last statement are printed",
                    ("table", "json", "csv", "markdown", "parquet"),
                    "table",
                )
            ),
            Option("--output", "write the rows to a file, which parquet needs", "standard output", "FILE"),
        ),
        (
            "QUERY",
            "one or more statements, parted by semicolons, as in: "
            "SELECT date_published, headline FROM articles LIMIT 10; - reads them from standard input",
        ),
        is_argument_optional=True,
    ),
    "why": Command(
        "explain why an article is, or is not, in the lake",
        (
            *_EVERYWHERE,
            replace(_JSON, meaning="print one JSON object: the article's rows, what they repeat and what repeats it"),
        ),
        ("ID_OR_URL", "an article's id (32 hex digits, or the first 6 and more) or its URL"),
        epilog="exit codes:\n"
        f"  {ExitCode.COMMITTED:>3}  explained\n"
        f"  {ExitCode.USAGE:>3}  the argument names no article, or several; or the lake cannot be read\n"
        f"  {ExitCode.NO_SOURCE:>3}  the lake does not know the article",
    ),
    "health": Command(
        "show how each feed is, the worst first",
        (
            *_EVERYWHERE,
            _NOW,
            replace(_JSON, meaning="print a JSON object a feed"),
        ),
    ),
    "check": Command(
        "ask each feed once, write nothing, and say what is wrong and what to do",
        (
            *_EVERYWHERE,
            _ALLOW_PRIVATE,
            _NOW,
            replace(_JSON, meaning="print a JSON object a feed"),
        ),
        ("FEED", "feeds: URLs, saved feeds, or OPML lists; without one, those of the configuration"),
        is_argument_repeated=True,
        epilog="exit codes:\n"
        f"  {ExitCode.COMMITTED:>3}  each feed can be read, perhaps with warnings\n"
        f"  {ExitCode.USAGE:>3}  the command or its configuration is wrong\n"
        f"  {ExitCode.NO_SOURCE:>3}  a feed cannot be read",
    ),
    "schema": Command(
        "print a table's schema for a reader",
        (
            *_EVERYWHERE,
            _with_fallback(_choice("--format", "the reader", _SCHEMA_FORMATS, "json-schema")),
            _with_fallback(
                _choice("--table", "the table, or config for the configuration file", (*TABLES, CONFIG), ARTICLES)
            ),
        ),
    ),
    "lake files": Command(
        "list the files that are live", (*_EVERYWHERE, _choice("--table", "only of this table", TABLES, "all"), _JSON)
    ),
    "lake log": Command(
        "list the commits",
        (
            *_EVERYWHERE,
            Option(
                "--limit",
                "print at most this many",
                "20",
                "N",
                checks.whole_number(1),
                is_number=True,
                fallback=20,
            ),
            _JSON,
            Option(
                "--accept-shorter",
                "accept the last entry as the end of the log, after the lake was restored from a backup",
                fallback=False,
            ),
        ),
    ),
    "lake reindex": Command(
        "build the index anew from the tables, in one commit; list the revisions that became articles of their own",
        (*_EVERYWHERE, Option("--quiet", "no progress and no counts", fallback=False)),
    ),
}


_ONE_RUN_ONLY = {"--run-key", "--now", "--dry-run", "--limit", "--all", "--skip-known", "--summary"}
"""Options of ``run`` that mean nothing to a process that runs for ever."""
_OF_ROUNDS = tuple(option for option in COMMANDS["run"].options if option.flag not in _ONE_RUN_ONLY)
_HEALTH_ADDRESS = Option(
    "--health-address",
    "answer probes at /healthz and Prometheus at /metrics of this address; without a host it is 127.0.0.1",
    "off",
    "HOST:PORT",
    checks.health_address,
)
COMMANDS["watch"] = replace(COMMANDS["watch"], options=(*_OF_ROUNDS, _HEALTH_ADDRESS))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))


def parser(name: str) -> argparse.ArgumentParser:
    """The parser of a command; an option that is not given is None. Its errors are UsageErrors."""
    command = COMMANDS[name]
    made = _Parser(
        prog=f"newslake {name}",
        description=f"{command.meaning[0].upper()}{command.meaning[1:]}.",
        epilog=command.epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if command.argument:
        made.add_argument(
            command.argument[0].lower(),
            metavar=command.argument[0],
            help=command.argument[1],
            nargs="*" if command.is_argument_repeated else "?" if command.is_argument_optional else None,
        )
    for option in command.options:
        described = option.meaning + (f" (default: {option.default})" if option.default else "")
        if not option.value:
            made.add_argument(option.flag, action="store_true", default=option.fallback, help=described)
            continue
        many: dict[str, Any] = {"nargs": "+", "action": "extend"} if option.is_repeated else {}
        made.add_argument(
            option.flag, metavar=option.value, type=_converter(option), default=option.fallback, help=described, **many
        )
    return made


def parse(name: str, arguments: Sequence[str]) -> argparse.Namespace:
    """Return the arguments of a command.

    Raises UsageError for an unknown or misspelt option, and for a wrong value.
    """
    namespace, rest = parser(name).parse_known_args(arguments)
    for word in rest:
        if word.startswith("-"):
            raise unknown_option(word.partition("=")[0], [option.flag for option in COMMANDS[name].options])
    if rest:
        advice = f"to read it, type: --files {rest[0]}" if name in ("run", "watch") else f"see newslake {name} --help"
        raise UsageError(f"unexpected argument {rest[0]!r}; {advice}")
    return namespace


def log_format(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the log format that any command asks for: "text" or "json".

    It is looked for before the command is parsed, so that mistakes of the command line are told in
    it as well. The command line comes before the environment. Raises UsageError for another word.
    """
    early = _Parser(add_help=False, allow_abbrev=False)
    early.add_argument(_LOG_FORMAT.flag, type=_converter(_LOG_FORMAT))
    given, _ = early.parse_known_args(arguments)
    if given.log_format is not None:
        return str(given.log_format)
    try:
        return str(_LOG_FORMAT.check(environment.get(FORMAT_VARIABLE) or _LOG_FORMATS[0]))
    except ValueError as error:
        raise UsageError(f"{FORMAT_VARIABLE}: {error}") from None


def run_options(
    arguments: Sequence[str], environment: Mapping[str, str], name: Literal["run", "watch"] = "run"
) -> RunOptions:
    """Return what ``newslake run ARGUMENTS`` or ``newslake watch ARGUMENTS`` settles.

    The command line comes first, then the environment, the configuration and the defaults.
    """
    beam_options: Sequence[str] = ()
    if "--" in arguments:
        end = list(arguments).index("--")
        arguments, beam_options = arguments[:end], arguments[end + 1 :]
    given = parse(name, arguments)
    settled = settle(
        _configured(given, environment),
        lake=given.lake or environment.get(_LAKE_VARIABLE),
        feeds=given.feeds or (),
        files=given.files or (),
        fields=given.field or (),
        given={name: value for name, value in vars(given).items() if value is not None and name in SAME_NAMES},
        beam_options=beam_options,
    )
    if beam_options and settled.runner != FLINK:  # its job server knows more options
        check_beam_options(beam_options)
    return settled


def health_address(arguments: Sequence[str]) -> tuple[str, int] | None:
    """Return where ``newslake watch ARGUMENTS`` answers probes, or None if nowhere."""
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    address: tuple[str, int] | None = parse("watch", arguments[:end]).health_address
    return address


def feeds_to_check(arguments: argparse.Namespace, environment: Mapping[str, str]) -> RunOptions:
    """Return the options of a run that asks the feeds of ``newslake check``, and no files.

    A feed that the configuration names too has its settings. Raises UsageError if there is no feed.
    """
    configured = _configured(arguments, environment)
    given = {
        name: value
        for name, value in (("allow_private_addresses", arguments.allow_private_addresses), ("now", arguments.now))
        if value is not None
    }
    if not arguments.feed and not (
        configured.sources.feeds or configured.sources.opml or any(file.is_feed for file in configured.sources.files)
    ):
        raise UsageError("no feed to check: name one, as in newslake check https://example.org/rss, or use --config")
    return settle(configured, lake=arguments.lake, feeds=arguments.feed, given=given)


def check_options(given: Mapping[str, object]) -> dict[str, Any]:
    """Return options of ``run`` that a Python call gives, checked as on the command line.

    None counts as not given. Raises UsageError, which tells every mistake.
    """
    known = {option.name: option for option in COMMANDS["run"].options if option.name in SAME_NAMES}
    checked, mistakes = {}, []
    for name, value in given.items():
        if value is None:
            continue
        if name not in known:
            mistakes.append(f"unknown option {name!r}{nearest(name, known)}")
            continue
        try:
            checked[name] = known[name].check(value) if known[name].value else checks.flag(value)
        except ValueError as error:
            mistakes.append(f"{name}: {error}")
    if mistakes:
        raise UsageError("; ".join(mistakes))
    return checked


def _configured(given: argparse.Namespace, environment: Mapping[str, str]) -> Config:
    path = _config_path(given, environment)
    if path is None:
        return Config()
    from newslake.pipeline.config.file import read_config  # loads pydantic

    return read_config(path, environment)


def named_lake(given: argparse.Namespace, environment: Mapping[str, str]) -> str | None:
    """The lake that the user names, if any; the configuration is opened only where it is needed."""
    named = given.lake or environment.get(_LAKE_VARIABLE)
    path = _config_path(given, environment)
    if named or not path:
        return named or None
    from newslake.pipeline.config.file import read_lake  # loads pydantic

    return read_lake(path)


def lake(given: argparse.Namespace, environment: Mapping[str, str]) -> str:
    """The lake of a command that only reads it."""
    return named_lake(given, environment) or _DEFAULTS.lake


def check_beam_options(arguments: Sequence[str], also: Iterable[str] = ()) -> None:
    """Raise UsageError for what none of Beam's options classes knows: Beam itself only warns.

    ``also`` are flags that a job server knows. Imports Beam.
    """
    from apache_beam.options import pipeline_options as beam_options

    class _BeamParser(beam_options._BeamArgumentParser):  # the class whose methods the options classes call
        def error(self, message: str) -> NoReturn:
            raise UsageError(f"after --: {message.removeprefix('argument ')}")

    beam = _BeamParser(add_help=False, allow_abbrev=False, conflict_handler="resolve")
    for one in _subclasses(beam_options.PipelineOptions):
        if "_add_argparse_args" in vars(one):
            one._add_argparse_args(beam)
    known = [flag for action in beam._actions for flag in action.option_strings]
    for flag in {*also} - {*known}:
        beam.add_argument(flag, nargs="?")
        known.append(flag)
    flags = [word.partition("=")[0] for word in arguments if word.startswith("--")]
    if "--runner" in flags:
        raise UsageError("after --: --runner is an option of newslake; put it before the --")
    _, rest = beam.parse_known_args(list(arguments))
    for word in rest:
        if word.startswith("-"):
            raise unknown_option(word.partition("=")[0], known, "Beam option")
    if rest:
        raise UsageError(f"after --: unexpected argument {rest[0]!r}")


def _converter(option: Option) -> Callable[[str], Any]:
    def convert(word: str) -> Any:
        try:
            return option.check(_number(word) if option.is_number else word)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def _number(word: str) -> object:
    """``word`` as TOML would have it; as it is where it is no number."""
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            pass
    return word


def _config_path(given: argparse.Namespace, environment: Mapping[str, str]) -> str | None:
    return given.config or environment.get(_CONFIG_VARIABLE) or None


def _subclasses(kind: Any) -> list[Any]:
    return [one for child in kind.__subclasses__() for one in (child, *_subclasses(child))]
