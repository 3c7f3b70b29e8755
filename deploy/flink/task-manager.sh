#!/bin/sh
# A TaskManager of a Flink cluster: one on each machine that does work, beside a worker-pool.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${JAVA_MEMORY:=-Xmx384m}" # task heap and framework heap of config.yaml
. "$here/java.sh"

: "${JOB_MANAGER_HOST:=localhost}"
: "${JOB_MANAGER_PORT:=6123}"
: "${TASK_MANAGER_HOST:=localhost}" # the name of this machine, as the other TaskManagers reach it
: "${TASK_MANAGER_ID:=$TASK_MANAGER_HOST-$$}"
: "${SLOTS:=1}" # how many parts of a job run here at a time; each has a Python worker

run_java org.apache.flink.runtime.taskexecutor.TaskManagerRunner --configDir "$FLINK_CONF" \
    -D jobmanager.rpc.address="$JOB_MANAGER_HOST" -D jobmanager.rpc.port="$JOB_MANAGER_PORT" \
    -D taskmanager.host="$TASK_MANAGER_HOST" -D taskmanager.bind-host="$TASK_MANAGER_HOST" \
    -D taskmanager.resource-id="$TASK_MANAGER_ID" \
    -D taskmanager.numberOfTaskSlots="$SLOTS" -D taskmanager.cpu.cores="$SLOTS" "$@"
