"""What changes by itself is left out, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.deduplicate.volatile import without_volatile

STORY = "The council has voted for the bridge. It will cost 3 million."


@pytest.mark.parametrize(
    "counter",
    [
        "1,234 views",
        "Views: 1.234",
        "12K reads",
        "7 comments | 12 views",
        "1 234 Aufrufe",
        "345 keer bekeken",
        "2 341 vues",
        "18.204 visualizaciones",
        "1.5K views",
        "9 commenti",
        "1 204 просмотра",
        "Просмотров: 1204",
        "3451 переглядів",
        "1.204 görüntülenme",
        "١٢٣ مشاهدة",
        "阅读(1234)",
        "浏览次数：1234",
        "1234次阅读",
        "조회수 1,234",
        "1,234回視聴",
        "12.030 lượt xem",
        "3 hours ago",
        "14 minuten geleden",
        "5 часов назад",
        "3小时前",
    ],
)
def test_a_counter_is_left_out_on_a_line_of_its_own_and_at_the_end(counter: str) -> None:
    assert without_volatile(f"{STORY}\n\n{counter}").replace("|", "").strip() == STORY
    assert without_volatile(f"{STORY} {counter}").replace("|", "").strip() == STORY
    assert without_volatile(f"{counter}\n\n{STORY}").replace("|", "").strip() == STORY


@pytest.mark.parametrize(
    "credit",
    [
        " - AFP",
        " (Reuters)",
        " (Foto: Jan Jansen/ANP)",
        ". Photo: Maria Roy",
        " / Getty Images",
        " — dpa",
        " (Crédit photo: A. Petit)",
    ],
)
def test_the_credit_of_a_picture_is_left_out_and_its_caption_stays(credit: str) -> None:
    caption = "The harbour at dusk" + "." * credit.startswith(".")
    assert without_volatile(f"The harbour at dusk{credit}\n\n{STORY}") == f"{caption}\n\n{STORY}"


@pytest.mark.parametrize(
    "text",
    [
        "The film has 3,000,000 views so far.",
        "He had 12 shares of the firm.",
        "There were 7 comments from readers, all kind.",
        "It happened 3 hours ago at the harbour.",
        "In 1998 readers voted. 20 people came.",
        "Read more.\n\n12 people were hurt.",
        "Photo: the harbour at dusk",
        "Photo: Real",
        "The holdings:\n\n- AP Moller Maersk\n\n- PA Consulting",
        "Credit: Suisse Collapses",
        "Shares: 1,200,000",
        "1,200,000 shares",
        "5 lectures",
        "Madrid | 300 visitas",
        "The clip got 1.5K views",
        "The report comes from Reuters.\n\nNobody else has it.",
        "阅读是一种习惯。2023年有1234人参加。",
    ],
)
def test_a_number_in_a_sentence_stays(text: str) -> None:
    assert without_volatile(text) == text


def test_a_link_keeps_its_path_and_query_and_loses_its_tokens() -> None:
    text = "See https://example.org/a/b?utm_source=x&token=9#top, https://example.org/w?v=7&sid=1 and (http://example.org/c?p=1)."
    assert (
        without_volatile(text)
        == "See https://example.org/a/b, https://example.org/w?v=7 and (http://example.org/c?p=1)."
    )


def test_text_right_after_a_link_stays() -> None:
    assert (
        without_volatile("详见https://x.example/a?token=1。死亡人数上升到二十人。")
        == "详见https://x.example/a。死亡人数上升到二十人。"
    )


@given(st.text())
def test_leaving_out_never_fails_and_never_adds(text: str) -> None:
    assert len(without_volatile(text)) <= len(text)
