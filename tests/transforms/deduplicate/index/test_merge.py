"""Merging: which index files become one."""

from newslake.transforms.deduplicate.index.merge import MERGE_AT, files_to_merge
from newslake.transforms.deduplicate.index.near import file_name
from newslake.transforms.lake.log import LiveFile


def file(name: str, rows: int) -> LiveFile:
    return LiveFile("index", f"_newslake/index/{name}.columns", rows, 0, "")


def month(segment: int, rows: int, number: int) -> LiveFile:
    return LiveFile("index", file_name("run", segment, str(number)), rows, 0, "")


def test_a_tier_is_merged_once_it_has_enough_files() -> None:
    few, large = [file(f"small{number}", 100) for number in range(MERGE_AT - 1)], file("large", 1_000_000)
    assert files_to_merge([*few, large]) == []
    one_more = file("one more", 101)
    assert files_to_merge([*few, one_more, large]) == [*few, one_more]


def test_the_keys_and_each_month_of_the_near_index_are_merged_apart() -> None:
    half = MERGE_AT // 2
    keys = [file(f"keys{number}", 100) for number in range(half)]
    march = [month(202303, 100, number) for number in range(MERGE_AT)]
    april = [month(202304, 100, number) for number in range(half)]
    assert files_to_merge([*keys, *april, *march[:half]]) == []
    assert files_to_merge([*keys, *april, *march]) == march
