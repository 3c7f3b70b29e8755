"""The helpers of the benches that measure a call in a process of its own.

A separate process does not find the memory or the caches of another measurement.
"""

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
    """Keep this process and its children on the first core that they may use.

    Only Linux can do that. On other systems the function does nothing.
    """
    with contextlib.suppress(AttributeError):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def timed(call: Callable[[], object]) -> Measured:
    """Return the seconds of a call, its ``cpu`` seconds, and the peak memory of this process.

    The peak includes the time before the call. On a machine with other work, ``cpu`` varies less
    than the seconds, but does not include the time of waiting for a disk.
    """
    began, cpu = time.perf_counter(), time.process_time()
    call()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"seconds": seconds, "cpu": cpu, "megabytes": peak_megabytes()}


def peak_megabytes() -> float:
    """Return the peak memory of this process.

    ``ru_maxrss`` would include the memory of the parent at the time of the fork, so it counts only
    on systems that do not tell the peak of the program itself.
    """
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_own_process(script: str, *arguments: object) -> Measured:
    """Run ``script``, and return the JSON object of its last line: ``seconds`` and ``megabytes``.

    If the process and its children together used more memory than it says, ``megabytes`` is theirs.
    Raises NotThereError if a package is missing. Ends the program if the process fails.
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
    """Return the memory of a process and its descendants, with shared memory counted once."""
    return megabytes(family(root))


def family(root: int) -> set[int]:
    """Return the process ids of a process and its descendants. Only Linux tells them."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {root}
    while grown := {child for child, parent in parents.items() if parent in found} - found:
        found |= grown
    return found


def megabytes(processes: set[int]) -> float:
    """Return the memory of processes, with shared memory counted once.

    This is the proportional set size of Linux. Return 0 if the system does not tell it.
    """
    kilobytes = 0
    for process in processes:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def verdict(is_met: bool) -> str:
    """Return the word for a table that says whether a goal is met."""
    return "met" if is_met else "FALLS SHORT"
