"""The page of each folder of deploy/: its links lead somewhere, and newslake knows its commands."""

import re
from pathlib import Path

import pytest
from deploy_tools import DEPLOY

from newslake.pipeline.options import COMMANDS

PAGES = sorted(DEPLOY.glob("*/README.md"))

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)


def test_each_folder_has_a_page() -> None:
    assert {page.parent.name for page in PAGES} == {path.name for path in DEPLOY.iterdir() if path.is_dir()}


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


@each_page
def test_newslake_knows_every_command_shown(page: Path) -> None:
    commands = re.findall(r"(?m)^    (?:.* )?(?<!--namespace )newslake ([a-z]+)\b", page.read_text(encoding="utf-8"))
    assert set(commands) <= set(COMMANDS)
