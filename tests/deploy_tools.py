"""The tools that check the files of deploy/, and what newslake says of the commands in them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from commandline import CHECKOUT
from optional_tools import need

from newslake.pipeline.exitcodes import ExitCode
from newslake.pipeline.options import health_address, run_options

DEPLOY = CHECKOUT / "deploy"
BINARY = "/opt/newslake/bin/newslake"
"""Where the files of deploy/ expect newslake on a server."""
FINAL = {ExitCode.USAGE, ExitCode.QUARANTINED, ExitCode.ACCOUNTING}
"""The exit codes after which the same run would end in the same way, so that no retry helps.

A retry helps if the machine failed, no source could be used, or the lake was busy.
"""


def tool(name: str, package: str) -> str:
    """Return the path of a program, which is beside this Python or in PATH.

    If it is missing, the test is skipped, or fails where NEWSLAKE_REQUIRE_TOOLS is 1. ``package``
    is what to install then.
    """
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    need(found, f"{name} is not installed: {package} has it")
    assert found is not None
    return found


def passes(*command: object, **options: Any) -> str:
    """Run a tool, which must end with exit code 0, and return what it prints."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_committed(path: Path) -> bool:
    """Tell whether a file, or a file in a folder, is in a clean checkout."""
    return bool(passes("git", "ls-files", "--", path, cwd=CHECKOUT))


def check_command(words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Let newslake's own parsers read ``watch ...`` or ``run ...``.

    The configuration is that of the sample.

    Raises UsageError.
    """
    name, *arguments = words
    environment = {**environment, "NEWSLAKE_CONFIG": str(DEPLOY / "sample/newslake.toml")}
    assert name in ("run", "watch")
    run_options(arguments, environment, "watch" if name == "watch" else "run")
    if name == "watch":
        assert health_address(arguments) is not None


def newslake_words(line: str, folder: Path) -> list[str]:
    """Return the words that newslake gets if a shell runs ``line``.

    A script in ``folder`` that prints its words stands for newslake.
    """
    if "flock" in line:
        tool("flock", "util-linux (Debian)")
    script = folder / "newslake"
    script.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return passes("sh", "-c", line.replace(BINARY, "newslake"), env={**os.environ, "PATH": path}).splitlines()
