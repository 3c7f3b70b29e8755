"""The log messages that reach stderr, and those that do not."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

LOGGING = """
import logging, sys, warnings
from newslake.pipeline import logs

logs.set_up(secrets=["Bearer s3cret-value"])
logs.set_up(quiet="quiet" in sys.argv, secrets=["Bearer s3cret-value"])
ours, other = logging.getLogger("newslake"), logging.getLogger("apache_beam.x")
ours.info("told %d", 1)
ours.warning("asked https://user:pass@example.org/rss?lang=nl&token=abc with s3cret-value as the Bearer")
other.info("chatter")
other.warning("odd")
logging.warning("apitools not found, and so on")
warnings.warn("deprecated")
raise RuntimeError("s3cret-value was refused by https://example.org/?api_key=abc")
"""


def logged(*arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.splitlines()


def test_each_line_is_told_once_with_its_instant_and_without_secrets() -> None:
    lines = logged()
    assert [line.partition("Z ")[2] for line in lines[:3]] == [
        "INFO newslake: told 1",
        "WARNING newslake: asked https://***@example.org/rss?lang=nl&token=*** with *** as the Bearer",
        "WARNING apache_beam.x: odd",
    ]
    assert lines[0][4] == "-"
    assert "CRITICAL newslake: an error that newslake does not know" in lines[3]
    assert lines[-1] == "RuntimeError: *** was refused by https://example.org/?api_key=***"
    assert "s3cret" not in "".join(lines)


def test_quiet_leaves_warnings_and_errors() -> None:
    lines = logged("quiet")
    assert "WARNING newslake: asked" in lines[0]
    assert "WARNING apache_beam.x: odd" in lines[1]
