"""The pool of deploy/flink: workers with the same id live side by side, each as long as its job."""

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from apache_beam.portability.api import beam_fn_api_pb2 as fn_api
from apache_beam.portability.api import beam_fn_api_pb2_grpc, endpoints_pb2
from engines.servers import free_ports, script

SECONDS = 60


class Job(beam_fn_api_pb2_grpc.BeamFnControlServicer):
    """What a TaskManager is for its worker: it ends the connection when the job is over."""

    def __init__(self) -> None:
        self.address = ""
        self.has_worker, self.is_over, self.is_left = threading.Event(), threading.Event(), threading.Event()

    def Control(self, answers: Iterator[Any], context: Any) -> Iterator[Any]:  # noqa: N802
        context.add_callback(self.is_left.set)
        self.has_worker.set()
        self.is_over.wait(SECONDS)
        yield from ()


@contextmanager
def job() -> Iterator[Job]:
    server, served = grpc.server(ThreadPoolExecutor(4)), Job()
    beam_fn_api_pb2_grpc.add_BeamFnControlServicer_to_server(served, server)
    served.address = f"localhost:{server.add_insecure_port('localhost:0')}"
    server.start()
    try:
        yield served
    finally:
        served.is_over.set()
        server.stop(None).wait()


def living_children(process_id: int) -> list[str]:
    """Return the ids of the children of a process, of any of its threads, that have not ended."""
    threads = Path(f"/proc/{process_id}/task").glob("*/children")
    children = [child for thread in threads for child in thread.read_text().split()]
    return [child for child in children if Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2][0] != "Z"]


def test_a_worker_ends_with_its_own_job(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with (
        script("worker-pool", tmp_path, {"PYTHON": sys.executable, "POOL_PORT": port}) as pool,
        grpc.insecure_channel(f"localhost:{port}") as channel,
        job() as first,
        job() as second,
    ):
        service = beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolStub(channel)
        for one in (first, second):
            address = endpoints_pb2.ApiServiceDescriptor(url=one.address)
            request = fn_api.StartWorkerRequest(worker_id="1-1", control_endpoint=address)
            assert service.StartWorker(request, timeout=SECONDS, wait_for_ready=True).error == ""
            assert one.has_worker.wait(SECONDS), pool.told()
        service.StopWorker(fn_api.StopWorkerRequest(worker_id="1-1"), timeout=SECONDS)
        assert len(living_children(pool.process.pid)) == 2
        first.is_over.set()
        pool.wait_until(lambda: len(living_children(pool.process.pid)) == 1)
        assert not second.is_left.is_set()
