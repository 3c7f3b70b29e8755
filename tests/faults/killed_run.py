"""Run newslake's command line and die by SIGKILL at a given moment: python killed_run.py MOMENT ARGUMENTS...

MOMENT is "module.function:N:before" or ":after": at the Nth call of that function. Not a test itself.
"""

import importlib
import os
import signal
import sys
from typing import Any


def die_at(moment: str) -> None:
    place, number, when = moment.split(":")
    module_name, _, function_name = place.rpartition(".")
    module = importlib.import_module(module_name)
    original = getattr(module, function_name)
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

    setattr(module, function_name, deadly)


if __name__ == "__main__":
    from pipeline.cli import main

    die_at(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
