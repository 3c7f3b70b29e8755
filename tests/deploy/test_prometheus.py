"""Alerts and dashboard: checked by promtool, and against the metrics that newslake really gives."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from deploy_tools import DEPLOY, passes, tool
from prometheus_client.parser import text_string_to_metric_families

from newslake.pipeline.report.metrics import Metrics
from newslake.pipeline.report.rounds import Round
from newslake.pipeline.run.settings import clock
from newslake.schemas.tables import RunSummary

PROMETHEUS = DEPLOY / "docker/prometheus"
ALERTS = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = [rule for group in ALERTS["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((DEPLOY / "docker/grafana/newslake.json").read_text(encoding="utf-8"))
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
EXPRESSIONS = [*(rule["expr"] for rule in RULES), *QUERIES]
SEVERITIES = {"critical", "warning", "info"}
_LABEL = r'(\w+)(?:=~|!~|!=|=)"([^"]*)"'


def promtool(*arguments: object) -> str:
    return passes(tool("promtool", "prometheus (Debian)"), *arguments)


@pytest.fixture(scope="module")
def samples() -> dict[str, dict[str, set[str]]]:
    """The values of the labels of each sample that newslake gives after rounds of both kinds."""
    metrics = Metrics()
    counts = dict.fromkeys(("new", "revised", "unchanged", "duplicates", "rejected"), 0)
    summary = {**counts, "started_at": "2026-01-02T03:04:05Z", "seconds": 1.0}
    metrics.observe_round(Round("committed", True, clock()), RunSummary(**summary))  # type: ignore[typeddict-item]
    metrics.observe_round(Round("failed", False, clock()))
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for name, value in sample.labels.items():
                labels.setdefault(name, set()).add(value)
    return found


def test_promtool_takes_the_configuration_and_the_alerts() -> None:
    promtool("check", "config", PROMETHEUS / "prometheus.yml")


def test_each_alert_fires_when_it_should_and_only_then() -> None:
    promtool("test", "rules", Path(__file__).with_name("alerts_test.yml"))


def test_each_alert_has_a_test_that_fires_and_one_that_does_not() -> None:
    tests = yaml.safe_load(Path(__file__).with_name("alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    asked = [ask for test in tests for ask in test["alert_rule_test"]]
    names = {rule["alert"] for rule in RULES}
    assert {ask["alertname"] for ask in asked if ask["exp_alerts"]} == names
    assert {ask["alertname"] for ask in asked if not ask["exp_alerts"]} == names


def test_promtool_takes_each_query_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(QUERIES)]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}), encoding="utf-8")
    promtool("check", "rules", file)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_each_metric_and_label_is_one_that_newslake_gives(
    expression: str, samples: dict[str, dict[str, set[str]]]
) -> None:
    """Prometheus itself adds ``up`` and the labels ``job`` and ``instance``."""
    named = re.findall(r"\b(?:newslake|process)_\w+|\bup\b", expression)
    assert named
    for name, braces in re.findall(r"\b(\w+)\{([^}]*)\}", expression):
        assert name in {*samples, "up"}
        assert 'job="newslake"' in braces
        for label, values in re.findall(_LABEL, braces):
            if label != "job":
                assert set(values.split("|")) <= samples[name][label]
    assert len(named) == len(re.findall(r"\w\{", expression))  # each names its job


def test_each_alert_says_what_is_wrong_what_to_do_and_how_much_it_hurries() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in SEVERITIES
        assert set(rule["annotations"]) == {"summary", "description"}


def test_prometheus_asks_newslake_and_grafana_asks_prometheus_where_they_are() -> None:
    compose = yaml.safe_load((DEPLOY / "docker/compose.yaml").read_text(encoding="utf-8"))["services"]
    (job,) = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    host, port = job["static_configs"][0]["targets"][0].split(":")
    assert compose[host]["command"][-1].endswith(f":{port}")
    (source,) = yaml.safe_load((DEPLOY / "docker/grafana/datasources.yml").read_text(encoding="utf-8"))["datasources"]
    assert re.fullmatch(r"http://(\w+):\d+", source["url"])[1] in compose  # type: ignore[index]
    assert {target["datasource"]["uid"] for panel in DASHBOARD["panels"] for target in panel["targets"]} == {
        source["uid"]
    }
