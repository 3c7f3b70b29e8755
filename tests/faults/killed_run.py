"""Run newslake's command line, and die by SIGKILL at a given moment.

Usage: python killed_run.py MOMENT ARGUMENTS... MOMENT is "module.function:N:before" or
"module.function:N:after": before or after the Nth call of a function or method. This script is not
a test.
"""

import importlib
import os
import signal
import sys
from typing import Any


def die_at(moment: str) -> None:
    place, number, when = moment.split(":")
    owner_name, _, function_name = place.rpartition(".")
    owner = _found(owner_name)
    original = getattr(owner, function_name)
    calls = 0

    def deadly(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == int(number) and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **options)
        if calls == int(number) and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, function_name, deadly)


def _found(name: str) -> Any:
    """Return the module, or the class in a module, with this dotted name."""
    module_name, _, class_name = name.rpartition(".")
    return (
        getattr(importlib.import_module(module_name), class_name)
        if class_name[:1].isupper()
        else importlib.import_module(name)
    )


if __name__ == "__main__":
    from newslake.pipeline.cli import main

    die_at(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
