"""Raise a fault, or send a signal, at a given call of a function of newslake or Beam.

Python imports this module at its start if the folder is on PYTHONPATH. So it acts in the real
processes: the command, and the workers of a pool. ``NEWSLAKE_TEST_MOMENTS`` names the file of the
moments, which engines/moments.py writes. Each moment happens once, in one of the processes.
"""

import builtins
import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

_FILE = Path(os.environ.get("NEWSLAKE_TEST_MOMENTS", os.devnull))
_PLAN = json.loads(_FILE.read_text() or "{}") if _FILE.exists() else {}
_LOCK = threading.Lock()


class _Wrapping(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Wraps functions of a module as soon as it is loaded, before others import them from it."""

    def __init__(self, moments: dict[str, list[dict[str, Any]]]) -> None:
        self._moments = moments
        self._loaders: dict[str, Any] = {}

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name not in self._moments or name in self._loaders:
            return None
        self._loaders[name] = None
        spec = importlib.util.find_spec(name)
        assert spec is not None
        self._loaders[name], spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        return self._loaders[spec.name].create_module(spec)

    def exec_module(self, module: Any) -> None:
        self._loaders[module.__name__].exec_module(module)
        for moment in self._moments[module.__name__]:
            _wrap(module, moment)


def _wrap(module: Any, moment: dict[str, Any]) -> None:
    *owners, name = moment["function"].split(".")
    owner = functools.reduce(getattr, owners, module)
    original = getattr(owner, name)
    calls = 0

    @functools.wraps(original)
    def watched(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        with _LOCK:
            calls += 1
            is_due = calls >= moment["call"]
        if is_due and moment["when"] == "before":
            _act(moment)
        result = original(*arguments, **options)
        if is_due and moment["when"] == "after":
            _act(moment)
        return result

    setattr(owner, name, watched)


def _act(moment: dict[str, Any]) -> None:
    try:
        os.close(os.open(Path(_PLAN["passed"], moment["name"]), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return
    if moment["act"] in ("SIGINT", "SIGTERM"):
        _send(signal.Signals[moment["act"]])
        return
    owner, _, kind = moment["act"].rpartition(".")
    raise getattr(importlib.import_module(owner) if owner else builtins, kind)(f"fault {moment['name']}")


def _send(number: signal.Signals) -> None:
    """Send a signal to the command: Ctrl-C reaches its whole process group, SIGTERM itself."""
    file = Path(_PLAN["passed"], "command")
    while not file.exists():  # the test writes it when it has started the command
        time.sleep(0.01)
    (os.killpg if number == signal.SIGINT else os.kill)(int(file.read_text()), number)


_by_module: dict[str, list[dict[str, Any]]] = {}
for _moment in _PLAN.get("moments", ()):
    _by_module.setdefault(_moment["module"], []).append(_moment)
sys.meta_path.insert(0, _Wrapping(_by_module))
