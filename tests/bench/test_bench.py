"""The benchmarks' parts: the made-up news, the rules that judge answers, and that a run ends.

People read the timings, so these are not tested.
"""

import datetime as dt
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from newslake.schemas.raw import RawArticle
from newslake.transforms.normalise.dates import ParsedDate, parse_date
from newslake.transforms.normalise.urls import canonical_url

FOLDER = Path(__file__).parent
CHECKOUT = FOLDER.parents[1]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that imports a module of this folder, as the scripts in it do."""
    monkeypatch.syspath_prepend(FOLDER)
    return import_module


def run_script(name: str, *arguments: object, shared: Path) -> str:
    environment = {**os.environ, "NEWSLAKE_SHARED": str(shared), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, str(FOLDER / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the peak of a program")
def test_a_small_child_of_a_large_process_reports_little_memory(tmp_path: Path) -> None:
    """The kernel passes the peak of a parent on to its child in ``ru_maxrss``."""
    (tmp_path / "child.py").write_text(
        "import json, alone\nprint(json.dumps({'seconds': 0.0, 'megabytes': alone.peak_megabytes()}))\n"
    )
    (tmp_path / "parent.py").write_text(
        "import alone\nlarge = bytearray(500_000_000)\nprint(alone.in_own_process('child.py')['megabytes'])\n"
        "print(alone.peak_megabytes())\n"
    )
    shutil.copy(FOLDER / "alone.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "parent.py"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    child, parent = map(float, done.stdout.split())
    assert child < 100
    assert parent > 450


def test_no_bench_takes_the_peak_that_a_parent_passes_on() -> None:
    users = [path.name for path in FOLDER.glob("*.py") if "ru_maxrss" in path.read_text(encoding="utf-8")]
    assert sorted(users) == ["alone.py", Path(__file__).name]


def test_the_bench_of_warc_accounts_for_each_page(bench: Any, tmp_path: Path) -> None:
    pytest.importorskip("trafilatura", reason="the extra html is not installed")
    warc = bench("warc")
    warc.write_archive(tmp_path / "pages.warc.gz", 12)
    assert warc.ours(tmp_path / "pages.warc.gz") == {
        "article": 12,
        "request": 12,
        "warcinfo": 1,
        "status 404": 2,
        "type image/png": 2,
    }
    assert warc.alone(tmp_path / "pages.warc.gz") == {"article": 12}


def test_the_same_seed_makes_the_same_news(bench: Any) -> None:
    news = bench("news")
    assert news.raw_articles(40) == news.raw_articles(40)
    assert news.raw_articles(40) != news.raw_articles(40, seed=2)


def test_the_news_has_what_normalisation_works_on(bench: Any) -> None:
    raws: list[RawArticle] = bench("news").raw_articles(300)
    assert 0.25 < sum(raw.html for raw in raws) / len(raws) < 0.42
    assert {raw.language for raw in raws} == {"en", "nl", "de", "fr", "es", None}
    assert all(2_000 <= len(raw.body or "") < 4_000 for raw in raws)
    rules = {parsed.rule for raw in raws for _, text in raw.dates if isinstance(parsed := parse_date(text), ParsedDate)}
    assert rules >= {"iso_8601", "rfc_822"}
    assert (
        0.4
        < sum("?" in str(raw.url) and "?" not in str(canonical_url(raw.url or "")) for raw in raws) / len(raws)
        < 0.6
    )
    assert any("<figcaption>" in str(raw.body) for raw in raws)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (("year",), "2023"),
        (("year", "month"), "2023-03"),
        (("year", "month", "day"), "2023-03-20"),
        (("year", "month", "day", "hour"), "2023-03-20T14+01:00"),
        (("year", "month", "day", "hour", "minute"), "2023-03-20T14:05+01:00"),
        (("year", "month", "day", "hour", "minute", "second"), "2023-03-20T14:05:09+01:00"),
        (("month", "day"), "XXXX-03-20"),
        (("month", "day", "hour", "minute"), "XXXX-03-20T14:05+01:00"),
        (("month",), None),
        (("day",), None),
        (("year", "day"), None),
        (("hour", "minute"), None),
        ((), None),
    ],
)
def test_a_peers_date_has_the_fields_that_it_found_and_no_more(
    bench: Any, given: tuple[str, ...], value: str | None
) -> None:
    moment = dt.datetime(2023, 3, 20, 14, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert bench("contenders").edtf(moment, given) == value


def test_utc_is_written_as_edtf_writes_it(bench: Any) -> None:
    moment = dt.datetime(2023, 3, 20, 14, 5, tzinfo=dt.UTC)
    assert bench("contenders").edtf(moment, ("year", "month", "day", "hour", "minute")) == "2023-03-20T14:05Z"


def test_a_contender_that_raises_refuses_and_one_that_is_not_there_is_named(bench: Any) -> None:
    metadata, contenders = bench("metadata"), bench("contenders")

    def raising(case: dict[str, Any]) -> str:
        raise KeyError(case["text"])

    def missing() -> Any:
        raise ImportError("no such package")

    contest = metadata.Contest(
        "echo",
        [{"text": "a", "expected": "a"}, {"text": "b", "expected": "c"}],
        lambda case, value: "miss" if value is None else metadata.judge_equal(case, value),
        (
            contenders.Contender("echoes", lambda: lambda case: case["text"]),
            contenders.Contender("raises", lambda: raising),
            contenders.Contender("missing", missing),
        ),
    )
    echoes, raises, absent = metadata.measure(contest, rounds=1)
    assert (echoes.verdicts, echoes.raised) == (["exact", "wrong"], 0)
    assert (raises.verdicts, raises.raised) == (["miss", "miss"], 2)
    assert absent[1] == "not there: no such package"


@pytest.mark.parametrize(
    ("declared", "detected", "verdict"),
    [
        ("en-us", "en", "exact"),
        ("en_GB", "en", "exact"),
        ("zh-Hant", "zh", "exact"),
        ("nl", "af", "wrong"),
        ("nl", "und", "miss"),
    ],
)
def test_a_language_is_judged_by_its_primary_subtag(bench: Any, declared: str, detected: str, verdict: str) -> None:
    assert bench("metadata").judge_language({"expected": declared}, detected) == verdict


def test_generated_dates_are_distinct_and_what_they_say(bench: Any) -> None:
    contest = bench("metadata").machine_dates(300)
    assert len({case["text"] for case in contest.cases}) == 300
    for case in contest.cases:
        assert parse_date(case["text"]).value == case["expected"]  # type: ignore[union-attr]


def test_the_captions_of_the_labelled_cases_are_judged_by_their_words(bench: Any) -> None:
    score = SimpleNamespace(words=lambda text: text.lower().replace(".", "").split())
    case = {"text": "A cat. Photo: ANP", "caption": "A cat", "authors": ["ANP"]}
    judge = bench("metadata").LABELLED["captions"](score, [case]).judge
    for text, credit, verdict in [
        ("A cat.", "anp", "exact"),
        ("A cat", "AFP", "wrong"),
        ("cat", "ANP", "wrong"),
        ("A cat", None, "miss"),
    ]:
        assert judge(case, SimpleNamespace(text=text, credit=credit)) == verdict


def test_the_steps_are_measured_to_the_end(tmp_path: Path) -> None:
    output = run_script("steps.py", "--articles", 10, "--rounds", 1, shared=tmp_path)
    for row in (
        "dates",
        "URLs",
        "text",
        "language",
        "countries",
        "captions",
        "datelines",
        "bylines",
        "the rest",
        "the whole",
    ):
        assert f"│ {row}" in output


def test_without_the_shared_data_the_rest_is_measured_and_the_lack_is_said(tmp_path: Path) -> None:
    output = run_script("metadata.py", "--articles", 10, "--dates", 10, "--rounds", 1, shared=tmp_path)
    assert f"No labelled cases: {tmp_path / 'cases'}" in output.replace("\n", "")
    assert f"No feeds that declare a language in {tmp_path / 'feeds'}" in output.replace("\n", "")
    assert "│   newslake" in output
    assert "the whole: NormaliseArticles" in output


def test_what_an_article_costs_is_measured_to_the_end(tmp_path: Path) -> None:
    sizes = ("--articles", 60, "--feeds", 3, "--rounds", 1, "--runs", 300, "--logs", 20, "--states", 20, "--lakes")
    output = run_script("scaling.py", *sizes, shared=tmp_path)
    for row in ("read", "identify", "commit", "new, gzip", "ReadArticles/SpreadChunks", "FetchFeeds/SpreadRequests"):
        assert f"│ {row}" in output


def test_a_feed_that_publishes_less_is_asked_less_often(bench: Any) -> None:
    rates = [bench("feed_sizes").checks_a_day(3_600, published) for published in (0.1, 2.8, 100)]
    assert rates == sorted(rates)
    assert rates[-1] == 24


def test_a_lake_of_many_runs_is_searched_for_articles_that_it_does_not_have(bench: Any) -> None:
    probed = bench("lake_sizes").probe(rows=320, new=40, runs=8)
    assert probed.keys_bytes > 0
    assert 0 < probed.near_opened < probed.near_bytes
