"""In a checkout, ``import transforms.feeds`` gives the module ``newslake.transforms.feeds``.

The folders schemas, transforms and pipeline stand at the top of the tree. Whoever stands there can
import them without "newslake." in front. Both names must give one module: of two copies, each has
classes of its own, and ``isinstance`` would fail without a word.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


def alias(package: str) -> None:
    """Make ``package`` and all modules in it names of the modules under ``newslake``."""
    sys.meta_path.insert(0, _Finder(package))
    sys.modules[package] = import_module(f"newslake.{package}")


class _Finder(MetaPathFinder, Loader):
    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        # ``python -m pipeline`` reads __main__ as a file: that module is left to Python.
        if not name.startswith(f"{self._package}.") or name.endswith(".__main__"):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(f"newslake.{spec.name}")
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its own spec back, which Python has just replaced."""
        assert module.__spec__ is not None
        module.__spec__ = module.__spec__.loader_state
