"""The import rules of the tree, read from its source; and that nothing which runs no graph imports Beam or what else is slow."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("newslake", "schemas", "transforms", "pipeline")

Place = tuple[str, ...]
"""A module's path in the tree, part by part: ("transforms", "feeds", "steps.py")."""


def modules(root: Path) -> Iterator[tuple[Place, ast.Module]]:
    for path in sorted([*root.glob("newslake.py"), *(path for name in OURS for path in (root / name).rglob("*.py"))]):
        yield path.relative_to(root).parts, ast.parse(path.read_bytes(), str(path))


def imported(place: Place, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of whatever a module imports, at its top, in a function or for its types."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = place[: len(place) - node.level] if node.level else ()
            yield from ((node.lineno, ".".join([*above, *filter(None, [node.module]), alias.name])) for alias in node.names)


def package(name: str) -> str:
    return name.split(".")[0]


def _schemas(place: Place, name: str) -> bool:
    return place[0] == "schemas" and package(name) in OURS and package(name) != "schemas"


def _transforms(place: Place, name: str) -> bool:
    return place[0] == "transforms" and package(name) in OURS and package(name) not in ("schemas", "transforms")


def _pipeline(place: Place, name: str) -> bool:
    return package(name) == "pipeline" and place[0] != "pipeline"


def _left_out(place: Place, name: str) -> bool:
    return package(name) in ("tests", "deploy")


_BELOW: dict[str, tuple[str, ...]] = {"storage": (), "lake": ("storage",), "side_outputs": ()}
"""What the lower floors may import of transforms. A stage may import all three."""


def _stages(place: Place, name: str) -> bool:
    if place[0] != "transforms" or package(name) != "transforms":
        return False
    own, other = place[1].removesuffix(".py"), name.split(".")[1]
    return other not in {own, *_BELOW.get(own, ("storage", "lake", "side_outputs"))}


def _beam(place: Place, name: str) -> bool:
    may = place[0] == "pipeline" or place == ("transforms", "side_outputs.py") or (place[0] == "transforms" and place[2:] == ("steps.py",))
    return package(name) == "apache_beam" and not may


def _orjson(place: Place, name: str) -> bool:
    return package(name) == "orjson" and place != ("schemas", "codec.py")


STAGES = "a stage imports only storage, the lake and side_outputs; storage is the ground floor"

_PATHS = frozenset(("pathlib", "shutil", "glob", "tempfile"))


def _paths(place: Place, name: str) -> bool:
    """Progress is noted on the launcher's own disk, not in the lake."""
    in_lake = place[:2] in (("transforms", "lake"), ("transforms", "deduplicate"))
    return in_lake and package(name) in _PATHS and place != ("transforms", "lake", "progress.py")


RULES: dict[str, Callable[[Place, str], bool]] = {
    "schemas imports nothing of ours": _schemas,
    "transforms imports schemas and transforms alone": _transforms,
    "only pipeline imports pipeline": _pipeline,
    "nothing imports what a wheel leaves out": _left_out,
    STAGES: _stages,
    "apache_beam is imported by the steps, side_outputs and pipeline alone": _beam,
    "orjson is imported by the codec alone": _orjson,
    "only transforms/storage makes paths into the lake": _paths,
}

PLANTED = [
    ("schemas imports nothing of ours", "schemas/new.py", "from transforms.lake import log"),
    ("schemas imports nothing of ours", "schemas/new.py", "import newslake"),
    ("transforms imports schemas and transforms alone", "transforms/feeds/new.py", "import newslake"),
    ("transforms imports schemas and transforms alone", "transforms/side_outputs.py", "def f():\n    from pipeline import cli"),
    ("only pipeline imports pipeline", "newslake.py", "from pipeline.run import run"),
    ("only pipeline imports pipeline", "schemas/deep/er/new.py", "import pipeline"),
    (STAGES, "transforms/feeds/new.py", "import transforms.files.match"),
    (STAGES, "transforms/feeds/new.py", "from transforms import files"),
    (STAGES, "transforms/feeds/new.py", "from ..files import match"),
    (STAGES, "transforms/lake/new.py", "from transforms import side_outputs"),
    (STAGES, "transforms/side_outputs.py", "from transforms.lake import log"),
    (STAGES, "transforms/side_outputs.py", "from transforms.storage import compression"),
    (STAGES, "transforms/lake/new.py", "from transforms.feeds import x"),
    (STAGES, "transforms/storage/new.py", "from transforms.lake import log"),
    (STAGES, "transforms/storage/new.py", "from transforms import side_outputs"),
    (STAGES, "transforms/storage/deep/new.py", "def f():\n    from ...files import match"),
    (STAGES, "transforms/storage.py", "import transforms.feeds"),
    ("apache_beam is imported by the steps, side_outputs and pipeline alone", "transforms/feeds/new.py", "from apache_beam.io import x"),
    ("apache_beam is imported by the steps, side_outputs and pipeline alone", "transforms/steps.py", "import apache_beam as beam"),
    ("apache_beam is imported by the steps, side_outputs and pipeline alone", "schemas/new.py", "if 1:\n    import apache_beam"),
    ("apache_beam is imported by the steps, side_outputs and pipeline alone", "newslake.py", "import json, apache_beam"),
    ("nothing imports what a wheel leaves out", "pipeline/new.py", "from tests import lakes"),
    ("orjson is imported by the codec alone", "pipeline/new.py", "from orjson import dumps"),
    ("orjson is imported by the codec alone", "schemas/codec/new.py", "import orjson"),
    ("only transforms/storage makes paths into the lake", "transforms/lake/new.py", "from pathlib import Path"),
    ("only transforms/storage makes paths into the lake", "transforms/deduplicate/index/new.py", "import shutil"),
]

ALLOWED = [
    ("schemas/new.py", "from schemas import codec\nimport json"),
    ("schemas/codec.py", "import orjson"),
    (
        "transforms/feeds/new.py",
        "from schemas.raw import x\nfrom transforms.lake import log\nfrom transforms.feeds import y\nfrom . import z",
    ),
    ("transforms/files/new.py", "from transforms.storage.compression import x\nfrom ..storage import y"),
    ("transforms/lake/new.py", "from transforms.storage import compression\nfrom transforms.lake import log"),
    ("transforms/storage/disk.py", "from pathlib import Path"),
    ("transforms/lake/progress.py", "from pathlib import Path"),
    ("transforms/storage/new.py", "from schemas.raw import x\nfrom transforms.storage.compression import y\nfrom . import z"),
    (
        "transforms/feeds/steps.py",
        "import apache_beam as beam\nfrom transforms import side_outputs\nfrom transforms.side_outputs import REJECTS",
    ),
    ("transforms/side_outputs.py", "import apache_beam"),
    ("pipeline/new.py", "import apache_beam, pipeline.run, schemas.tables, transforms.feeds.steps, newslake"),
    ("newslake.py", "from transforms.lake.query import open_lake as open"),
]


def broken(root: Path) -> dict[str, list[str]]:
    """Each rule with the imports that break it."""
    found: dict[str, list[str]] = {rule: [] for rule in RULES}
    for place, tree in modules(root):
        for line, name in imported(place, tree):
            for rule, is_broken in RULES.items():
                if is_broken(place, name):
                    found[rule].append(f"{'/'.join(place)}:{line} imports {name}")
    return found


def write(root: Path, path: str, source: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(source + "\n")


@pytest.mark.parametrize("rule", RULES)
def test_the_tree_keeps_the_rule(rule: str) -> None:
    assert broken(ROOT)[rule] == []


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED)
def test_a_planted_import_breaks_the_rule(tmp_path: Path, rule: str, path: str, source: str) -> None:
    write(tmp_path, path, source)
    (complaint,) = broken(tmp_path)[rule]
    assert complaint.startswith(f"{path}:{source.count(chr(10)) + 1} imports ")


def test_what_the_rules_allow_breaks_none(tmp_path: Path) -> None:
    for path, source in ALLOWED:
        write(tmp_path, path, source)
    assert not any(broken(tmp_path).values())


def test_every_rule_is_shown_to_be_broken() -> None:
    assert {rule for rule, _, _ in PLANTED} == RULES.keys()


def test_the_whole_tree_is_read() -> None:
    assert {place[0] for place, _ in modules(ROOT)} == {"newslake.py", "schemas", "transforms", "pipeline"}


def catch_alls(root: Path) -> list[str]:
    """Where an except clause takes every exception."""
    found = []
    for place, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                if any(kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException")) for kind in kinds):
                    found.append(f"{'/'.join(place)}:{node.lineno}")
    return found


def test_every_exception_is_caught_in_one_place_at_most() -> None:
    assert len(catch_alls(ROOT)) <= 1, catch_alls(ROOT)


@pytest.mark.parametrize("clause", ["except Exception as error:", "except:", "except BaseException:", "except (OSError, Exception):"])
def test_a_planted_catch_all_is_found(tmp_path: Path, clause: str) -> None:
    write(tmp_path, "schemas/new.py", f"try:\n    pass\nexcept OSError:\n    pass\n{clause}\n    pass")
    assert catch_alls(tmp_path) == ["schemas/new.py:5"]


SLOW = ("apache_beam", "duckdb", "polars", "pyarrow", "numpy", "rich")


def loaded_by(module: str) -> set[str]:
    """The slow packages that importing a module imports, in a process of its own."""
    program = f"import sys, {module}\nprint(*(name for name in {SLOW!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "newslake",
        "schemas.readers",
        "transforms.lake.query",
        "pipeline.cli",
        "pipeline.options",
        *(f"pipeline.commands.{name}" for name in ("sql", "schema", "lake")),
    ],
)
def test_what_runs_no_graph_imports_nothing_slow(module: str) -> None:
    assert loaded_by(module) == set()


def test_a_slow_import_is_noticed() -> None:
    assert "numpy" in loaded_by("schemas.staging")


def test_newslake_names_every_transform_and_nothing_else() -> None:
    import newslake

    steps = [place for place, _ in modules(ROOT) if place[-1] == "steps.py"]
    assert set(newslake._HOMES.values()) == {".".join(place).removesuffix(".py") for place in steps}
    for name in newslake.__all__:
        assert getattr(newslake, name).__module__.startswith("transforms.")
    with pytest.raises(AttributeError, match="module 'newslake' has no attribute 'FetchFeed'"):
        newslake.FetchFeed  # noqa: B018
