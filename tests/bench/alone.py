"""Measurements in processes of their own, so that none finds the memory or the caches of another: what the benches share."""

import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Measured = dict[str, float]

SAMPLE_SECONDS = 0.5


class NotThereError(Exception):
    """A package that a contender needs is not installed."""


def keep_to_one_core() -> None:
    """From here on this process and its children run on the first core that they may have (Linux; elsewhere on all of them)."""
    with contextlib.suppress(AttributeError):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def timed(call: Callable[[], object]) -> Measured:
    """Seconds of a call, of the processor's time the ``cpu`` seconds, and the peak memory of this process with what came before the call.

    On a machine that has other work, ``cpu`` is the steadier; it knows nothing of waiting for a disk.
    """
    began, cpu = time.perf_counter(), time.process_time()
    call()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"seconds": seconds, "cpu": cpu, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def in_own_process(script: str, *arguments: object) -> Measured:
    """What ``script`` prints as its last line, a JSON object with ``seconds`` and ``megabytes``.

    ``megabytes`` becomes that of the process and its children together where that was seen to be more. Raises NotThereError; ends the
    program where the process fails.
    """
    process = subprocess.Popen(
        [sys.executable, script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    together = 0.0
    try:
        while True:
            try:
                output, errors = process.communicate(timeout=SAMPLE_SECONDS)
                break
            except subprocess.TimeoutExpired:
                together = max(together, tree_megabytes(process.pid))
    finally:
        if process.poll() is None:
            process.terminate()
    if "ModuleNotFoundError" in errors:
        raise NotThereError(errors.splitlines()[-1])
    if process.returncode:
        sys.exit(errors)
    answer: Measured = json.loads(output.splitlines()[-1])
    return answer | {"megabytes": max(answer["megabytes"], together)}


def tree_megabytes(root: int) -> float:
    """Memory of a process and its descendants, what they share counted once (Linux: proportional set size); 0 where that cannot be told."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    family = {root}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    kilobytes = 0
    for member in family:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def verdict(is_met: bool) -> str:
    """What stands beside a goal in a table."""
    return "met" if is_met else "FALLS SHORT"
