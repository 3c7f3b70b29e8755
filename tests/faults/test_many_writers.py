"""Six writers on one lake: no row is lost, no row is there twice, and no writer fails.

``make stress`` runs this with 200 commits for each writer and 60 kills. Smaller numbers keep ``make
test`` short.
"""

import multiprocessing
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import lake_writers as writers
import pytest
from memory_storage import MemoryStorage, Trouble
from stress import IS_FULL

from newslake.transforms.lake import recover
from newslake.transforms.storage.local import LocalStorage

WRITERS = 6
COMMITS, KILLS = (200, 60) if IS_FULL else (20, 10)

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["lake_writers"])


def start(lake: LocalStorage, writer: int) -> ForkServerProcess:
    process = _PROCESSES.Process(target=writers.write, args=(lake, writer, COMMITS))
    process.start()
    return process


@contextmanager
def readers(*reads: Callable[[], int]) -> Iterator[list[int]]:
    """Read repeatedly while the context is open; yield a list for the counts of the last reads.

    An error of a reader is raised at the end.
    """
    over, seen = threading.Event(), [0] * len(reads)

    def loop(number: int) -> int:
        rounds = 0
        while not over.is_set() or not rounds:
            before, seen[number] = seen[number], reads[number]()
            assert seen[number] >= before
            rounds += 1
        return rounds

    with ThreadPoolExecutor(len(reads)) as pool:
        loops = [pool.submit(loop, number) for number in range(len(reads))]
        try:
            yield seen
        finally:
            over.set()
        assert all(one.result() for one in loops)


def read_both_ways(lake: LocalStorage) -> tuple[Callable[[], int], Callable[[], int]]:
    return (lambda: writers.read_by_log(lake)), (lambda: writers.read_by_glob(lake))


def test_six_writers_on_a_disk_while_two_read(tmp_path: Path) -> None:
    lake = LocalStorage(str(tmp_path / "lake"))
    with readers(*read_both_ways(lake)):
        processes = [start(lake, writer) for writer in range(WRITERS)]
        for process in processes:
            process.join()
    assert [process.exitcode for process in processes] == [0] * WRITERS
    writers.check(lake, writers.run_keys(WRITERS, COMMITS))


def test_six_writers_that_are_killed_and_go_on(tmp_path: Path) -> None:
    lake = LocalStorage(str(tmp_path / "lake"))
    chance = random.Random(20230320)
    with readers(*read_both_ways(lake)):
        processes = {writer: start(lake, writer) for writer in range(WRITERS)}
        kills = 0
        while kills < KILLS:
            victim = chance.choice(list(processes))
            ended = wait([processes[victim].sentinel], timeout=chance.uniform(0.05, 0.5))
            if not ended:
                processes[victim].kill()
            processes[victim].join()
            kills += processes[victim].exitcode == -9
            assert processes[victim].exitcode in (0, -9)
            processes[victim] = start(lake, victim)
        for process in processes.values():
            process.join()
    assert {process.exitcode for process in processes.values()} == {0}
    assert kills == KILLS
    recover.prepare(lake)  # as the next writer does: it sweeps the staging of the last killed run
    writers.check(lake, writers.run_keys(WRITERS, COMMITS))


@pytest.mark.parametrize(
    "trouble", [Trouble(), Trouble(lost=0.05, late=0.05, false_exists=0.05)], ids=["well", "troubled"]
)
def test_six_writers_on_an_object_store(trouble: Trouble) -> None:
    lake = MemoryStorage(trouble=trouble, seed=7)
    with readers(lambda: writers.read_by_log(lake)), ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(lambda writer: writers.write(lake, writer, COMMITS), range(WRITERS)))
    assert sum(map(len, outcomes)) >= WRITERS * (COMMITS - COMMITS // writers.SHARED_EVERY - 1)
    lake.land_all()
    writers.check(lake, writers.run_keys(WRITERS, COMMITS))
