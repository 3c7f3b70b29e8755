#!/bin/sh
# The job server: takes jobs from `newslake run --runner flink` and runs them on Flink.
# With FLINK_MASTER=[local] Flink runs inside of the job server, and nothing else is needed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/java.sh"

: "${FLINK_MASTER:=[local]}" # or HOST:PORT, the REST address of job-manager.sh
# The name by which workers and commands reach it. Beam's server listens on ALL addresses of the machine, whatever this
# says, and asks no password: whoever reaches its ports runs code here, so close them to others by a firewall.
: "${JOB_HOST:=localhost}"
: "${JOB_PORT:=8099}"
: "${ARTIFACT_PORT:=8098}"
: "${EXPANSION_PORT:=8097}" # unused by newslake, but the server opens it
: "${ARTIFACTS_DIR:=${TMPDIR:-/tmp}/newslake-artifacts}" # files of jobs

run_java org.apache.beam.runners.flink.FlinkJobServerDriver \
    --job-host="$JOB_HOST" --job-port="$JOB_PORT" --artifact-port="$ARTIFACT_PORT" \
    --expansion-port="$EXPANSION_PORT" --artifacts-dir="$ARTIFACTS_DIR" \
    --flink-master="$FLINK_MASTER" --flink-conf-dir="$FLINK_CONF" "$@"
