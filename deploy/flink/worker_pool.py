"""Start a Python worker for each request of a TaskManager, until this process ends.

Beam has such a pool (apache_beam.runners.worker.worker_pool_main). It keys workers by their id, but
each job on each TaskManager calls its first worker "1-1". Two jobs at the same time would end each
other's workers, and so would two TaskManagers on one machine. Here a worker ends with the
connection to the TaskManager that asked for it.

Usage: python worker_pool.py --service_port PORT
"""

import argparse
import subprocess
import sys
from concurrent import futures

import grpc
from apache_beam.portability.api import beam_fn_api_pb2 as api
from apache_beam.portability.api import beam_fn_api_pb2_grpc as services

WORKER = (
    "import sys; from apache_beam.runners.worker.sdk_worker import SdkHarness; "
    "SdkHarness(sys.argv[1], worker_id=sys.argv[2]).run()"
)
THREADS = 8


class WorkerPool(services.BeamFnExternalWorkerPoolServicer):
    """Starts workers; they end by themselves."""

    def __init__(self) -> None:
        self._workers: list[subprocess.Popen[bytes]] = []

    def StartWorker(self, request: api.StartWorkerRequest, context: object) -> api.StartWorkerResponse:  # noqa: N802
        """Start a worker that takes its work from the address in the request."""
        del context
        self._workers = [worker for worker in self._workers if worker.poll() is None]  # no zombies stay
        command = [sys.executable, "-c", WORKER, request.control_endpoint.url, request.worker_id]
        self._workers.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))
        return api.StartWorkerResponse()

    def StopWorker(self, request: api.StopWorkerRequest, context: object) -> api.StopWorkerResponse:  # noqa: N802
        """Do nothing: the worker ends when its TaskManager closes the connection."""
        del request, context
        return api.StopWorkerResponse()


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description="Start Python workers for Flink's TaskManagers.")
    parser.add_argument("--service_port", type=int, required=True, help="where TaskManagers ask for workers")
    port = parser.parse_args().service_port
    server = grpc.server(futures.ThreadPoolExecutor(THREADS))
    services.add_BeamFnExternalWorkerPoolServicer_to_server(WorkerPool(), server)
    server.add_insecure_port(f"localhost:{port}")
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
