#!/bin/sh
# The JobManager of a Flink cluster: gives the tasks of a job to the TaskManagers.
# The job server finds it by FLINK_MASTER=$JOB_MANAGER_HOST:$REST_PORT.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${JAVA_MEMORY:=-Xmx512m}"
. "$here/java.sh"

: "${JOB_MANAGER_HOST:=localhost}" # the name of this machine, as TaskManagers reach it
: "${JOB_MANAGER_PORT:=6123}"
: "${BLOB_PORT:=6124}"
: "${REST_PORT:=8081}" # the job server and the Flink dashboard. It asks no password

run_java org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
    --configDir "$FLINK_CONF" \
    -D jobmanager.rpc.address="$JOB_MANAGER_HOST" -D jobmanager.bind-host="$JOB_MANAGER_HOST" \
    -D jobmanager.rpc.port="$JOB_MANAGER_PORT" -D blob.server.port="$BLOB_PORT" \
    -D rest.address="$JOB_MANAGER_HOST" -D rest.bind-address="$JOB_MANAGER_HOST" \
    -D rest.port="$REST_PORT" "$@"
