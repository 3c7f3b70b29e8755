"""The tables in the manual, made from the code that they describe.

A page holds a table between ``<!-- table: NAME -->`` and ``<!-- end -->``. ``make goldens`` writes
the tables anew, and tests/test_docs.py fails if one is out of date.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from newslake.pipeline.config import file
from newslake.pipeline.exitcodes import EXIT_MEANING
from newslake.pipeline.options import COMMANDS
from newslake.pipeline.report.feed_health import LEVELS
from newslake.schemas import readers
from newslake.schemas.reject import REASON_MEANING
from newslake.transforms.files.columns.names import COLUMNS

MARKED = re.compile(r"(?P<start><!-- table: (?P<name>[^>]+?) -->\n)(?P<table>.*?)(?P<end><!-- end -->)", re.DOTALL)


def filled(page: str) -> str:
    """Return a page with all its tables made anew.

    Raises KeyError for a table that nobody makes.
    """
    return MARKED.sub(lambda found: f"{found['start']}\n{table(found['name'])}\n{found['end']}", page)


def table(name: str) -> str:
    """Return a table as Markdown.

    The names are "commands", "columns", "options run", "config files", "fields articles",
    "reasons", "levels" and "exit codes", with the name of another command, table or section as the
    second word.
    """
    kind, _, of = name.partition(" ")
    return _MAKERS[kind](of)


def _markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _options(command: str) -> str:
    return _markdown(
        (f"option of `{command}`", "value", "meaning", "default"),
        (
            (f"`{one.flag}`", f"`{one.value}`" if one.value else "", one.meaning, one.default)
            for one in COMMANDS[command].options
        ),
    )


def _commands(_: str) -> str:
    return _markdown(
        ("command", "what it does"), ((f"`newslake {name}`", one.meaning) for name, one in COMMANDS.items())
    )


def _exit_codes(_: str) -> str:
    return _markdown(("exit code", "meaning"), ((str(int(code)), meaning) for code, meaning in EXIT_MEANING.items()))


def _levels(_: str) -> str:
    return _markdown(("level", "meaning"), ((f"`{one}`", meaning) for one, meaning in LEVELS.items()))


def _reasons(_: str) -> str:
    return _markdown(
        ("`reason`", "meaning, and what to do"), ((f"`{one}`", meaning) for one, meaning in REASON_MEANING.items())
    )


def _columns(_: str) -> str:
    return _markdown(
        ("field", "names of columns, the surest first"),
        (
            (f"`{field}`", " ".join(f"`{name}`" for _, names in groups for name in names.split()))
            for field, groups in COLUMNS.items()
        ),
    )


def _fields(name: str) -> str:
    types = readers.duckdb_columns(name)
    return _markdown(
        ("field", "type in DuckDB", "null?", "meaning"),
        (
            (f"`{one.name}`", f"`{types[one.name]}`", "yes" if one.nullable else "", one.meaning)
            for one in readers.fields(name)
        ),
    )


def _phrase(sentence: str) -> str:
    """Return a sentence as the cell of a table: without its capital and its full stop."""
    sentence = " ".join(sentence.split())
    is_name = sentence[:2].isupper() or sentence.startswith("Python")
    return (sentence if is_name else sentence[:1].lower() + sentence[1:]).rstrip(".")


def _config(name: str) -> str:
    meanings = {option.name: option.meaning for option in COMMANDS["run"].options}
    model = file.TABLES[name] if name else file.ConfigFile
    properties = model.model_json_schema()["properties"]
    return _markdown(
        ("key", "values", "meaning"),
        (
            (
                f"`{key}`",
                _values(properties[key]),
                _phrase(" ".join((one.description or meanings.get(key, "")).split())),
            )
            for key, one in model.model_fields.items()
            if key not in file.TABLES
        ),
    )


def _values(schema: dict[str, Any]) -> str:
    """Return what a key takes, from its JSON Schema.

    >>> _values({"enum": ["gzip", "zstd"]}), _values({"type": "integer", "minimum": 1})
    ('`gzip`, `zstd`', 'a whole number from 1 on')
    """
    if "enum" in schema:
        names = dict.fromkeys(one.upper() if one.upper() in schema["enum"] else one for one in schema["enum"])
        return ", ".join(f"`{one}`" for one in names)
    kinds = {"string": "text", "boolean": "true or false", "array": "a list of texts", "object": "a table"}
    if schema.get("type") == "integer":
        until = f"to {schema['maximum']}" if "maximum" in schema else "on"
        return f"a whole number from {schema['minimum']} {until}"
    if schema.get("type") == "number":
        return f"a number from 0 to {schema['maximum']}"
    if "anyOf" in schema:
        is_time = schema["anyOf"][0].get("type") == "number"
        return "seconds, or text such as `10m`" if is_time else " or ".join(map(_values, schema["anyOf"]))
    return kinds[schema["type"]]


_MAKERS: dict[str, Callable[[str], str]] = {
    "options": _options,
    "columns": _columns,
    "commands": _commands,
    "exit": _exit_codes,
    "levels": _levels,
    "reasons": _reasons,
    "fields": _fields,
    "config": _config,
}
