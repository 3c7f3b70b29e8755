"""The launcher of the Flex Template: turns its parameters into a command of newslake.

Dataflow calls it with ``--name=value`` for each parameter and for each option of Beam, such as
``--project`` and ``--template_location``.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from apache_beam.io.filesystems import FileSystems

from newslake.pipeline.cli import main

PARAMETERS = ("config", "lake", "run_key", "max_failed_sources")
"""Parameters of metadata.json that are options of ``newslake run``. All others go to Beam."""

SET_BY_NEWSLAKE = ("runner",)
"""Options that Dataflow passes and that newslake sets itself."""


def command(arguments: Sequence[str], folder: str) -> list[str]:
    """Return the command for the arguments of the launcher.

    The configuration is copied into ``folder``, because newslake reads it from the disk. The paths
    in it are relative to no bucket, so they must be whole. An empty parameter counts as absent.
    """
    own, beam = ["run", "--runner=dataflow", "--log-format=json"], []
    for argument in arguments:
        name, _, value = argument.removeprefix("--").partition("=")
        if name == "config" and value:
            own.append(f"--config={local_copy(value, folder)}")
        elif name in PARAMETERS:
            own += [f"--{name.replace('_', '-')}={value}"] if value else []
        elif name not in SET_BY_NEWSLAKE:
            beam.append(argument)
    return [*own, "--", *beam]


def local_copy(path: str, folder: str) -> Path:
    """Copy a file, which may be in a bucket, into a folder on the disk; return its new path."""
    copy = Path(folder, "newslake.toml")
    with FileSystems.open(path) as file:
        copy.write_bytes(file.read())
    return copy


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(command(sys.argv[1:], scratch)))
