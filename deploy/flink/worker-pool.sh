#!/bin/sh
# The pool of Python workers beside a TaskManager: starts one for each slot that a job uses.
# It must listen on the machine of the TaskManager, since --environment_config names one address for all of them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

: "${PYTHON:=python3}" # of the environment with the same newslake, Beam and Python as the launcher's
: "${POOL_PORT:=50000}"

exec "$PYTHON" "$here/worker_pool.py" --service_port "$POOL_PORT"
