#!/bin/sh
# Ingest the sample into ./lake, then show what to ask it. The first argument is the folder of the newslake command.
set -eu
cd "$(dirname "$0")/../.."
newslake="$1/newslake"
echo "\$ $newslake run --config deploy/sample/newslake.toml --lake ./lake"
"$newslake" run --config deploy/sample/newslake.toml --lake ./lake
cat <<EOF

The lake is in ./lake. Ask it, with newslake or with DuckDB alone:

  $newslake sql --lake ./lake "SELECT date_published, date_precision, publisher, headline FROM articles ORDER BY published_from LIMIT 10"

  $1/python -c "import duckdb; print(duckdb.sql(\"SELECT published_month, count(*) AS articles FROM read_json('lake/articles/*/*.jsonl.gz', columns={id: 'VARCHAR', date_published: 'VARCHAR'}, hive_partitioning=true, hive_types={published_month: VARCHAR}) GROUP BY 1 ORDER BY 1\"))"

Run make demo again: nothing new, all unchanged.
EOF
