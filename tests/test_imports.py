"""The import rules of the tree, checked in its source.

Another test checks that commands without a graph do not import Beam or other slow packages.
"""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("schemas", "transforms", "pipeline")

Place = tuple[str, ...]
"""A module's path in the tree, part by part: ("transforms", "feeds", "steps.py")."""


def modules(root: Path) -> Iterator[tuple[Place, ast.Module]]:
    for path in sorted(
        [*root.glob("newslake/*.py"), *(path for name in FOLDERS for path in (root / name).rglob("*.py"))]
    ):
        yield path.relative_to(root).parts, ast.parse(path.read_bytes(), str(path))


def imported(place: Place, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of each import of a module, also within functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ("newslake", *place[: len(place) - node.level]) if node.level else ()
            yield from (
                (node.lineno, ".".join([*above, *filter(None, [node.module]), alias.name])) for alias in node.names
            )


def folder(name: str) -> str:
    """Return our folder that an import belongs to.

    It is "newslake" for the public names, and "" for a package that is not ours.
    """
    package, _, rest = name.partition(".")
    if package != "newslake":
        return ""
    below = rest.split(".")[0]
    if below == "_old_names":  # each folder calls it if a checkout is imported by the old names
        return ""
    return below if below in FOLDERS else "newslake"


def package(name: str) -> str:
    return name.split(".")[0]


def _one_name(place: Place, name: str) -> bool:
    return package(name) in FOLDERS


def _schemas(place: Place, name: str) -> bool:
    return place[0] == "schemas" and folder(name) not in ("", "schemas")


def _transforms(place: Place, name: str) -> bool:
    return place[0] == "transforms" and folder(name) not in ("", "schemas", "transforms")


def _pipeline(place: Place, name: str) -> bool:
    return folder(name) == "pipeline" and place[0] not in ("pipeline", "newslake")


def _left_out(place: Place, name: str) -> bool:
    return package(name) in ("tests", "deploy")


_BELOW: dict[str, tuple[str, ...]] = {"storage": (), "lake": ("storage",), "side_outputs": ()}
"""The folders of transforms that these lower parts may import. A stage may import all three."""


def _stages(place: Place, name: str) -> bool:
    if place[0] != "transforms" or folder(name) != "transforms":
        return False
    own, other = place[1].removesuffix(".py"), name.split(".")[2]
    return other not in {own, *_BELOW.get(own, ("storage", "lake", "side_outputs"))}


def _beam(place: Place, name: str) -> bool:
    may = (
        place[0] == "pipeline"
        or place == ("transforms", "side_outputs.py")
        or (place[0] == "transforms" and place[2:] == ("steps.py",))
    )
    return package(name) == "apache_beam" and not may


def _orjson(place: Place, name: str) -> bool:
    return package(name) == "orjson" and place != ("schemas", "codec.py")


STAGES = "a stage imports only storage, the lake and side_outputs; storage is the ground floor"

_PATHS = frozenset(("pathlib", "shutil", "glob", "tempfile"))


def _paths(place: Place, name: str) -> bool:
    """Tell whether a module of lake or deduplicate imports a module for paths.

    progress.py may do so, because it notes progress on the launcher's own disk, not in the lake.
    """
    in_lake = place[:2] in (("transforms", "lake"), ("transforms", "deduplicate"))
    return in_lake and package(name) in _PATHS and place != ("transforms", "lake", "progress.py")


ONE_NAME = "every import of ours begins with newslake"

RULES: dict[str, Callable[[Place, str], bool]] = {
    ONE_NAME: _one_name,
    "schemas imports nothing of ours": _schemas,
    "transforms imports schemas and transforms alone": _transforms,
    "only pipeline and the public face import pipeline": _pipeline,
    "nothing imports what a wheel leaves out": _left_out,
    STAGES: _stages,
    "apache_beam is imported by the steps, side_outputs and pipeline alone": _beam,
    "orjson is imported by the codec alone": _orjson,
    "only transforms/storage makes paths into the lake": _paths,
}

PLANTED = [
    ("schemas imports nothing of ours", "schemas/new.py", "from newslake.transforms.lake import log"),
    ("schemas imports nothing of ours", "schemas/new.py", "import newslake"),
    ("transforms imports schemas and transforms alone", "transforms/feeds/new.py", "import newslake"),
    (
        "transforms imports schemas and transforms alone",
        "transforms/side_outputs.py",
        "def f():\n    from newslake.pipeline import cli",
    ),
    (ONE_NAME, "pipeline/new.py", "from schemas import codec"),
    (ONE_NAME, "transforms/feeds/new.py", "def f():\n    import transforms.feeds.read"),
    (ONE_NAME, "newslake/new.py", "import pipeline"),
    ("only pipeline and the public face import pipeline", "schemas/deep/er/new.py", "import newslake.pipeline"),
    (STAGES, "transforms/feeds/new.py", "import newslake.transforms.files.match"),
    (STAGES, "transforms/feeds/new.py", "from newslake.transforms import files"),
    (STAGES, "transforms/feeds/new.py", "from ..files import match"),
    (STAGES, "transforms/lake/new.py", "from newslake.transforms import side_outputs"),
    (STAGES, "transforms/side_outputs.py", "from newslake.transforms.lake import log"),
    (STAGES, "transforms/side_outputs.py", "from newslake.transforms.storage import compression"),
    (STAGES, "transforms/lake/new.py", "from newslake.transforms.feeds import x"),
    (STAGES, "transforms/storage/new.py", "from newslake.transforms.lake import log"),
    (STAGES, "transforms/storage/new.py", "from newslake.transforms import side_outputs"),
    (STAGES, "transforms/storage/deep/new.py", "def f():\n    from ...files import match"),
    (STAGES, "transforms/storage.py", "import newslake.transforms.feeds"),
    (
        "apache_beam is imported by the steps, side_outputs and pipeline alone",
        "transforms/feeds/new.py",
        "from apache_beam.io import x",
    ),
    (
        "apache_beam is imported by the steps, side_outputs and pipeline alone",
        "transforms/steps.py",
        "import apache_beam as beam",
    ),
    (
        "apache_beam is imported by the steps, side_outputs and pipeline alone",
        "schemas/new.py",
        "if 1:\n    import apache_beam",
    ),
    (
        "apache_beam is imported by the steps, side_outputs and pipeline alone",
        "newslake/new.py",
        "import json, apache_beam",
    ),
    ("nothing imports what a wheel leaves out", "pipeline/new.py", "from tests import lakes"),
    ("orjson is imported by the codec alone", "pipeline/new.py", "from orjson import dumps"),
    ("orjson is imported by the codec alone", "schemas/codec/new.py", "import orjson"),
    ("only transforms/storage makes paths into the lake", "transforms/lake/new.py", "from pathlib import Path"),
    ("only transforms/storage makes paths into the lake", "transforms/deduplicate/index/new.py", "import shutil"),
]

ALLOWED = [
    ("schemas/new.py", "from newslake.schemas import codec\nimport json"),
    ("schemas/codec.py", "import orjson"),
    (
        "transforms/feeds/new.py",
        "from newslake.schemas.raw import x\nfrom newslake.transforms.lake import log\n"
        "from newslake.transforms.feeds import y\nfrom . import z",
    ),
    ("transforms/files/new.py", "from newslake.transforms.storage.compression import x\nfrom ..storage import y"),
    (
        "transforms/lake/new.py",
        "from newslake.transforms.storage import compression\nfrom newslake.transforms.lake import log",
    ),
    ("transforms/storage/disk.py", "from pathlib import Path"),
    ("transforms/lake/progress.py", "from pathlib import Path"),
    (
        "transforms/storage/new.py",
        "from newslake.schemas.raw import x\nfrom newslake.transforms.storage.compression import y\nfrom . import z",
    ),
    (
        "transforms/feeds/steps.py",
        "import apache_beam as beam\nfrom newslake.transforms import side_outputs\n"
        "from newslake.transforms.side_outputs import REJECTS",
    ),
    ("transforms/side_outputs.py", "import apache_beam"),
    (
        "pipeline/new.py",
        "import apache_beam, newslake.pipeline.run, newslake.schemas.tables, newslake.transforms.feeds.steps, newslake",
    ),
    ("newslake/new.py", "from newslake.transforms.lake.query import open_lake as open"),
]


def broken(root: Path) -> dict[str, list[str]]:
    """Return each rule with the imports that break it."""
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
    assert {place[0] for place, _ in modules(ROOT)} == {"newslake", *FOLDERS}


def catch_alls(root: Path) -> list[str]:
    """Return the places of except clauses that catch every exception."""
    found = []
    for place, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                if any(
                    kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))
                    for kind in kinds
                ):
                    found.append(f"{'/'.join(place)}:{node.lineno}")
    return found


def test_every_exception_is_caught_in_one_place_at_most() -> None:
    assert len(catch_alls(ROOT)) <= 1, catch_alls(ROOT)


@pytest.mark.parametrize(
    "clause", ["except Exception as error:", "except:", "except BaseException:", "except (OSError, Exception):"]
)
def test_a_planted_catch_all_is_found(tmp_path: Path, clause: str) -> None:
    write(tmp_path, "schemas/new.py", f"try:\n    pass\nexcept OSError:\n    pass\n{clause}\n    pass")
    assert catch_alls(tmp_path) == ["schemas/new.py:5"]


SLOW = ("apache_beam", "duckdb", "polars", "pyarrow", "numpy", "rich")


def loaded_by(module: str) -> set[str]:
    """Return the slow packages that a module imports, found in a process of its own."""
    program = f"import sys, {module}\nprint(*(name for name in {SLOW!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "newslake",
        "newslake.schemas.readers",
        "newslake.transforms.lake.query",
        "newslake.pipeline.cli",
        "newslake.pipeline.options",
        *(f"newslake.pipeline.commands.{name}" for name in ("sql", "schema", "lake", "health")),
    ],
)
def test_what_runs_no_graph_imports_nothing_slow(module: str) -> None:
    assert loaded_by(module) == set()


def test_a_slow_import_is_noticed() -> None:
    assert "numpy" in loaded_by("newslake.schemas.staging")


OLD_NAMES = """
import transforms.normalise.dates.values
import newslake.transforms.normalise.dates.values as own
from transforms.normalise.dates import Refused, parse_date
from schemas.raw import RawArticle
import pipeline.config.run_options
from newslake.pipeline.config.run_options import RunOptions
from newslake.schemas.raw import RawArticle as Same

assert transforms.normalise.dates.values is own
assert own.__spec__.name == own.__name__ == "newslake.transforms.normalise.dates.values"
assert Same is RawArticle
assert RunOptions is pipeline.config.run_options.RunOptions
assert isinstance(parse_date("no date"), own.Refused)
assert Refused is own.Refused
try:
    import transforms.nothing
except ModuleNotFoundError as error:
    print(error)
"""


def test_the_old_names_are_the_same_modules_in_a_checkout() -> None:
    done = subprocess.run([sys.executable, "-c", OLD_NAMES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("No module named 'newslake.transforms.nothing'\n", "")


def test_the_old_command_works_in_a_checkout() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("newslake ")
