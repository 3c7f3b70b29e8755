# How the other scripts start Java with Flink's jars. They set $here, their folder, source this
# file and call `run_java MAIN_CLASS ARGUMENTS...`, which does not return.

: "${FLINK_JARS:=$here/jars}" # what `mvn -f pom.xml package` wrote
: "${FLINK_CONF:=$here/conf}" # the folder of config.yaml
: "${JAVA:=${JAVA_HOME:+$JAVA_HOME/bin/}java}"
: "${JAVA_MEMORY:=-Xmx1g}"

run_java() {
    if ! ls "$FLINK_JARS"/beam-runners-flink-*.jar >/dev/null 2>&1; then
        echo "$0: no jars in $FLINK_JARS; run: mvn -f $here/pom.xml package" >&2
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
