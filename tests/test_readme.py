"""README shows what works: its options are the parser's, and its commands and code run over the sample."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import CHECKOUT

from pipeline.exitcodes import EXIT_MEANING
from pipeline.options import option_rows

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_table_of_options_is_the_parsers() -> None:
    rows = [f"| `{flag}` | {meaning} | {default} |" for flag, meaning, default in option_rows("run")]
    assert [line for line in README.splitlines() if line.startswith("| `--")] == rows


def test_the_table_of_exit_codes_is_the_programs() -> None:
    rows = [f"| {int(code)} | {meaning} |" for code, meaning in EXIT_MEANING.items() if int(code) < 128]
    assert [line for line in README.splitlines() if re.match(r"\| \d", line)] == rows


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample, in which README's console commands ran one after another."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(CHECKOUT / "deploy", folder / "deploy")
    return folder


def test_every_command_and_the_code_run_as_shown(checkout: Path) -> None:
    commands = [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]
    assert len(commands) >= 8
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    for command in commands:
        typed = command.replace("newslake ", f"{shlex.quote(sys.executable)} -m pipeline ", 1)
        done = subprocess.run(typed, shell=True, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
    for code in blocks("python"):
        done = subprocess.run([sys.executable, "-c", code], cwd=checkout, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_configuration_shown_is_read(checkout: Path) -> None:
    from pipeline.config import read_config

    (toml,) = blocks("toml")
    (checkout / "newslake.toml").write_text(toml, encoding="utf-8")
    config = read_config(str(checkout / "newslake.toml"), {"NEWS_TOKEN": "x"})
    assert config.lake == "/data/lake"
