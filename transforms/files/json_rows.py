"""The rows of a JSON value: of a wrapper around articles, or of columns."""

from collections.abc import Callable
from typing import Any

GivesArticle = Callable[[dict[str, Any]], bool]
"""Tells whether the columns of a row give an article a headline or a text."""

_MAX_DEPTH = 4
"""Interfaces wrap articles in up to three objects: ``{"data": {"posts": {"nodes": [...]}}}``."""
LISTS = frozenset(
    {"articles", "items", "entries", "results", "docs", "documents", "stories", "posts", "news", "hits", "data"}
    | {"rows", "records", "response", "nodes", "edges", "content", "feed", "list", "value", "newsarticles"}
)
"""Keys under which interfaces put the list of articles."""
_PARTS = frozenset(
    {"comments", "replies", "related", "relatedarticles", "recommendations", "authors", "author", "images", "image"}
    | {"media", "multimedia", "links", "tags", "keywords", "categories", "attachments", "videos", "gallery", "quotes"}
)
"""Keys under which an article has its own parts. These may have titles and texts, too."""
_PUNCTUATION = str.maketrans("", "", "_- ")
_FEW_KEYS = 3
"""Objects with fewer equal keys may be parts of one article, as ``{"rendered": ...}`` is."""


def find_rows(value: object, gives_article: GivesArticle, gives_text: GivesArticle) -> list[Any] | None:
    """Return the rows that a JSON value holds. Return None if it is no object and holds none.

    An object that gives an article is one row, unless it holds columns, or has no text and a list
    of articles under one of the names in LISTS. Any other object is a wrapper: its rows are all
    elements of the lists in which an article is, and all articles in its objects. Beside such a
    list, an object counts only if it has a text: others describe the feed. If a wrapper holds no
    article, its rows are those of its only list of objects, if there is one; [] if its list of
    articles is empty; else the object itself. Rows may be no objects.
    """
    if isinstance(value, list):
        return list(value) if any(isinstance(one, dict) for one in value) else None
    if not isinstance(value, dict):
        return None
    if (columns := rows_of_columns(value)) is not None and any(map(gives_article, columns[:1])):
        return columns
    if gives_article(value) and (gives_text(value) or not _lists_articles(value, gives_article)):
        return [value]
    lists: list[list[Any]] = []
    found = _below(value, gives_article, 1, lists)
    if any(map(gives_article, (one for part in lists for one in part if isinstance(one, dict)))):
        listed = {id(one) for part in lists for one in part}
        found = [one for one in found if id(one) in listed or gives_text(one)]
    if not found and len(lists) == 1:
        found = lists[0]
    return found if found or _is_empty_wrapper(value) else [value]


def rows_of_columns(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the rows of an object that holds columns, as pandas writes them; else None.

    >>> rows_of_columns({"title": {"0": "A", "1": "B"}, "id": {"0": 1, "1": 2}})
    [{'title': 'A', 'id': 1}, {'title': 'B', 'id': 2}]
    >>> rows_of_columns({"title": ["A"], "id": [1]})
    [{'title': 'A', 'id': 1}]
    >>> rows_of_columns({"columns": ["title", "id"], "data": [["A", 1]]})
    [{'title': 'A', 'id': 1}]
    """
    if value.keys() >= {"columns", "data"} and value.keys() <= {"columns", "data", "index", "schema"}:
        names, rows = value["columns"], value["data"]
        is_split = isinstance(names, list) and all(isinstance(name, str) for name in names) and isinstance(rows, list)
        if is_split and all(isinstance(row, list) and len(row) == len(names) for row in rows):
            return [dict(zip(names, row, strict=True)) for row in rows]
        return None
    columns = list(value.values())
    if len(columns) < 2:
        return None
    if all(type(column) is list for column in columns):
        lengths = {len(column) for column in columns}
        is_table = len(lengths) == 1 and not any(isinstance(cell, dict) for column in columns for cell in column[:1])
        return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)] if is_table else None
    if not all(type(column) is dict for column in columns) or not columns[0]:
        return None
    keys = columns[0].keys()
    is_numbered = len(keys) >= _FEW_KEYS or all(key.isdigit() for key in keys)
    if not is_numbered or any(column.keys() != keys for column in columns):
        return None
    return [{name: value[name][key] for name in value} for key in keys]


def is_list_of_articles(key: str) -> bool:
    """Tell whether interfaces put articles under this key."""
    return key.lower().translate(_PUNCTUATION) in LISTS


def is_part_of_article(key: str) -> bool:
    """Tell whether an article has its own parts under this key."""
    return key.lower().translate(_PUNCTUATION) in _PARTS


def _below(value: dict[str, Any], gives_article: GivesArticle, depth: int, lists: list[list[Any]]) -> list[Any]:
    """Return all rows in the lists and objects of a wrapper; add its lists to ``lists``."""
    found: list[Any] = []
    for key, part in value.items():
        if is_part_of_article(key):
            continue
        if isinstance(part, list) and any(isinstance(one, dict) for one in part):
            lists.append(part)
            if any(isinstance(one, dict) and gives_article(one) for one in part):
                found += part
                continue
        for one in part if isinstance(part, list) else (part,):
            if isinstance(one, dict) and gives_article(one):
                found.append(one)
            elif isinstance(one, dict) and depth < _MAX_DEPTH:
                found += _below(one, gives_article, depth + 1, lists)
    return found


def _lists_articles(value: dict[str, Any], gives_article: GivesArticle) -> bool:
    """Tell whether an object has a list of articles under a name that interfaces use for it."""
    return any(
        is_list_of_articles(key)
        and isinstance(part, list)
        and any(isinstance(one, dict) and gives_article(one) for one in part)
        for key, part in value.items()
    )


def _is_empty_wrapper(value: dict[str, Any]) -> bool:
    return any(part == [] and is_list_of_articles(key) for key, part in value.items())
