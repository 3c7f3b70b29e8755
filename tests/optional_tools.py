"""Tools that a test needs and that not every machine has."""

import importlib.util
import os

import pytest


def need(is_there: object, what_to_do: str) -> None:
    """Skip the test if a tool is missing, or fail it if NEWSLAKE_REQUIRE_TOOLS is 1, as in CI.

    Call it in a fixture or in the test. ``what_to_do`` says how one gets the tool.
    """
    if not is_there:
        (pytest.fail if os.environ.get("NEWSLAKE_REQUIRE_TOOLS") == "1" else pytest.skip)(what_to_do)


def need_modules(*names: str) -> None:
    """Skip or fail the test if this Python has not all of these modules."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    need(not missing, f"the test needs the packages of the extra deploy, but there is no module {', '.join(missing)}")
