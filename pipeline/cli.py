"""The command line: find the command, give it its options, and return its exit code.

Each command imports what it needs, because Beam takes seconds to import. This module and the
option tables import nothing slow.
"""

import atexit
import os
import sys
from collections.abc import Callable, Sequence

import newslake
from newslake.pipeline import logs
from newslake.pipeline.exitcodes import ExitCode, UsageError, nearest
from newslake.pipeline.signals import sigterm_like_ctrl_c


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that ``argv`` names, and return its exit code.

    The default is the arguments of the process, which a signal then ends at once, once the command
    has cleaned up: threads of Beam may still run, and nothing that they do counts any more.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    with sigterm_like_ctrl_c() as is_terminated:
        code = _run_command(words, is_terminated)
    if argv is None and (is_terminated() or code == ExitCode.INTERRUPTED):
        atexit._run_exitfuncs()  # Beam ends its worker processes there
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _run_command(words: list[str], is_terminated: Callable[[], bool]) -> int:
    """Run a command and return its exit code. An error becomes a sentence on stderr."""
    try:
        logs.set_up(as_json=False)
        from newslake.pipeline.options import log_format

        logs.set_up(as_json=log_format(words, os.environ) == "json")
        code = _dispatch(words, is_terminated)
        sys.stdout.flush()
    except UsageError as error:
        return _complain(str(error), ExitCode.USAGE)
    except (KeyboardInterrupt, RuntimeError) as error:
        from newslake.pipeline.faults import comes_of_interrupt

        if not comes_of_interrupt(error):
            raise
        if is_terminated():
            # To watch until a signal comes is what was asked for.
            return _complain("ended by SIGTERM", ExitCode.COMMITTED if words[:1] == ["watch"] else ExitCode.TERMINATED)
        return _complain("interrupted", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # Python flushes once more at exit, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.BROKEN_PIPE
    except OSError as error:
        return _complain(f"the machine failed: {error}", ExitCode.INTERNAL_ERRORS)
    return code


def _dispatch(arguments: list[str], is_terminated: Callable[[], bool]) -> int:
    from newslake.pipeline.options import COMMANDS
    from newslake.schemas.errors import NewslakeError

    length = 2 if arguments[:1] == ["lake"] else 1
    name, rest = " ".join(arguments[:length]), arguments[length:]
    if name in ("-h", "--help", "lake -h", "lake --help"):
        print(_help())
        return ExitCode.COMMITTED
    if name == "--version":
        print(f"newslake {newslake.__version__}")
        return ExitCode.COMMITTED
    if name in ("", "lake"):
        raise UsageError(
            f"name a command: {', '.join(one for one in COMMANDS if one.startswith(name))}; see newslake --help"
        )
    if name.startswith("-"):
        raise UsageError(
            f"{name}: options come after the command, as in newslake run --lake ./lake; see newslake --help"
        )
    if name not in COMMANDS:
        raise UsageError(f"unknown command {name!r}{nearest(name, COMMANDS)} (newslake --help lists them)")
    try:
        return _watch(rest, is_terminated) if name == "watch" else _COMMANDS[name](rest)
    except NewslakeError as error:
        raise UsageError(str(error)) from error
    except SystemExit as end:  # argparse, once it has printed the help
        return int(end.code or 0)


def _run(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import run_options

    options = run_options(arguments, os.environ)
    logs.set_up(quiet=options.quiet, secrets=options.secrets)
    from newslake.pipeline.commands.run import run_pipeline

    return run_pipeline(options)


def _watch(arguments: Sequence[str], is_terminated: Callable[[], bool]) -> int:
    from newslake.pipeline.options import health_address, run_options

    options = run_options(arguments, os.environ, "watch")
    logs.set_up(quiet=options.quiet, secrets=options.secrets)
    from newslake.pipeline.commands.watch import run_watch

    return run_watch(options, is_terminated, health_address(arguments))


def _sql(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import lake, parse

    given = parse("sql", arguments)
    from newslake.pipeline.commands.sql import run_sql

    return run_sql(lake(given, os.environ), given.query, given.file, given.format, given.output)


def _why(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import lake, parse

    given = parse("why", arguments)
    from newslake.pipeline.commands.why import run_why

    return run_why(lake(given, os.environ), given.id_or_url, given.json)


def _health(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import lake, parse

    given = parse("health", arguments)
    from newslake.pipeline.commands.health import run_health

    return run_health(lake(given, os.environ), given.json, given.now)


def _check(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import feeds_to_check, parse

    given = parse("check", arguments)
    options = feeds_to_check(given, os.environ)
    logs.set_up(secrets=options.secrets)
    from newslake.pipeline.commands.check import run_check

    return run_check(options, given.json)


def _schema(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import COMMANDS, CONFIG, named_lake, parse

    given = parse("schema", arguments)
    if given.table == CONFIG:
        from newslake.pipeline.config.file import json_schema

        if given.format != "json-schema":
            raise UsageError(f"the configuration file has no schema in the form {given.format}; use json-schema")
        print(json_schema({option.name: option.meaning for option in COMMANDS["run"].options}), end="")
        return ExitCode.COMMITTED
    from newslake.pipeline.commands.schema import run_schema

    return run_schema(given.format, given.table, named_lake(given, os.environ))


def _lake_files(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import lake, parse

    given = parse("lake files", arguments)
    from newslake.pipeline.commands.lake import run_files

    return run_files(lake(given, os.environ), given.table, given.json)


def _lake_log(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import lake, parse

    given = parse("lake log", arguments)
    from newslake.pipeline.commands.lake import run_log

    return run_log(lake(given, os.environ), given.json, given.limit, accept_shorter=given.accept_shorter)


def _lake_reindex(arguments: Sequence[str]) -> int:
    from newslake.pipeline.options import lake, parse

    given = parse("lake reindex", arguments)
    from newslake.pipeline.commands.lake import run_reindex

    return run_reindex(lake(given, os.environ), given.quiet)


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": _run,
    "sql": _sql,
    "why": _why,
    "health": _health,
    "check": _check,
    "schema": _schema,
    "lake files": _lake_files,
    "lake log": _lake_log,
    "lake reindex": _lake_reindex,
}


def _help() -> str:
    from newslake.pipeline.options import COMMANDS

    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.meaning}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "usage: newslake COMMAND [options]",
            "",
            "News from feeds and files to a data lake of JSON lines: honest dates, exact counts, explained duplicates.",
            "",
            "commands:",
            *lines,
            "",
            "newslake COMMAND --help lists a command's options; newslake --version prints the version.",
        ]
    )


def _complain(sentence: str, code: ExitCode) -> ExitCode:
    logs.complain(sentence)
    return code
