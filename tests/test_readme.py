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

from newslake.pipeline.exitcodes import EXIT_MEANING
from newslake.pipeline.options import option_rows

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


def test_every_command_runs_and_its_output_is_the_golden_one_shown(checkout: Path) -> None:
    commands = [
        part for block in blocks("console") for part in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]
    assert len(commands) >= 8
    readme = README
    for command, shown in commands:
        output = typed(checkout, command)
        if not shown:
            continue
        if os.environ.get("NEWSLAKE_REWRITE_GOLDENS"):
            readme = readme.replace(f"$ {command}\n{shown}", f"$ {command}\n{output}")
        else:
            assert settled(output) == settled(shown), command
    if readme != README:
        (CHECKOUT / "README.md").write_text(readme, encoding="utf-8")


def typed(checkout: Path, command: str) -> str:
    """What a command prints, on both channels, with the checkout where the reader may have it."""
    words = command.replace("newslake ", f"{shlex.quote(sys.executable)} -m newslake ", 1)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200"}
    output, errors = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(
        words, shell=True, cwd=checkout, env=environment, stdout=output, stderr=errors, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}"
    command_here = re.compile(r"(?m)(?<=: )\S*(?:newslake|python\S* -m newslake)(?= sql )")
    return command_here.sub("newslake", done.stdout.replace(str(checkout), "/home/you/newslake"))


def settled(output: str) -> str:
    """Output without what differs from run to run: run ids, times and seconds."""
    named = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{8}", "<run>", output)
    timed = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=\"?[,\t])", "<instant>", named)
    return re.sub(r'(?<=added to ./tour in )[\d.]+|(?<="seconds":)[\d.]+', "<seconds>", timed)


def test_the_code_runs_as_shown(checkout: Path) -> None:
    typed(checkout, "newslake run --config deploy/sample/newslake.toml --lake ./tour --quiet")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    for code in blocks("python"):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_configuration_shown_is_read(checkout: Path) -> None:
    from newslake.pipeline.config.file import read_config

    (toml,) = blocks("toml")
    (checkout / "newslake.toml").write_text(toml, encoding="utf-8")
    config = read_config(str(checkout / "newslake.toml"), {"NEWS_TOKEN": "x"})
    assert config.lake == "/data/lake"
