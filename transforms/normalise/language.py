"""The language of an article, from its headline and the first words of its text.

Where a script is written by one language alone, the script decides. Everywhere else py3langid does: naive Bayes over byte n-grams, a model
of 140 languages that comes with the package. What neither can tell is "und" (ISO 639-2: undetermined), which is better than a guess: names
of countries, months and places hang on the language.

Close relatives (Norwegian and Danish, Indonesian and Malay, Serbian, Croatian and Bosnian, Galician and Portuguese) are told apart by
nothing but the score, and a short headline in one of them is often "und".
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNDETERMINED = "und"

MIN_SCORE = 0.7
"""Below it the model is not believed. Of 1,456 English headlines of feeds, many of two or three words, this leaves 74 % undetermined and
0.1 % wrong (0.5: 60 % and 0.4 %); with 200 characters of text beside them 0.6 % and none (0.5: 0.4 % and none)."""
MIN_LETTERS = 10
"""Fewer are a name or a label: "Welcome", "Radio 1"."""

_ENOUGH_LETTERS = re.compile(rf"(?:[\W\d_]*+[^\W\d_]){{{MIN_LETTERS}}}")

_LEAD_CHARS = 200
_MAX_BYTES = 400
"""Of UTF-8: 200 letters of an alphabet that takes two bytes for each. The time that the model needs goes by the byte."""

_ADDRESS_MARKS = ("://", "www.", "@")
_DIGITS = re.compile(r"\d+")

_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9f"
_SCRIPTS = {
    # the one language that news in a script is written in, and the script's Unicode blocks
    "ja": _KANA + "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",  # with Han, and only where there is kana too
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "km": "\u1780-\u17ff\u19e0-\u19ff",
    "my": "\u1000-\u109f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "ka": "\u10a0-\u10ff\u1c90-\u1cbf",
    "hy": "\u0530-\u058f",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "gu": "\u0a80-\u0aff",
    "pa": "\u0a00-\u0a7f",
    "or": "\u0b00-\u0b7f",
    "dv": "\u0780-\u07bf",
    "sat": "\u1c50-\u1c7f",
    "mni": "\uabc0-\uabff",
}
_SCRIPT_RUNS = {tag: re.compile(f"[{blocks}]+") for tag, blocks in _SCRIPTS.items()}
_SCRIPT_CHAR = re.compile(f"[{''.join(_SCRIPTS.values())}]")
_KANA_CHAR = re.compile(f"[{_KANA}]")
_MIN_KANA_SHARE = 0.1
"""Of kana and Han: Japanese has particles and endings in kana, Chinese a "の" in a shop's name."""
_MIN_SCRIPT_SHARE = 0.5
"""Of the letters: a text in a script of its own is full of Latin names and abbreviations."""

_TAGS = {
    # what the model says: BCP 47 prefers the code of two letters, and the macrolanguage where one is in use (RFC 5646 section 4.1.1)
    "ary": "ar",
    "arz": "ar",
    "fuv": "ff",
    "gom": "kok",
    "gug": "gn",
    "kik": "ki",
    "ltg": "lv",
    "sdh": "ku",
    "uzs": "uz",
    "wuu": "zh",
    "yue": "zh",
    # what was written before the news was: the letters are those of today's language
    "grc": "el",
    "hbo": "he",
    # "no linguistic content", and the only language in Tibetan script that the model knows: most news in it is Tibetan
    "zxx": UNDETERMINED,
    "dz": UNDETERMINED,
}
"""Norwegian is "no" as CLDR writes it (for Bokmål; Nynorsk is "nn"), Chinese "zh" and Serbian "sr" in either script."""


_UNKNOWN_TO_THE_MODEL = (
    # (what the model takes it for, letters that this language lacks, the language that has them)
    ("am", re.compile("[\u1250-\u1258]"), "ti"),
    ("he", re.compile("[\u05f0-\u05f2]|\u05d0[\u05b7\u05b8]"), "yi"),
    (
        "ku",
        re.compile("[\u0695\u06b5\u06c6\u06ce]"),
        "ckb",
    ),  # "ku" for the model; the Kurdish in Arabic letters has a code of its own
)
_MIN_TELLING_LETTERS = 2
"""One may stand in a name."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A language as BCP 47 tag, or "und"; and how sure that is.

    ``score`` is the model's probability, 0 to 1, or where the script decided the share of its letters; it is told for "und" too. None:
    there were too few letters to ask.
    """

    tag: str
    score: float | None


def detect_language(headline: str | None, body: str | None) -> Detected:
    """The language of ``headline`` and the first 200 characters of ``body``, both plain text.

    >>> detect_language("Minister zegt dat de brug volgend jaar weer open gaat", None).tag
    'nl'
    >>> detect_language("대통령이 오늘 새로운 정책을 발표했다", None)
    Detected(tag='ko', score=1.0)
    >>> detect_language("Radio 1", None)
    Detected(tag='und', score=None)
    """
    return detect_languages([(headline, body)])[0]


def detect_languages(articles: Iterable[tuple[str | None, str | None]]) -> list[Detected]:
    """As ``detect_language``, for (headline, body) of many articles: some hundreds at once take a fraction of the time."""
    detected: list[Detected] = []
    asked: dict[int, str] = {}
    for number, (headline, body) in enumerate(articles):
        text = _words(headline, body)
        by_script = None if text.isascii() else _by_script(text)
        if by_script is None and _ENOUGH_LETTERS.match(text):
            asked[number] = text
        detected.append(by_script or Detected(UNDETERMINED, None))
    if asked:
        encoded = [
            (text.lower() if text.isupper() else text).encode(errors="replace")[:_MAX_BYTES] for text in asked.values()
        ]
        for (number, text), (tag, probability) in zip(asked.items(), _classifier()(encoded), strict=True):
            detected[number] = _judged(text, tag, round(min(probability, 1.0), 3))
    return detected


def _judged(text: str, tag: str, score: float) -> Detected:
    if score < MIN_SCORE:
        return Detected(UNDETERMINED, score)
    for known, letters, unknown in _UNKNOWN_TO_THE_MODEL:
        if tag == known and len(letters.findall(text)) >= _MIN_TELLING_LETTERS:
            tag = unknown
    return Detected(tag, score)


def _words(headline: str | None, body: str | None) -> str:
    """The text to judge, without what is the same in every language."""
    text = f"{(headline or '')[:_LEAD_CHARS]}\n{(body or '')[:_LEAD_CHARS]}"
    if any(mark in text for mark in _ADDRESS_MARKS):
        text = " ".join([word for word in text.split() if not any(mark in word for mark in _ADDRESS_MARKS)])
    return _DIGITS.sub("", text).strip()


def _by_script(text: str) -> Detected | None:
    """The language of the script that most letters belong to; None where none is, or where several languages share it."""
    first = _SCRIPT_CHAR.search(text)
    if first is None:
        return None
    tag = next(tag for tag, runs in _SCRIPT_RUNS.items() if runs.match(first[0]))
    own = "".join(_SCRIPT_RUNS[tag].findall(text))
    if tag == "ja" and len(_KANA_CHAR.findall(own)) < _MIN_KANA_SHARE * len(own):
        return None
    letters, own_letters = sum(map(str.isalpha, text)), sum(map(str.isalpha, own))
    if letters < MIN_LETTERS or own_letters < _MIN_SCRIPT_SHARE * letters:
        return None
    return Detected(tag, round(own_letters / letters, 3))


_PIECE_BYTES = 16
_LONGEST_FEATURE_BYTES = 6
"""Of the model's n-grams. Its automaton remembers no more than so many bytes (Aho and Corasick, 1975)."""

Classify = Callable[[Sequence[bytes]], list[tuple[str, float]]]


@lru_cache(maxsize=1)
def _classifier() -> Classify:
    """The model that comes with py3langid, with our tags: labels of one tag share their probability. Loads in half a second.

    It gives what py3langid does, for many texts at once. Its automaton takes a text letter by letter through 40 MB, and waits for the
    memory at each; here all texts of a batch are read in pieces side by side, which wait together. Each piece begins with the end of the
    one before, for the automaton to come to where it would be. The table of weights is held in 32 bits: its own 16 take half the memory
    (28 MB less) and three times as long to add up.
    """
    import numpy as np
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    weights, prior = model.nb_ptc.astype(np.float32), np.asarray(model.nb_pc, np.float32)
    moves = np.frombuffer(model.tk_nextmove, np.dtype(model.tk_nextmove.typecode))
    rows, outputs = np.array(model.tk_row, np.int64) << 8, np.array(model.tk_output, np.int32)
    labels = [_TAGS.get(label, label) for label in model.nb_classes]
    tags = list(dict.fromkeys(labels))
    tag_of_label = np.array([tags.index(label) for label in labels])
    by_tag = tag_of_label.argsort(kind="stable")
    first_of_tag = tag_of_label[by_tag].searchsorted(np.arange(len(tags)))

    def features(texts: Sequence[bytes]) -> "NDArray[np.int64]":
        """Of each feature met in a text, its number and that of the text, as one."""
        pieces = [len(text) // _PIECE_BYTES + 1 for text in texts]
        padded = [
            text.ljust(count * _PIECE_BYTES, b"\0") for text, count in zip(texts, pieces, strict=True)
        ]  # no feature has a zero
        letters = np.frombuffer(b"".join((bytes(_LONGEST_FEATURE_BYTES), *padded)), np.uint8)
        states = np.zeros(sum(pieces), np.int64)
        met = np.empty((len(states), _PIECE_BYTES), np.int32)
        for place in range(-_LONGEST_FEATURE_BYTES, _PIECE_BYTES):
            letter = letters[_LONGEST_FEATURE_BYTES + place :: _PIECE_BYTES][: len(states)]
            states = moves.take(rows.take(states) + letter)
            if place >= 0:
                met[:, place] = outputs.take(states)
        text = np.arange(len(texts)).repeat(pieces)[:, None]
        return (text * len(weights) + met)[met >= 0]

    def classify(texts: Sequence[bytes]) -> list[tuple[str, float]]:
        found, counts = np.unique(features(texts), return_counts=True)
        text, feature = np.divmod(found, len(weights))
        logarithms = np.log1p(counts.astype(np.float32))
        scores = np.zeros((len(texts), len(prior)), np.float32)
        bounds = text.searchsorted(np.arange(len(texts) + 1)).tolist()
        for row, start, end in zip(scores, bounds[:-1], bounds[1:], strict=True):
            if start < end:
                row[:] = logarithms[start:end] @ weights.take(feature[start:end], axis=0) + prior
        # py3langid's temperature, which keeps the probabilities of short and long texts comparable
        temperatures = np.sqrt([len(text) or 1 for text in texts]).astype(np.float32)[:, None]
        likelihoods = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperatures).astype(np.float64)
        of_tags = np.add.reduceat(likelihoods[:, by_tag], first_of_tag, axis=1)
        best, probabilities = of_tags.argmax(axis=1).tolist(), (of_tags.max(axis=1) / of_tags.sum(axis=1)).tolist()
        return [(tags[number], probability) for number, probability in zip(best, probabilities, strict=True)]

    return classify
