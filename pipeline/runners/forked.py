"""Worker processes that start at once: forked from a process that has Beam imported already.

Beam's own multi-processing mode starts each worker as a new interpreter, which needs seconds to
import Beam. Here, one server process is forked before any thread starts. It waits on a Unix socket
and forks a worker for each request. Beam starts a worker by a shell command, so the command is a
small client: it hands its environment to the server and waits until the worker ends.
"""

import contextlib
import json
import logging
import os
import selectors
import shlex
import signal
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from apache_beam.runners.worker import sdk_worker_main

from newslake.pipeline import logs

_CLIENT = """
import json, os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(json.dumps(dict(os.environ)).encode() + b"\\n")
sys.exit(int(s.makefile().readline() or 1))
"""


@contextmanager
def forked_workers() -> Iterator[str]:
    """Yield the shell command that starts a worker, for SubprocessSDKEnvironment.

    Enter the context before a thread starts, because a forked child has the forking thread only.
    All workers end with the context, or when the process that opened it dies.
    """
    with tempfile.TemporaryDirectory(prefix="newslake-") as folder:
        address = str(Path(folder, "workers"))
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
        listener.listen()
        lifeline, keeper = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        server = os.fork()
        if server == 0:
            os.close(keeper)
            _serve(listener, lifeline)
        os.close(lifeline)
        listener.close()
        ended = False

        def end() -> None:
            nonlocal ended
            if not ended:
                ended = True
                os.close(keeper)
                os.waitpid(server, 0)

        def interrupt(number: int, frame: FrameType | None) -> None:
            # Workers end first: a worker that is alive while Beam closes its channels prints
            # errors. Beam's threads here then complain about workers that are gone; the process is
            # about to end, so these complaints are dropped.
            logging.disable(logging.CRITICAL)
            threading.excepthook = _say_nothing
            end()
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            # Ctrl-C reaches the whole process group. Workers ignore it, and end with the context.
            yield f"trap '' INT; exec {shlex.join([sys.executable, '-I', '-S', '-c', _CLIENT, address])}"
        finally:
            end()
            signal.signal(signal.SIGINT, before)


def _say_nothing(_: threading.ExceptHookArgs) -> None:
    pass


def _serve(listener: socket.socket, lifeline: int) -> None:
    """Fork a worker for each client until the parent ends, which closes the lifeline; never return.

    If a worker dies early, its client's connection closes. Clients of workers that live to the end
    get exit status 0.
    """
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    selector.register(lifeline, selectors.EVENT_READ)
    clients: dict[int, socket.socket] = {}
    while lifeline not in (ready := [key.fd for key, _ in selector.select()]):
        for descriptor in ready:
            if descriptor == listener.fileno():
                connection, _ = listener.accept()
                alive, holder = os.pipe()
                if os.fork() == 0:
                    # A copy of another worker's connection would hide that worker's death.
                    for held in (listener, *clients.values()):
                        held.close()
                    os.close(lifeline)
                    _work(connection)
                os.close(holder)
                selector.register(alive, selectors.EVENT_READ)
                clients[alive] = connection
            else:
                selector.unregister(descriptor)
                os.close(descriptor)
                clients.pop(descriptor).close()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    for alive, connection in clients.items():
        os.read(alive, 1)  # returns when the worker is gone; it would complain if its client ended first
        with contextlib.suppress(OSError):
            connection.sendall(b"0\n")
    os._exit(0)


def _work(connection: socket.socket) -> None:
    """Run a Beam worker in the client's environment, and send the exit status; never return."""
    status = 1
    try:
        os.environ.update(json.loads(connection.makefile().readline()))
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.stderr = logs.printed()
        # The runner logs a worker's messages as warnings, so those about its start and end are off.
        logging.getLogger().handlers.clear()
        logging.getLogger(sdk_worker_main.__name__).setLevel(logging.ERROR)
        sdk_worker_main.main(sys.argv)
        status = 0
    finally:  # the client must hear of every end of the worker
        if status:
            print(traceback.format_exc(), file=sys.stderr)
        connection.sendall(f"{status}\n".encode())
        os._exit(status)
