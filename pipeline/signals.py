"""SIGTERM, which cron, systemd and Kubernetes send, is handled like Ctrl-C."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def sigterm_like_ctrl_c() -> Iterator[Callable[[], bool]]:
    """While the context is open, SIGTERM raises KeyboardInterrupt in the main thread.

    Yield a function that tells whether the signal came. Python loses an exception that is raised
    where nobody can catch it, so a loop should ask. In another thread than the main one nothing
    changes, because only that one gets signals.
    """
    is_terminated = False

    def terminate(number: int, frame: FrameType | None) -> None:
        nonlocal is_terminated
        is_terminated = True
        # A shell script starts a process in the background with SIGINT ignored.
        handler = signal.getsignal(signal.SIGINT)
        if callable(handler):
            handler(signal.SIGINT, frame)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield lambda: is_terminated
    finally:
        signal.signal(signal.SIGTERM, before)
