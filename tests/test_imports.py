"""Who imports whom: the rules of the layout, read from the source, each shown to catch a violation."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import CHECKOUT

OURS = ("schemas", "transforms", "pipeline", "newslake", "tests", "deploy")
GROUND_FLOOR = "lake"


def imports(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it, by its full name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def sources(root: Path) -> Iterator[tuple[Path, set[str]]]:
    """Each file of ours, relative to ``root``, and what it imports."""
    files = [root / "newslake.py", *(path for folder in OURS[:3] for path in sorted((root / folder).rglob("*.py")))]
    for path in files:
        if path.exists():
            yield path.relative_to(root), imports(path)


def violations(root: Path) -> list[str]:
    """What breaks a rule, as "file: rule"."""
    broken = []
    catches = 0
    for path, imported in sources(root):
        top, stage = path.parts[0], path.parts[1] if len(path.parts) > 2 else ""
        ours = {name for name in imported if name.split(".")[0] in OURS}
        stages = {name.split(".")[1] for name in ours if name.startswith("transforms.")} - {"outcome"}
        may_import = {"schemas": ("schemas",), "transforms": ("schemas", "transforms"), "pipeline": ("schemas", "transforms", "pipeline")}
        if any(name.split(".")[0] not in may_import.get(top, ("transforms",)) for name in ours):
            broken.append(f"{path}: layers")
        if top == "transforms" and stage and stages - ({stage} if stage == GROUND_FLOOR else {stage, GROUND_FLOOR}):
            broken.append(f"{path}: stages")
        has_beam = any(name.split(".")[0] == "apache_beam" for name in imported)
        if has_beam and not (top == "pipeline" or path.name == "steps.py" or path.as_posix() == "transforms/outcome.py"):
            broken.append(f"{path}: beam")
        if any(name.split(".")[0] == "orjson" for name in imported) and path.as_posix() != "schemas/codec.py":
            broken.append(f"{path}: orjson")
        source = ast.parse((root / path).read_text(encoding="utf-8"))
        catches += sum(_catches_everything(node) for node in ast.walk(source))
        if catches > 1:
            broken.append(f"{path}: except Exception")
    return broken


def _catches_everything(node: ast.AST) -> bool:
    return isinstance(node, ast.ExceptHandler) and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))


def test_no_rule_is_broken() -> None:
    assert len(list(sources(CHECKOUT))) > 50
    assert violations(CHECKOUT) == []


@pytest.mark.parametrize(
    ("path", "line", "rule"),
    [
        ("schemas/a.py", "from transforms.lake import log", "layers"),
        ("transforms/files/a.py", "import pipeline.run", "layers"),
        ("newslake.py", "from pipeline.run import run", "layers"),
        ("transforms/files/a.py", "from transforms.feeds.redact import redact", "stages"),
        ("transforms/lake/a.py", "from transforms.deduplicate.decide import decide", "stages"),
        ("transforms/files/a.py", "def f():\n    import apache_beam", "beam"),
        ("transforms/files/a.py", "import orjson", "orjson"),
        ("pipeline/a.py", "try:\n    pass\nexcept Exception:\n    pass\ntry:\n    pass\nexcept:\n    pass", "except Exception"),
    ],
)
def test_each_rule_catches_a_violation(tmp_path: Path, path: str, line: str, rule: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(line)
    assert violations(tmp_path) == [f"{path}: {rule}"]


@pytest.mark.parametrize("module", ["newslake", "pipeline.cli", "pipeline.options", "pipeline.commands.sql", "pipeline.commands.lake"])
def test_what_runs_no_graph_does_not_import_beam(module: str) -> None:
    code = f"import sys, {module}; sys.exit('apache_beam' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0
