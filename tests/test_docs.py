"""README and the manual show what works: every command and piece of code runs as shown."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from commandline import CHECKOUT
from docs_tables import filled

from newslake.pipeline.config.file import check_config

README = CHECKOUT / "README.md"
PAGES = [README, *sorted((CHECKOUT / "docs").glob("*.md"))]
REWRITES = bool(os.environ.get("NEWSLAKE_REWRITE_GOLDENS"))
LARGEST_README = 9_000
INGEST = "newslake run --config deploy/sample/newslake.toml --lake ./tour"

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample, and the lake ./tour that README's first command makes of it."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(CHECKOUT / "deploy", folder / "deploy")
    typed(folder, f"{INGEST} --quiet")
    return folder


@pytest.fixture
def folder(ingested: Path, tmp_path: Path, page: Path) -> Path:
    """Where a page is tried: README from the beginning, the others after README's first command."""
    shutil.copytree(ingested, tmp_path, dirs_exist_ok=True)
    if page == README:
        shutil.rmtree(tmp_path / "tour")
    return tmp_path


@each_page
def test_every_command_and_piece_of_code_runs_and_gives_the_golden_output_shown(page: Path, folder: Path) -> None:
    text = changed = page.read_text(encoding="utf-8")
    for language, block, shown in re.findall(
        r"^```(console|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", text, re.MULTILINE | re.DOTALL
    ):
        if language == "python":
            output = run_code(folder, block)
            changed = replaced(changed, shown, output, block) if shown else changed
            continue
        for command, told in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            output = typed(folder, command)
            changed = replaced(changed, told, output, f"$ {command}\n") if told else changed
    if changed != text:
        page.write_text(changed, encoding="utf-8")


def replaced(page: str, shown: str, output: str, context: str) -> str:
    """Return the page with the new output; unless goldens are rewritten, both must be equal."""
    if not REWRITES:
        assert settled(output) == settled(shown), context
        return page
    if settled(output) == settled(shown):
        return page
    at = page.index(shown, page.index(context))
    return page[:at] + output + page[at + len(shown) :]


def typed(folder: Path, command: str) -> str:
    """Return what a command prints on both channels, with the folder of the reader."""
    here = f"{shlex.quote(sys.executable)} -m newslake "
    words = re.sub(r"(?m)(^|\| *|&& *)newslake ", lambda found: found[1] + here, command)
    words = re.sub(r"(^|\| *|&& *)python ", lambda found: f"{found[1]}{shlex.quote(sys.executable)} ", words)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "100"}
    output, errors = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(
        words, shell=True, cwd=folder, env=environment, stdout=output, stderr=errors, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}"
    command_here = re.compile(r"(?m)(?<=: )\S*(?:newslake|python\S* -m newslake)(?= sql )")
    return command_here.sub("newslake", at_home(done.stdout, folder))


def run_code(folder: Path, code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return at_home(done.stdout, folder)


def at_home(output: str, folder: Path) -> str:
    """Return output in which the folders of the test have the name of a reader's folder."""
    return re.sub(rf"{re.escape(str(folder.parent))}/[^/\s'\"]+", "/home/you/newslake", output)


def settled(output: str) -> str:
    """Return output without what differs from run to run: run ids, instants and seconds."""
    named = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{8}", "<run>", output)
    timed = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=[\"',\t]| WARNING)", "<instant>", named)
    return re.sub(
        r"""(?<=added to ./tour in )[\d.]+|(?<=["']seconds["']: )[\d.]+|(?<="seconds":)[\d.]+""", "<s>", timed
    )


@each_page
def test_the_tables_are_those_of_the_code_as_the_golden_ones_are(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if REWRITES and filled(text) != text:
        page.write_text(filled(text), encoding="utf-8")
    assert filled(page.read_text(encoding="utf-8")) == page.read_text(encoding="utf-8"), "run: make goldens"


@each_page
def test_every_configuration_shown_is_read(page: Path) -> None:
    for toml in blocks(page.read_text(encoding="utf-8"), "toml"):
        variables = dict.fromkeys(re.findall(r"\$\{(\w+)\}", toml), "x")
        check_config(tomllib.loads(toml), variables)


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_readme_is_short_enough_to_be_read() -> None:
    assert len(README.read_text(encoding="utf-8")) <= LARGEST_README
