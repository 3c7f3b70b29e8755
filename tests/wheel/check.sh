#!/usr/bin/env bash
# Build the wheel, install it into a clean environment outside of the tree, and use it there as a stranger would:
# the sample twice, a script that passes mypy --strict, and a folder with modules of the user's own.
set -euo pipefail
checkout="$(cd "$(dirname "$0")/../.." && pwd)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
pip=("$folder/venv/bin/python" -m pip --disable-pip-version-check)
cp -r "$checkout" "$folder/tree"
rm -rf "$folder/tree/build" "$folder/tree"/*.egg-info "$folder/tree/.venv"
"${pip[@]}" wheel --quiet --no-deps --wheel-dir "$folder" "$folder/tree"
names="$("$folder/venv/bin/python" -m zipfile -l "$folder"/newslake-*.whl | awk 'NR > 1 {print $1}' | cut -d/ -f1 | sort -u)"
echo "the wheel holds:" $names
[ "$(echo "$names" | grep -cv 'dist-info$')" = 1 ] || { echo "the wheel should hold newslake only"; exit 1; }
"${pip[@]}" install --quiet --constraint "$checkout/constraints.txt" "$(echo "$folder"/newslake-*.whl)[sql]" mypy
cp -r "$checkout/deploy/sample" "$folder/sample"
cd "$folder/sample"
for name in pipeline transforms schemas; do echo 'raise SystemExit("a module of the user was taken for one of newslake")' > "$name.py"; done
cp "$checkout/tests/wheel/script.py" .
for new in 40 0; do
    "$folder/venv/bin/newslake" run --config newslake.toml --lake ./lake --summary json --quiet | grep -F "\"new\":$new,"
done
"$folder/venv/bin/newslake" sql "SELECT count(*) AS articles FROM articles" --lake ./lake --format csv
"$folder/venv/bin/python" -m mypy --strict script.py
"$folder/venv/bin/python" script.py
echo "the wheel works"
