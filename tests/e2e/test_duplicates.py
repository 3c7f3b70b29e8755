"""Articles, duplicates, and articles that only look like duplicates, from files to the lake.

DuckDB reads the lake.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commandline import rows, run, run_here, write_lines
from prose import prose, sentences

NOW = "2023-04-10T12:00:00Z"
Article = dict[str, Any]


def article(outlet: str, slug: object, text: str, date: str | None = "2023-03-20", **more: Any) -> Article:
    made = {"title": f"Story {slug}", "text": text, "url": f"https://{outlet}.example/{slug}", "date": date}
    return {name: value for name, value in {**made, **more}.items() if value is not None}


def ingest(lake: Path, articles: Sequence[Article], *options: object) -> tuple[int, ...]:
    """Run over the articles; return the counts (new, revised, unchanged, duplicates)."""
    lake.parent.mkdir(exist_ok=True)
    inputs = write_lines(lake.parent / f"in-{random.Random(repr(articles)).random()}.jsonl", list(articles))
    summary = run_here(lake, "--files", inputs, "--now", NOW, *options)
    assert summary["rejected"] == 0
    return tuple(summary[name] for name in ("new", "revised", "unchanged", "duplicates"))


def ingest_feed(lake: Path, name: str, entries: Sequence[Article], *options: object) -> tuple[int, ...]:
    items = "".join(
        "<item>" + "".join(f"<{tag}>{text}</{tag}>" for tag, text in entry.items()) + "</item>" for entry in entries
    )
    path = lake.parent / f"{name}.xml"
    path.write_text(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title><link>https://{name}.example/</link>{items}</channel></rss>'
    )
    summary = run_here(lake, "--feeds", path, "--now", NOW, *options)
    return tuple(summary[name] for name in ("new", "revised", "unchanged", "duplicates"))


def duplicates(lake: Path) -> list[tuple[str, str, str]]:
    """Return (url, rule, url of the kept article that it repeats) of each duplicate."""
    query = "SELECT d.url, d.rule, a.url FROM duplicates d LEFT JOIN articles a ON a.id = d.duplicate_of ORDER BY 1, 2"
    found = rows(lake, query)
    assert all(kept for _, _, kept in found)
    return found


def day(number: int) -> str:
    return (datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=number)).date().isoformat()


def with_other_lead(seed: object) -> str:
    return " ".join([*sentences(f"{seed} lead", 2), *sentences(seed, 20)[2:]])


# Near.


def test_an_edited_copy_is_a_near_duplicate_of_the_earliest_with_its_score(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    copies = [article("b", 1, with_other_lead(1), "2023-03-22"), article("a", 1, prose(1)), article("c", 2, prose(2))]
    assert ingest(lake, copies) == (2, 0, 0, 1)
    assert duplicates(lake) == [("https://b.example/1", "near", "https://a.example/1")]
    [(score,)] = rows(lake, "SELECT score FROM duplicates")
    assert 0.7 < score < 0.95
    assert ingest(lake, copies) == (0, 0, 3, 0)


def test_an_edited_copy_of_what_is_in_the_lake_is_a_near_duplicate_though_it_is_earlier(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert ingest(lake, [article("a", 1, prose(1))]) == (1, 0, 0, 0)
    assert ingest(lake, [article("b", 1, with_other_lead(1), "2023-03-14")]) == (0, 0, 0, 1)
    assert duplicates(lake) == [("https://b.example/1", "near", "https://a.example/1")]


def test_copies_of_a_copy_that_was_dropped_repeat_the_kept_article(tmp_path: Path) -> None:
    lake, edited = tmp_path / "lake", with_other_lead(1)
    in_one_run = [
        article("a", 1, prose(1)),
        article("b", 1, edited, "2023-03-21"),
        article("c", 1, edited, "2023-03-22"),
    ]
    assert ingest(lake, in_one_run) == (1, 0, 0, 2)
    assert ingest(lake, [article("d", 1, edited, "2023-03-23")]) == (0, 0, 0, 1)
    assert {(rule, kept) for _, rule, kept in duplicates(lake)} == {("near", "https://a.example/1")}
    assert len(set(rows(lake, "SELECT score FROM duplicates"))) == 1


def test_marked_near_duplicates_are_kept_and_others_may_repeat_them(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    first = [article("a", 1, prose(1)), article("b", 1, with_other_lead(1), "2023-03-21")]
    assert ingest(lake, first, "--near-duplicates", "mark") == (2, 0, 0, 0)
    later = " ".join([with_other_lead(1), *sentences("more", 2)])
    assert ingest(lake, [article("c", 1, later, "2023-03-22")], "--near-duplicates", "mark") == (1, 0, 0, 0)
    marked = rows(
        lake,
        "SELECT b.url, a.url, b.near_score BETWEEN 0.7 AND 1 FROM articles b "
        "JOIN articles a ON a.id = b.near_duplicate_of ORDER BY 1",
    )
    assert marked == [
        ("https://b.example/1", "https://a.example/1", True),
        ("https://c.example/1", "https://b.example/1", True),
    ]


def test_near_duplicates_are_articles_if_the_search_is_off(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    copies = [article("a", 1, prose(1)), article("b", 1, with_other_lead(1)), article("c", 1, prose(1))]
    assert ingest(lake, copies, "--near-duplicates", "off") == (2, 0, 0, 1)
    assert ingest(lake, copies, "--near-duplicates", "drop") == (0, 0, 3, 0)


@pytest.mark.parametrize(("distance", "options", "dropped"), [(6, (), 1), (7, (), 0), (7, ("--dedup-window", "7"), 1)])
@pytest.mark.parametrize("in_one_run", [True, False])
def test_near_duplicates_lie_within_the_window(
    tmp_path: Path, distance: int, options: Sequence[str], dropped: int, in_one_run: bool
) -> None:
    lake = tmp_path / "lake"
    first, second = article("a", 1, prose(1), day(0)), article("b", 1, with_other_lead(1), day(distance))
    runs = [[first, second]] if in_one_run else [[first], [second]]
    counts = [ingest(lake, articles, *options) for articles in runs]
    assert sum(count[3] for count in counts) == dropped
    assert sum(count[0] for count in counts) == 2 - dropped


def test_an_exact_copy_is_one_however_far_apart(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(lake, [article("a", 1, prose(1), "2015-03-20")])
    assert ingest(lake, [article("b", 1, prose(1), "2023-03-20")]) == (0, 0, 0, 1)
    assert duplicates(lake) == [("https://b.example/1", "content", "https://a.example/1")]


def test_an_original_that_comes_in_a_later_month_is_a_duplicate_of_its_copy(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert ingest(lake, [article("b", 1, prose(1), "2023-03-30"), article("b", 2, prose(2), "2023-03-30")]) == (
        2,
        0,
        0,
        0,
    )
    assert ingest(
        lake,
        [article("a", 1, prose(1), "2023-04-02"), article("a", 2, f"Our reporter writes. {prose(2)}", "2023-04-02")],
    ) == (0, 0, 0, 2)
    assert [rule for _, rule, _ in duplicates(lake)] == ["content", "near"]


def test_an_undated_copy_repeats_what_the_last_window_brought_and_nothing_older(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(lake, [article("a", 1, prose(1), "2023-04-04"), article("a", 2, prose(2), "2023-04-03")])
    assert ingest(lake, [article("b", 1, with_other_lead(1), None), article("b", 2, with_other_lead(2), None)]) == (
        1,
        0,
        0,
        1,
    )
    assert duplicates(lake) == [("https://b.example/1", "near", "https://a.example/1")]


def test_a_dated_copy_is_kept_and_an_undated_one_dropped(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert ingest(lake, [article("b", 1, prose(1), None), article("a", 1, with_other_lead(1), "2023-04-07")]) == (
        1,
        0,
        0,
        1,
    )
    assert duplicates(lake) == [("https://b.example/1", "near", "https://a.example/1")]


# Articles that only look alike.


def test_empty_bodies_under_one_headline_are_articles(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    empty = [article("a", number, "", title="Crossword") for number in range(3)]
    assert ingest(lake, [{name: value for name, value in one.items() if name != "text"} for one in empty]) == (
        3,
        0,
        0,
        0,
    )


def test_hourly_bulletins_are_articles_and_a_teaser_that_fits_all_of_them_joins_none(tmp_path: Path) -> None:
    greeting, farewell = (
        "Good evening, here is the news of the hour from our desk.",
        "That was the news, stay with us until the next hour.",
    )
    lake, bulletins = tmp_path / "lake", []
    for hour in range(24):
        text = f"{greeting} {' '.join(sentences(f'hour {hour}', 8))} {farewell}"
        bulletins.append(article("a", hour, text, f"2023-03-20T{hour:02}:00:00Z", title="The news"))
    assert ingest(lake, bulletins) == (24, 0, 0, 0)
    entry = {
        "title": "The news",
        "link": "https://a.example/audio",
        "description": greeting,
        "pubDate": "Mon, 20 Mar 2023 20:00:00 GMT",
    }
    assert ingest_feed(lake, "a", [entry]) == (1, 0, 0, 0)


def test_weather_under_one_headline_is_an_article_each_day(tmp_path: Path) -> None:
    skies = (
        "sun and a light breeze",
        "showers from the west",
        "thick fog until the late morning",
        "sleet turning to snow on the hills",
    )
    chance = random.Random(7)
    reports = [
        article(
            "a",
            number,
            f"In the north {chance.choice(skies)}, "
            f"between {chance.randrange(-5, 9)} and {chance.randrange(9, 22)} degrees. "
            f"Along the coast {chance.choice(skies)} with {chance.choice(skies)} at night. {sentences(number, 1)[0]} "
            f"For the days ahead we expect {chance.choice(skies)}, then {chance.choice(skies)}.",
            day(number),
            title="Weather for today",
        )
        for number in range(30)
    ]
    new, *_ = ingest(tmp_path / "lake", reports)
    assert new >= 29


def test_a_live_blog_that_grows_is_one_article_with_revisions(tmp_path: Path) -> None:
    lake, entries = tmp_path / "lake", sentences("live", 60)
    stages = [" ".join(entries[-count:]) for count in (20, 35, 60)]
    counts = [ingest(lake, [article("a", "live", text)]) for text in stages]
    assert counts == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 1, 0, 0)]


def test_live_blogs_of_two_days_under_one_headline_are_two_articles(tmp_path: Path) -> None:
    blogs = [
        article("a", number, prose(f"live {number}", 40), day(number), title="Live: the vote") for number in range(2)
    ]
    assert ingest(tmp_path / "lake", blogs) == (2, 0, 0, 0)


def test_a_follow_up_that_quotes_a_third_of_a_story_is_an_article(tmp_path: Path) -> None:
    follow_up = " ".join([*sentences("new", 14), *sentences(1, 20)[:7]])
    assert ingest(tmp_path / "lake", [article("a", 1, prose(1)), article("a", 2, follow_up, "2023-03-21")]) == (
        2,
        0,
        0,
        0,
    )


def test_a_notice_in_place_of_articles_makes_no_duplicates(tmp_path: Path) -> None:
    notice = " ".join(sentences("you have read all that is free", 3))
    articles = [article("a", number, f"{notice} Story {number}.", title=f"Headline {number}") for number in range(5)]
    assert ingest(tmp_path / "lake", articles) == (5, 0, 0, 0)
    elsewhere = article("b", 0, f"{notice} Story 0, edited.", title="Another headline")
    assert ingest(tmp_path / "lake", [elsewhere]) == (0, 0, 0, 1)


def short_item(outlet: str, lead: int, date: str = "2023-03-20") -> Article:
    leads = [
        "After nine weeks of talks the harbour board has sold the old grain store at Westquay for 4,800 crowns.",
        "The grain store at Westquay has a new owner: the board let it go on Friday, a notice on its door says.",
    ]
    rest = "Two brothers from Ostrava, who paid in silver, want to raise 300 goats and 12 donkeys behind its red doors."
    return article(outlet, f"item-{lead}", f"{leads[lead]} {rest}", date, title="Grain store sold")


def marked(lake: Path) -> list[tuple[str, str]]:
    """Return (url, url of the article that it repeats) of each kept and marked article."""
    return rows(lake, "SELECT b.url, a.url FROM articles b JOIN articles a ON a.id = b.near_duplicate_of ORDER BY 1")


@pytest.mark.parametrize("in_one_run", [True, False])
def test_a_short_item_with_another_lead_is_marked_under_its_headline_at_another_outlet_within_six_days(
    tmp_path: Path, in_one_run: bool
) -> None:
    lake, first, copy, late = (
        tmp_path / "lake",
        short_item("a", 0),
        short_item("b", 1, "2023-03-26"),
        short_item("c", 1, "2023-03-27"),
    )
    for articles in ([first, copy],) if in_one_run else ([first], [copy]):
        ingest(lake, articles)
    assert marked(lake) == [("https://b.example/item-1", "https://a.example/item-0")]
    assert rows(lake, "SELECT count(*) FROM duplicates") == [(0,)]
    for name, other in (
        ("late", late),
        ("own", {**copy, "url": "https://a.example/copy"}),
        ("headline", {**copy, "title": "New owner for grain store"}),
    ):
        assert ingest(tmp_path / name / "lake", [first, other]) == (2, 0, 0, 0)
        assert marked(tmp_path / name / "lake") == []


def test_the_text_of_a_marked_item_is_one_article_wherever_and_whenever_it_stands(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert ingest(lake, [short_item("a", 0), short_item("b", 1, "2023-03-21")]) == (2, 0, 0, 0)
    assert ingest(lake, [short_item("c", 1, "2023-05-22")]) == (0, 0, 0, 1)
    assert duplicates(lake) == [("https://c.example/item-1", "content", "https://b.example/item-1")]


def test_what_many_items_end_with_marks_none_of_them(tmp_path: Path) -> None:
    foot = " ".join(sentences("whoever saw anything is asked to call", 2))
    reports = [
        article(f"paper{number % 4}", number, f"{' '.join(sentences(f'crime {number}', 2))} {foot}", day(number % 6))
        for number in range(10)
    ]
    assert ingest(tmp_path / "lake", reports) == (10, 0, 0, 0)
    assert marked(tmp_path / "lake") == []


def test_a_form_that_two_outlets_fill_with_other_figures_makes_articles(tmp_path: Path) -> None:
    form = (
        "The winning numbers in {day}'s {town} lottery were {} and {}, with {} as the bonus. "
        "The jackpot of {},400 crowns is shared by {} players of the {town} club, "
        "and the next draw is on {next} at the usual place behind the {town} market hall."
    )
    filled = [("Sunday", "Westmoor", 25, 80, 6, 96, 3, "Friday"), ("Sunday", "Eastmere", 28, 27, 8, 28, 7, "Monday")]
    articles = [
        article(outlet, "draw", form.format(*figures, day=day_name, town=town, next=later), title="In brief")
        for outlet, (day_name, town, *figures, later) in zip("ab", filled, strict=True)
    ]
    assert ingest(tmp_path / "lake", articles) == (2, 0, 0, 0)
    assert marked(tmp_path / "lake") == []
    told_again = article(
        "c", "draw", articles[0]["text"].replace("is shared by", "goes to"), "2023-03-21", title="Lottery"
    )
    assert ingest(tmp_path / "lake", [told_again]) == (0, 0, 0, 1)


def test_entries_of_an_aggregator_that_are_little_but_links_are_articles(tmp_path: Path) -> None:
    def entry(number: int) -> Article:
        link = f"https://{chr(97 + number)}.example/{'-'.join(sentences(number, 1)[0].split()[:5])}"
        talk = f"https://aggregator.example/stories/of/the/day/comments/{sentences(number, 1)[0][:6]}"
        text = f"Article URL: {link}\n\nComments URL: {talk}\n\nPoints: {number % 4}\n\n# Comments: {number % 3}"
        return {"url": link, "title": " ".join(sentences(f"title {number}", 1)), "text": text, "date": day(number % 5)}

    assert ingest(tmp_path / "lake", [entry(number) for number in range(26)]) == (26, 0, 0, 0)
    assert marked(tmp_path / "lake") == []


def test_text_that_an_outlet_adds_to_all_articles_makes_no_duplicate(tmp_path: Path) -> None:
    foot = " ".join(sentences("support us, follow us, visit our shop", 14))
    films = [
        article("a", number, f"{' '.join(sentences(f'film {number}', 5))} {foot}", day(10 * number))
        for number in range(6)
    ]
    assert ingest(tmp_path / "lake", films) == (6, 0, 0, 0)


# Identity.


def test_text_that_changes_by_itself_makes_no_revision(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    link = "More at https://a.example/more?utm_source={0}&token={0}."
    text = prose(1) + "\n\n{body}\n\n{link}\n\n{count} views\n\n"
    caption = "Photo: the harbour at dusk, {0} - {1}"

    def version(number: int, credit: str, space: str = " ") -> Article:
        body = text.format(body=caption.format("last week", credit), link=link.format(number), count=1000 * number)
        return article("a", 1, body.replace(" ", space))

    assert ingest(lake, [version(1, "AFP")]) == (1, 0, 0, 0)
    assert ingest(lake, [version(2, "AFP")]) == (0, 0, 1, 0)
    assert ingest(lake, [version(2, "AFP", "  ")]) == (0, 0, 1, 0)
    assert ingest(lake, [version(2, "Reuters")]) == (0, 0, 1, 0)
    edited = version(2, "Reuters")
    edited["text"] = edited["text"].replace("dusk", "dawn")
    assert ingest(lake, [edited]) == (0, 1, 0, 0)


def test_rows_of_a_file_that_name_the_home_page_are_told_apart_by_their_own_ids(tmp_path: Path) -> None:
    lines = [article("a", number, prose(number, 4), url="https://a.example/", id=str(number)) for number in range(4)]
    assert ingest(tmp_path / "lake", lines) == (4, 0, 0, 0)


def test_a_corrected_number_is_a_revision(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    counts = [
        ingest(lake, [article("a", 1, f"{prose(1)} It lost {number} million.")]) for number in ("1.5", "15", "-15")
    ]
    assert counts == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 1, 0, 0)]


def test_guids_and_links_that_name_nothing_keep_articles_apart(tmp_path: Path) -> None:
    entries = [
        {"title": f"Story {number}", "link": "https://a.example/", "guid": "1", "description": prose(number, 4)}
        for number in range(5)
    ]
    lake = tmp_path / "lake"
    assert ingest_feed(lake, "a", entries) == (5, 0, 0, 0)
    assert ingest_feed(lake, "a", list(reversed(entries))) == (0, 0, 5, 0)


def test_keys_that_lead_to_two_ids_give_the_article_to_the_older(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    older = {"title": "Story", "link": "https://a.example/old", "guid": "g", "description": prose(1, 4)}
    newer = {"title": "Another", "link": "https://a.example/new", "guid": "h", "description": prose(2, 4)}
    assert ingest_feed(lake, "a", [older]) == (1, 0, 0, 0)
    assert ingest_feed(lake, "a", [newer]) == (1, 0, 0, 0)
    bridge = {**newer, "guid": "g"}
    assert ingest_feed(lake, "a", [bridge]) == (0, 0, 1, 0)  # its text is that of the newer one
    assert ingest_feed(lake, "a", [{**bridge, "description": prose(3, 4)}]) == (0, 1, 0, 0)
    assert ingest_feed(lake, "a", [{**newer, "guid": "another", "description": prose(4, 4)}]) == (
        0,
        1,
        0,
        0,
    )  # its URL is an alias now
    query = "SELECT DISTINCT a.url FROM revisions r JOIN articles a USING (id)"
    assert rows(lake, query) == [("https://a.example/old",)]


def test_a_server_that_flaps_makes_one_revision(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    counts = [ingest(lake, [article("a", 1, prose(text))]) for text in (1, 2, 1, 2, 1)]
    assert counts == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 1, 0), (0, 0, 1, 0)]


def test_an_entry_whose_date_moves_by_two_years_keeps_its_id(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(lake, [article("a", 1, prose(1), "2021-03-20")])
    assert ingest(lake, [article("a", 1, prose(1), "2023-03-20")]) == (0, 0, 1, 0)
    assert ingest(lake, [article("a", 1, prose(2), "2023-03-20")]) == (0, 1, 0, 0)
    assert rows(lake, "SELECT count(DISTINCT id) FROM articles_latest") == [(1,)]


# Teasers and their texts.

TEXT = prose("full", 20)
TEASER = {
    "title": "The vote on the bridge",
    "link": "https://www.a.example/feed-item-7",
    "description": " ".join(sentences("full", 3)) + " ...",
    "pubDate": "Mon, 20 Mar 2023 08:00:00 GMT",
}
FULL = article("a", "the-vote", TEXT, title="The vote on the bridge")


@pytest.mark.parametrize("first", ["teaser", "text"])
def test_a_teaser_and_its_text_are_one_article_whichever_comes_first(tmp_path: Path, first: str) -> None:
    lake = tmp_path / "lake"
    steps = [("teaser", lambda: ingest_feed(lake, "a", [TEASER])), ("text", lambda: ingest(lake, [FULL]))]
    counts = [step() for _, step in (steps if first == "teaser" else reversed(steps))]
    assert counts == ([(1, 0, 0, 0), (0, 1, 0, 0)] if first == "teaser" else [(1, 0, 0, 0), (0, 0, 0, 1)])
    [(identity, body)] = rows(lake, "SELECT id, article_body FROM articles_latest")
    assert body == TEXT
    # Both URLs are known, so each article gets the same verdict as before.
    assert ingest_feed(lake, "a", [TEASER]) == (0, 0, 1, 0)
    assert ingest(lake, [FULL]) == (0, 0, 1, 0)
    assert ingest(lake, [{**FULL, "text": TEXT + " It was corrected."}]) == (0, 1, 0, 0)
    assert {identity} == {one for (one,) in rows(lake, "SELECT id FROM articles UNION ALL SELECT id FROM revisions")}


def test_a_teaser_and_its_text_in_one_run_are_one_article(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    feed = tmp_path / "in.xml"
    entry = "".join(f"<{tag}>{text}</{tag}>" for tag, text in TEASER.items())
    feed.write_text(
        f"<rss version='2.0'><channel><title>a</title><link>https://a.example/</link><item>{entry}</item></channel></rss>"
    )
    summary = run_here(lake, "--feeds", feed, "--files", write_lines(tmp_path / "in.jsonl", [FULL]), "--now", NOW)
    assert (summary["new"], summary["duplicates"]) == (1, 1)
    assert rows(lake, "SELECT article_body FROM articles") == [(TEXT,)]
    assert rows(lake, "SELECT rule, body_source FROM duplicates") == [("identity", "feed_summary")]


def test_a_teaser_whose_words_are_not_in_the_lead_is_an_article_of_its_own(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(lake, [FULL])
    other = {**TEASER, "description": " ".join(sentences("something else", 3))}
    assert ingest_feed(lake, "a", [other]) == (1, 0, 0, 0)


def test_a_teaser_of_another_outlet_or_day_is_a_cut_copy_and_not_the_article(tmp_path: Path) -> None:
    others = {
        "b": ({**TEASER, "link": "https://b.example/7"}, (0, 0, 0, 1)),
        "a": ({**TEASER, "pubDate": "Tue, 21 Mar 2023 08:00:00 GMT"}, (1, 0, 0, 0)),
    }
    for name, (teaser, counts) in others.items():
        ingest(tmp_path / name / "lake", [FULL])
        assert ingest_feed(tmp_path / name / "lake", name, [teaser]) == counts
    assert [rule for _, rule, _ in duplicates(tmp_path / "b" / "lake")] == ["near"]


# Any division of the input into runs gives the same groups.


def _corpus() -> list[Article]:
    chance = random.Random(11)
    made = []
    for number in range(60):
        made.append(article("a", number, prose(number), day(60 + number % 30)))
        for outlet in ("b", "c", "d")[: chance.randrange(4)]:
            text = chance.choice(
                [
                    prose(number),
                    with_other_lead(number),
                    " ".join(sentences(number, 12)),
                    prose(number) + " Photo: Agency.",
                ]
            )
            made.append(article(outlet, number, text, day(60 + number % 30 + chance.randrange(5))))
    chance.shuffle(made)
    return made


def _groups(lake: Path, rules: Sequence[str]) -> set[frozenset[str]]:
    """Return, for each kept article, its URL and those of its duplicates by these rules."""
    listed = ", ".join(f"'{rule}'" for rule in rules)
    query = (
        "SELECT a.url, list(d.url) FROM articles a JOIN duplicates d ON d.duplicate_of = a.id "
        f"WHERE d.rule IN ({listed}) GROUP BY 1"
    )
    return {frozenset([kept, *copies]) for kept, copies in rows(lake, query)}


def test_five_runs_find_the_groups_of_one(tmp_path: Path) -> None:
    corpus = sorted(_corpus(), key=lambda one: str(one["date"]))
    once, split = tmp_path / "once", tmp_path / "split"
    ingest(once, corpus)
    for part in range(5):
        ingest(split, corpus[len(corpus) * part // 5 : len(corpus) * (part + 1) // 5])
    assert duplicates(split)
    every = ("identity", "content", "near")
    assert _groups(split, every) == _groups(once, every)


def test_order_chunks_and_workers_change_nothing(tmp_path: Path) -> None:
    corpus = _corpus()
    lakes = {}
    for name, (articles, parts, workers) in {
        "a": (corpus, 1, 1),
        "b": (corpus[::-1], 3, 1),
        "c": (corpus, 4, 2),
    }.items():
        folder = tmp_path / f"in-{name}"
        folder.mkdir()
        for part in range(parts):
            write_lines(folder / f"{part}.jsonl", articles[part::parts])
        run(tmp_path / name, "--files", folder / "*.jsonl", "--now", NOW, "--workers", workers)
        query = "SELECT to_json(t) FROM (SELECT * EXCLUDE (run_id, source_uri) FROM {table}) t ORDER BY 1"
        lakes[name] = [rows(tmp_path / name, query.format(table=table)) for table in ("articles", "duplicates")]
    assert lakes["a"] == lakes["b"] == lakes["c"]
    assert len(lakes["a"][1]) > 50
