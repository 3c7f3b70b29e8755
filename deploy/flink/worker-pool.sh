#!/bin/sh
# The pool of Python workers beside a TaskManager: starts one for each slot that a job uses.
# It runs on the machine of the TaskManager: --environment_config names one address for all
# TaskManagers, localhost:$POOL_PORT.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# The Python of an environment with the same newslake, Beam and Python as that of the command.
: "${PYTHON:=python3}"
: "${POOL_PORT:=50000}"

exec "$PYTHON" "$here/worker_pool.py" --service_port "$POOL_PORT"
