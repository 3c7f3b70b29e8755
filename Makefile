PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help demo test test-deploy test-airflow test-dataflow test-engines lint types bench bench-metadata bench-dedup bench-decoding bench-feeds bench-warc bench-watch bench-engines bench-scaling bench-scale wheel spark stress goldens schema constraints clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

demo: $(VENV)/run.stamp  ## install, ingest deploy/sample into ./lake, and show what to ask it
	@deploy/sample/demo.sh $(BIN)

test: $(VENV)/test.stamp  ## install the test dependencies and run every test
	$(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(VENV)/test.stamp  ## ruff, check and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp  ## mypy --strict on our code
	$(BIN)/mypy

bench: $(VENV)/test.stamp  ## measure the whole run beside plain loops, side by side, and print the ratios
	$(BIN)/python tests/bench/bench.py

bench-metadata: $(VENV)/bench.stamp  ## what we read right of dates, URLs, captions, bylines and languages, beside other tools, and how fast
	$(BIN)/python tests/bench/metadata.py

bench-dedup: $(VENV)/bench.stamp  ## copies found and missed beside other rules, what it costs, and the judgement of a million articles alone
	$(BIN)/python tests/bench/duplicates.py

bench-decoding: $(VENV)/test.stamp  ## how often feeds in all scripts and encodings are read rightly, flagged and wrongly
	$(BIN)/python tests/bench/decoding.py

bench-feeds: $(VENV)/bench.stamp  ## parse feeds beside feedparser and fastfeedparser, fetch 2,000 beside a bare loop of aiohttp, run over them twice
	$(BIN)/python tests/bench/feeds.py
	$(BIN)/python tests/bench/feeds_fetch.py
	$(BIN)/python tests/bench/feeds_run.py

bench-watch: $(VENV)/test.stamp  ## watch feeds that publish 20 articles a second for ten minutes, and kill the process at random moments
	$(BIN)/python tests/bench/watching.py

bench-warc: $(VENV)/test.stamp  ## read a WARC of 2,000 pages beside trafilatura alone: speed, memory, counts
	$(BIN)/python tests/bench/warc.py

bench-engines: $(VENV)/test.stamp  ## 100,000 articles on each engine: CPU seconds and memory beside the local runner; half an hour
	$(BIN)/python tests/bench/engine_costs.py

bench-scaling: $(VENV)/test.stamp  ## what an article costs at each step, what crosses each shuffle, and the index
	$(BIN)/python tests/bench/scaling.py

bench-scale: $(VENV)/bench.stamp  ## fill lakes of a million articles and add to them: memory and time; half an hour, 15 GB of disk
	$(BIN)/python tests/bench/scale.py

wheel:  ## build the wheel and use it in a clean environment outside of the tree
	PYTHON=$(PYTHON) tests/wheel/check.sh

test-deploy: $(VENV)/deploy.stamp  ## check the files of deploy/ by the tools of their own worlds
	$(BIN)/python -m pytest -n auto tests/deploy

test-airflow: $(VENV)/test.stamp .venv-airflow/stamp  ## run the DAG of deploy/airflow by Airflow, in an environment of its own
	NEWSLAKE_AIRFLOW_PYTHON=$(CURDIR)/.venv-airflow/bin/python $(BIN)/python -m pytest -p no:xdist tests/deploy/test_airflow.py

test-dataflow: $(VENV)/test.stamp .venv-dataflow/stamp  ## translate the graph for Dataflow, offline, in an environment of its own
	NEWSLAKE_DATAFLOW_PYTHON=$(CURDIR)/.venv-dataflow/bin/python $(BIN)/python -m pytest -p no:xdist tests/deploy/test_dataflow.py

test-engines: $(VENV)/test.stamp  ## build Prism by Go and Flink by Maven, and run the same inputs on all engines; half an hour
	NEWSLAKE_ENGINES=1 $(BIN)/python -m pytest -p no:xdist tests/engines

spark: $(VENV)/test.stamp .venv-spark/stamp  ## read a lake with Spark, which needs Java
	NEWSLAKE_SPARK_PYTHON=$(CURDIR)/.venv-spark/bin/python $(BIN)/python -m pytest -p no:xdist tests/readers/test_spark.py

stress: $(VENV)/test.stamp  ## the tests of many writers and of faults at full size; half an hour
	NEWSLAKE_STRESS=1 $(BIN)/python -m pytest -p no:xdist tests/faults tests/e2e/test_runs_at_once.py tests/e2e/test_hostile_inputs.py tests/e2e/test_windows.py

goldens: $(VENV)/test.stamp  ## rewrite the expected outputs beside the sample inputs; read the diff before you commit it
	NEWSLAKE_REWRITE_GOLDENS=1 $(BIN)/python -m pytest tests -k golden

schema: $(VENV)/run.stamp  ## write the JSON Schemas of the articles and of the configuration file
	$(BIN)/python -m newslake.schemas.readers > schemas/article.schema.json
	$(BIN)/newslake schema --table config > docs/newslake.schema.json

constraints: $(VENV)/run.stamp  ## pin every package that the lower bounds allow, for each supported Python, in constraints.txt
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-header --no-annotate --upgrade \
		pyproject.toml --output-file constraints.txt

clean:  ## remove the virtual environment, the demo's lake and all caches
	rm -rf $(VENV) .venv-* lake build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "newslake needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: $(BIN)/python pyproject.toml constraints.txt
	@echo "installing newslake into $(VENV) (Apache Beam is large: this takes a minute or two)"
	$(PIP) --constraint constraints.txt --editable '.[sql,polars]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(PIP) --constraint constraints.txt --editable '.[test]'
	@touch $@

.venv-airflow/stamp:
	$(PYTHON) -m venv .venv-airflow
	.venv-airflow/bin/python -m pip --disable-pip-version-check install --quiet --only-binary :all: apache-airflow==3.3.2
	@touch $@

.venv-dataflow/stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-dataflow
	.venv-dataflow/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt \
		--editable . 'apache-beam[gcp]'
	@touch $@

.venv-spark/stamp:
	$(PYTHON) -m venv .venv-spark
	.venv-spark/bin/python -m pip --disable-pip-version-check install --quiet pyspark
	@touch $@

$(VENV)/deploy.stamp: $(VENV)/test.stamp
	$(PIP) --constraint constraints.txt --editable '.[deploy]'
	@touch $@

$(VENV)/bench.stamp: $(VENV)/test.stamp
	$(PIP) --constraint constraints.txt --editable '.[bench]'
	@touch $@
