# Start a Java program with Flink's jars: `. java.sh`, then `run_java MAIN_CLASS ARGUMENTS...`, which does not return.
# This file is sourced by the other scripts; $here is the folder of the script that sources it.

: "${FLINK_JARS:=$here/jars}" # what `mvn -f pom.xml dependency:copy-dependencies` wrote
: "${FLINK_CONF:=$here/conf}" # the folder of config.yaml
: "${JAVA:=${JAVA_HOME:+$JAVA_HOME/bin/}java}"
: "${JAVA_MEMORY:=-Xmx1g}"

run_java() {
    if ! ls "$FLINK_JARS"/beam-runners-flink-*.jar >/dev/null 2>&1; then
        echo "$0: no jars in $FLINK_JARS; run: mvn -f $here/pom.xml dependency:copy-dependencies" >&2
        exit 2
    fi
    # Flink 1.19 reads private fields of these packages, which Java 17 forbids unless it is told.
    set -- -cp "$FLINK_JARS/*" "$@"
    for package in lang util nio net io util.concurrent util.concurrent.atomic time; do
        set -- "--add-opens=java.base/java.$package=ALL-UNNAMED" "$@"
    done
    set -- --add-opens=java.base/sun.nio.ch=ALL-UNNAMED "$@"
    # shellcheck disable=SC2086 # JAVA_MEMORY is a list of options
    exec "$JAVA" $JAVA_MEMORY "$@"
}
