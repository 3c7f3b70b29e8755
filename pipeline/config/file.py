"""The configuration file: TOML 1.0, checked to the last key; all mistakes are told at once.

Relative paths in the file (``lake``, ``glob``, ``opml``, the ``url`` of a saved feed) are relative
to the folder of the file. Relative paths on the command line and in the environment are relative to
the working directory.
"""

import json
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, ValidationInfo, WithJsonSchema

from newslake.pipeline.config import checks
from newslake.pipeline.config.failed_sources import FailedSources
from newslake.pipeline.config.run_options import Config
from newslake.pipeline.config.sources import feed_source, file_source, merge_sources
from newslake.pipeline.exitcodes import UsageError, nearest
from newslake.schemas.raw import SourceSettings
from newslake.schemas.variables import fill_in, has_variables


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, protected_namespaces=())

    def settled(self) -> dict[str, Any]:
        """Return the keys that the user wrote, with their checked values."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}


def _header_values(value: object, info: ValidationInfo) -> tuple[tuple[str, str], ...]:
    """Return headers as they are written, once their values with each ``${NAME}`` are checked.

    An error never shows a value, because it may be secret.
    """
    environment: Mapping[str, str] = info.context or {}

    def value_of(name: str, template: object) -> str:
        if not checks.HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header name (RFC 9110)")
        if not isinstance(template, str):
            raise ValueError(f"{name}: should be a text")
        try:
            text = fill_in(template, environment).strip()
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if not checks.HEADER_VALUE.fullmatch(text):
            raise ValueError(f"{name}: the value holds a line break or control character")
        return template

    return tuple((name, value_of(name, template)) for name, template in checks.table(value).items())


_Headers = Annotated[
    tuple[tuple[str, str], ...],
    PlainValidator(_header_values),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
]


class SourceTable(_Table):
    publisher: Annotated[str | None, checks.text] = None
    """Name of the publisher, where feed or document should not decide."""
    country: Annotated[str | None, checks.country] = None
    """The publisher's country: ISO 3166-1 alpha-2."""
    language: Annotated[str | None, checks.language] = None
    """Language of the articles where they do not say: a BCP 47 tag."""
    zone: Annotated[str | None, checks.zone] = None
    """Time zone of times that name none, such as "Europe/Amsterdam" or "+01:00"."""
    date_order: Annotated[str | None, checks.date_order] = None
    """Order of day, month and year in dates of digits, such as "03/04/2023"."""
    tags: Annotated[tuple[str, ...], checks.texts] = ()
    """Words that each article of this source gets in its field tags."""


def _secret(value: object, info: ValidationInfo) -> str:
    """Return a text as it is written, once each ``${NAME}`` is known to be set."""
    template: str = checks.text(value)
    fill_in(template, info.context or {})
    return template


def _proxy(value: object, info: ValidationInfo) -> str:
    template = _secret(value, info)
    checks.proxy(fill_in(template, info.context or {}))
    return template


_Secret = Annotated[str | None, PlainValidator(_secret), WithJsonSchema({"type": "string", "minLength": 1})]
_Proxy = Annotated[
    str | None,
    PlainValidator(_proxy),
    WithJsonSchema({"type": "string", "minLength": 1}),
]


class FeedDefaultsTable(SourceTable):
    headers: _Headers = Field(default_factory=tuple)
    """HTTP request headers. ${NAME} stands for an environment variable, which must be set."""
    user: _Secret = None
    """User name for HTTP basic authentication; ${NAME} as in headers."""
    password: _Secret = None
    """Password for HTTP basic authentication; ${NAME} as in headers."""
    proxy: _Proxy = None
    """URL of an HTTP proxy through which the feed is asked; ${NAME} as in headers."""
    allow_private: Annotated[bool, checks.flag] = False
    """Whether the feed may have a loopback or private address."""
    interval: Annotated[float | None, checks.interval] = None
    """Ask the feed again after this time at the earliest, instead of the time of --every."""
    keep_headline: Annotated[str | None, checks.pattern] = None
    """Take only entries in whose headline this regular expression is found, in either case."""
    drop_headline: Annotated[str | None, checks.pattern] = None
    """Leave out entries in whose headline this regular expression is found."""
    keep_url: Annotated[str | None, checks.pattern] = None
    """Take only entries in whose URL this regular expression is found, in either case."""
    drop_url: Annotated[str | None, checks.pattern] = None
    """Leave out entries in whose URL this regular expression is found."""


def _location(value: object) -> str:
    location: str = checks.text(value)
    if has_variables(location):
        raise ValueError("${NAME} is filled in in headers, user, password and proxy only")
    return location


_Location = Annotated[str | None, checks.Check(_location, {"type": "string", "minLength": 1})]


class FeedTable(FeedDefaultsTable):
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["url"]}, {"required": ["opml"]}]})

    url: _Location = None
    """The feed: an http(s) URL, or the path of a saved feed."""
    opml: _Location = None
    """An OPML list of feeds: an http(s) URL or a path."""
    encoding: Annotated[str | None, checks.encoding] = None
    """Text encoding of the feed, whatever it declares. Bytes that begin like UTF-16 are UTF-16."""


class FilesTable(SourceTable):
    glob: Annotated[str, checks.text]
    """The files: a path, a glob, a URI, or "-" for standard input."""
    fields: Annotated[tuple[tuple[str, str], ...], checks.fields_of_columns] = ()
    """Columns and the fields that they fill, before the names that are known: { kop = "headline" }.
    """
    extra: Annotated[str | tuple[str, ...], checks.extra] = "all"
    """What the field extra keeps: "all" columns that are no field, "none", or a list of columns."""
    source: Annotated[str | None, checks.text] = None
    """Name within which ids of rows tell articles apart; without it, each file is its own source.
    """
    encoding: Annotated[str | None, checks.encoding] = None
    """Text encoding of the files, where their content does not tell it rightly."""
    format: Annotated[str | None, checks.one_of(checks.FORMATS)] = None
    """Format of the files, where their content does not tell it rightly."""
    delimiter: Annotated[str | None, checks.delimiter] = None
    """What separates the cells of a table, where the content does not tell it rightly."""
    quote: Annotated[str | None, checks.character_or_nothing] = None
    """The quote character of a table; "" if cells are never quoted."""
    escape: Annotated[str | None, checks.character_or_nothing] = None
    """The character before a quote within a cell; "" if such a quote is doubled."""
    header: Annotated[tuple[str, ...], checks.texts] = ()
    """Names of the columns of a table whose first line is a row already."""
    skip_rows: Annotated[int, checks.whole_number(0)] = 0
    """Number of lines before the header of a table, or before its first row."""
    headline: Annotated[str | None, checks.one_of(checks.HEADLINES)] = None
    """Where the headline of plain texts stands: "first_line" takes a short line that stands alone.
    """


class RunTable(_Table):
    runner: Annotated[str | None, checks.one_of(checks.RUNNERS)] = None
    workers: Annotated[int | None, checks.workers] = None
    prism_location: Annotated[str | None, checks.text] = None
    job_endpoint: Annotated[str | None, checks.job_endpoint] = None
    partition: Annotated[str | None, checks.one_of(checks.PARTITIONS)] = None
    compression: Annotated[str | None, checks.one_of(checks.COMPRESSIONS)] = None
    slice_articles: Annotated[int | None, checks.whole_number(1)] = None
    wait: Annotated[float | None, checks.seconds] = None
    max_reject_ratio: Annotated[float | None, checks.ratio] = None
    max_failed_sources: Annotated[FailedSources | None, checks.failed_sources] = None
    summary: Annotated[str | None, checks.one_of(checks.SUMMARIES)] = None
    allow_private_addresses: Annotated[bool | None, checks.flag] = None


class DuplicatesTable(_Table):
    near_duplicates: Annotated[str | None, checks.one_of(checks.NEAR_DUPLICATES)] = None
    dedup_window: Annotated[int | None, checks.dedup_window] = None


class ConfigFile(_Table):
    lake: Annotated[str | None, checks.text] = None
    """Folder of the data lake."""
    contact: Annotated[str | None, checks.contact] = None
    """A URL or address for publishers to reach you: it is sent in the User-Agent header."""
    run: RunTable = Field(default_factory=RunTable)
    """Options of newslake run."""
    duplicates: DuplicatesTable = Field(default_factory=DuplicatesTable)
    """Options of newslake run on duplicates."""
    feed_defaults: FeedDefaultsTable = Field(default_factory=FeedDefaultsTable)
    """What holds for each of [[feeds]] that does not say otherwise, and for feeds of the command
    line."""
    feeds: list[FeedTable] = []
    files: list[FilesTable] = []


def read_config(path: str, environment: Mapping[str, str]) -> Config:
    """Read the configuration file at ``path``.

    ``environment`` holds the values of ``${NAME}`` in headers.

    A key of ``[[feeds]]`` replaces that key of ``[feed_defaults]`` as a whole. Raises UsageError,
    which names the file and, for each mistake, its place and key. It never shows a header's value.
    """
    return check_config(_parse(path), environment, folder=str(Path(path).parent), where=path)


def check_config(
    document: Mapping[str, Any], environment: Mapping[str, str], *, folder: str = "", where: str = "config"
) -> Config:
    """Check a configuration that is a mapping, as TOML gives it; ``where`` names it in errors.

    Relative paths are relative to ``folder``. Raises UsageError as ``read_config`` does.
    """
    if unnamed := [key for key in document if not isinstance(key, str)]:
        raise UsageError(f"{where}: keys should be texts, not {unnamed[0]!r}")
    mistakes = list(_incomplete_feeds(document.get("feeds")))
    try:
        checked = ConfigFile.model_validate(dict(document), context=environment)
    except ValidationError as error:
        mistakes = [*_sentences(error), *mistakes]
    if mistakes:
        raise UsageError(_listed(where, mistakes))
    defaults = checked.feed_defaults.settled()
    sources = []
    for feed in checked.feeds:
        values = defaults | feed.settled()
        url, opml = values.pop("url", None), values.pop("opml", None)
        sources.append(feed_source(url or opml, _feed_settings(values), is_opml=opml is not None, folder=folder))
    for files in checked.files:
        values = files.settled()
        sources.append(file_source(values.pop("glob"), SourceSettings(**values), folder=folder))
    return Config(
        lake=_lake(folder, checked.lake),
        contact=checked.contact,
        run=checked.run.settled() | checked.duplicates.settled(),
        feed_defaults=_feed_settings(defaults),
        sources=merge_sources(sources),
    )


def _feed_settings(values: Mapping[str, Any]) -> SourceSettings:
    """Return the settings of a feed from the keys of its table."""
    settled = dict(values)
    for choice in ("keep", "drop"):
        patterns = [(of, settled.pop(f"{choice}_{of}", None)) for of in ("headline", "url")]
        settled[choice] = tuple((of, pattern) for of, pattern in patterns if pattern is not None)
    return SourceSettings(**settled)


def as_config(config: str | os.PathLike[str] | Mapping[str, Any] | None, environment: Mapping[str, str]) -> Config:
    """Return the configuration that a Python call gives: a file, a mapping, or None."""
    if config is None:
        return Config()
    if isinstance(config, Mapping):
        return check_config(config, environment)
    return read_config(checks.path_text("config", config), environment)


def read_lake(path: str) -> str | None:
    """Return the lake that a configuration file names, None if it names none.

    The other keys are not checked: a command that only reads needs no ``${NAME}`` of a feed.
    """
    document = _parse(path)
    if "lake" not in document:
        return None
    return check_config({"lake": document["lake"]}, {}, folder=str(Path(path).parent), where=path).lake


def json_schema(meanings: Mapping[str, str]) -> str:
    """Return the JSON Schema (draft 2020-12) of a configuration file.

    ``meanings`` describes the options of a run.
    """
    made = ConfigFile.model_json_schema()
    for table in ("RunTable", "DuplicatesTable"):
        for name, described in made["$defs"][table]["properties"].items():
            described["description"] = meanings[name]
    for part in (made, *made["$defs"].values()):
        part.pop("title")
        for described in part["properties"].values():
            if "description" in described:
                described["description"] = " ".join(described["description"].split())
            described.pop("title", None)
            described.pop("default", None)
    made["title"] = "newslake configuration"
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _parse(path: str) -> dict[str, Any]:
    try:
        with Path(path).open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise UsageError(f"{path}: the configuration cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the configuration is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from None


def _listed(where: str, mistakes: list[str]) -> str:
    if len(mistakes) == 1:
        return f"{where}: {mistakes[0]}"
    return "\n  ".join([f"{where}: {len(mistakes)} mistakes", *mistakes])


def _incomplete_feeds(feeds: object) -> Iterator[str]:
    for number, feed in enumerate(feeds if isinstance(feeds, list) else [], 1):
        if isinstance(feed, Mapping) and ("url" in feed) == ("opml" in feed):
            yield f"[[feeds]] number {number}: give either url, of a feed, or opml, of a list of feeds"


def _sentences(error: ValidationError) -> Iterable[str]:
    """Yield a sentence for each mistake: its place, its key, and what the value should be."""
    for mistake in error.errors(include_url=False, include_input=True):
        *above, key = mistake["loc"]
        place = _place(tuple(above))
        match mistake["type"]:
            case "extra_forbidden" if above == ["duplicates"] and key in _GONE:
                yield f"{place}{key}: is gone, take the line out; near_duplicates tells what happens to near-duplicates"
            case "extra_forbidden":
                yield f"{place}unknown key {key!r}{_hint(tuple(above), str(key))}"
            case "missing":
                yield f"{place}give a glob, as in glob = 'articles/*.jsonl'"
            case "list_type":
                yield f"{place}{key}: should be written with two brackets, as in [[{key}]]"
            case "model_type":
                name = key if isinstance(key, str) else above[-1]
                yield f"{name}: should be a table of names and values, not {mistake['input']!r}"
            case "value_error":
                yield f"{place}{key}: {mistake['ctx']['error']}"
            case _:  # a mapping of Python may hold what TOML cannot
                yield f"{place}{key}: {mistake['msg']}"


_GONE = ("near_jaccard", "near_containment")
"""Keys that files for older versions have. What is a near-duplicate can no longer be set."""


def _place(above: tuple[str | int, ...]) -> str:
    """
    >>> _place(("feeds", 1)), _place(("run",)), _place(())
    ('[[feeds]] number 2: ', '[run]: ', '')
    """
    match above:
        case (str(name), int(number)):
            return f"[[{name}]] number {number + 1}: "
        case (str(name),):
            return f"[{name}]: "
        case _:
            return ""


TABLES: dict[str, type[_Table]] = {
    "run": RunTable,
    "duplicates": DuplicatesTable,
    "feed_defaults": FeedDefaultsTable,
    "feeds": FeedTable,
    "files": FilesTable,
}


def _hint(above: tuple[str | int, ...], key: str) -> str:
    """Return the end of a message about an unknown key: where it belongs, or a key that is near.

    >>> _hint(("files",), "wait"), _hint(("files",), "glbo")
    ('; it belongs in [run]', ", did you mean 'glob'?")
    """
    table = TABLES[str(above[0])] if above else ConfigFile
    for name in ("run", "duplicates"):
        if table is not TABLES[name] and key in TABLES[name].model_fields:
            return f"; it belongs in [{name}]"
    return nearest(key, table.model_fields)


def _lake(folder: str, lake: str | None) -> str | None:
    """Return an absolute path, so that commands that are shown to the user hold in every folder."""
    return lake if lake is None or "://" in lake else str((Path(folder) / lake).resolve())
