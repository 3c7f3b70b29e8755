"""Split keywords and sections into single terms.

RSS and Atom have one category in an element, but outlets put lists into it, "#" before it, and the
placeholder of their system if no category is chosen. A comma also stands in names ("Kingston,
Ontario", "Doe, Jane"), so it parts terms only if it is clearly a list.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from newslake.transforms.normalise.text import one_line

MAX_TERM_CHARACTERS = 100
"""A longer term is a sentence."""
_MAX_LIST_CHARACTERS = 10_000
"""A longer text is not a list of keywords."""

PLACEHOLDERS = frozenset(
    unicodedata.normalize("NFC", name).casefold()
    for name in (
        # WordPress's first category ("Uncategorized") in its translations, and spellings of other
        # systems
        *("uncategorized", "uncategorised", "uncategorized posts", "no category", "without category"),
        *(
            "ongekategoriseer",
            "pa kategori",
            "të pakategorizuara",
            "غير مصنف",
            "بدون تصنيف",
            "sailkatu gabeak",
            "kategoriarik gabe",
        ),
        *(
            "без категорыі",
            "অশ্রেণীভুক্ত",
            "nekategorisano",
            "nekategorizirano",
            "без категория",
            "некатегоризирано",
            "sense categoria",
        ),
        *(
            "未分类",
            "未分類",
            "nezařazené",
            "bez kategorie",
            "ikke kategoriseret",
            "ukategoriseret",
            "geen categorie",
            "zonder categorie",
        ),
        *(
            "niet gecategoriseerd",
            "ongecategoriseerd",
            "määratlemata",
            "luokittelematon",
            "non classé",
            "non classée",
            "sans catégorie",
        ),
        *(
            "sen categoría",
            "sen categorizar",
            "allgemein",
            "nicht kategorisiert",
            "unkategorisiert",
            "ohne kategorie",
            "keine kategorie",
        ),
        *(
            "χωρίς κατηγορία",
            "ακατηγοριοποίητο",
            "αταξινόμητα",
            "ללא קטגוריה",
            "अवर्गीकृत",
            "egyéb kategória",
            "kategorizálatlan",
        ),
        *(
            "óflokkað",
            "tak berkategori",
            "tanpa kategori",
            "tidak dikategorikan",
            "senza categoria",
            "non categorizzato",
            "カテゴリーなし",
        ),
        *(
            "미분류",
            "분류되지 않음",
            "bez kategorijas",
            "be kategorijos",
            "некатегоризовано",
            "без категорија",
            "ukategorisert",
        ),
        *(
            "ikke kategorisert",
            "دسته‌بندی نشده",
            "دسته بندی نشده",
            "bez kategorii",
            "niesklasyfikowane",
            "sem categoria",
        ),
        *(
            "não categorizado",
            "fără categorie",
            "necategorizat",
            "без рубрики",
            "без категории",
            "nezaradené",
            "bez kategórie",
        ),
        *(
            "nerazvrščeno",
            "sin categoría",
            "sin clasificar",
            "sin categorizar",
            "okategoriserad",
            "okategoriserade",
            "ไม่มีหมวดหมู่",
        ),
        *("ไม่ได้จัดหมวดหมู่", "kategorisiz", "kategorilenmemiş", "без категорії", "chưa phân loại", "chưa được phân loại"),
        # of programs
        *("null", "none", "undefined", "nan", "n/a", "(none)", "(not set)"),
    )
)
"""Words for "no category". Words that also name a section ("General", "Other", "News") are kept."""

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
"""With its semicolon, so "R&D" and "Q&A" have none."""
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S*", re.IGNORECASE)
_HASHTAGS = re.compile(r"[#＃][^\s#＃]+(?:\s+[#＃][^\s#＃]+)+")
_STRONG_BREAK = re.compile(r"[;；|｜、\n]")
"""No term contains one of these."""
_COMMA = re.compile(r"(?<![0-9])[,，،]|[,，،](?![0-9])")
"""Not inside a number: "1,000 days"."""
_LOOSE_COMMA = re.compile(r"[,，،]\s")
"""If no comma has a space behind it, the commas join terms, as in a file."""
_LISTED_QUOTES = re.compile(r"""\s*(?:"[^"]*"|'[^']*')(?:\s*,\s*(?:"[^"]*"|'[^']*'))+\s*""")
_QUOTED = re.compile(r"""["'][^"']*["']""")
_MAX_WORDS = 5
"""A longer part belongs to a sentence."""
_MIN_LISTED = 3
"""In the only term of an article, commas part so many terms or more. Two may be a town and its
province.
"""
_QUOTES = {
    '"': '"', "'": "'", "“": "”„“", "„": "“”", "”": "”", "‘": "’", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "「": "」",
    "『": "』", "《": "》", "[": "]",
}  # fmt: skip
"""An opening sign, and the signs that close it in some language."""
_FILLED_SPACES = re.compile(r"[\s_\u200c-]+")
_PLAIN_PLACEHOLDERS = frozenset(_FILLED_SPACES.sub(" ", name) for name in PLACEHOLDERS)


def split_terms(terms: Iterable[str]) -> list[str]:
    """Return each term once, in the order found and in the first spelling, ignoring letter case.

    Entities and tags are resolved, lists are split, quotes around a term and "#" before it are
    removed. Left out are URLs, placeholders, terms without a letter or digit, and terms longer than
    ``MAX_TERM_CHARACTERS``. Applied to its own result, the function changes nothing.

    >>> split_terms(["Food &amp; Drink", "#Ukraine", "Uncategorized", "ukraine"])
    ['Food & Drink', 'Ukraine']
    >>> split_terms(["war, peace, treaties"])
    ['war', 'peace', 'treaties']
    >>> split_terms(["Kingston, Ontario", "Rivers"])
    ['Kingston, Ontario', 'Rivers']
    """
    split: list[str] = []
    found = _distinct(part for term in terms if len(term) <= _MAX_LIST_CHARACTERS for part in _parts(term))
    while split != found:
        split = found
        found = _distinct(
            part for term in split for listed in _listed(term, is_only=len(split) == 1) for part in _parts(listed)
        )
        found = [term for term in found if len(term) <= MAX_TERM_CHARACTERS]
    return found


@lru_cache(maxsize=8192)
def _parts(term: str) -> tuple[str, ...]:
    """Return ``term`` cleaned, or its parts if it has marks that no term contains."""
    term = _resolve(term)
    pieces = term.split() if _HASHTAGS.fullmatch(term.strip()) else _STRONG_BREAK.split(term)
    return tuple(name for name in map(_bare, pieces) if _is_term(name))


def _resolve(term: str) -> str:
    """Return ``term`` without entities and tags, even if they were escaped several times."""
    while "&" in term or "<" in term:
        resolved = _TAG.sub(" ", _ENTITY.sub(lambda entity: html.unescape(entity[0]), term))
        if resolved == term:
            break
        term = resolved
    return term


def _bare(term: str) -> str:
    """Return ``term`` as one line, without quotes around it and signs before it."""
    term = one_line(term)
    while term:
        inner = term.strip(" ,，،")
        if len(inner) > 2 and inner[-1] in _QUOTES.get(inner[0], "") and not {inner[0], inner[-1]} & set(inner[1:-1]):
            inner = inner[1:-1]
        elif inner[0:1] in ("#", "＃") and inner[1:2].isalpha():
            inner = inner[1:].removesuffix(inner[0])  # "#Topic#" on Weibo
        if inner == term:
            break
        term = inner
    return term


def _is_term(name: str) -> bool:
    if not any(letter.isalnum() for letter in name) or _LINK.fullmatch(name):
        return False
    return _FILLED_SPACES.sub(" ", name.casefold()) not in _PLAIN_PLACEHOLDERS


def _listed(term: str, *, is_only: bool) -> list[str]:
    if _LISTED_QUOTES.fullmatch(term):
        return [quoted for quoted in _QUOTED.findall(term) if quoted]
    if not is_only and len(term) <= MAX_TERM_CHARACTERS:
        return [term]
    pieces = [piece for piece in _COMMA.split(term) if piece.strip()]
    is_list = len(pieces) >= _MIN_LISTED and all(len(piece.split()) <= _MAX_WORDS for piece in pieces)
    return pieces if is_list or (len(pieces) > 1 and _LOOSE_COMMA.search(term) is None) else [term]


def _distinct(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())
