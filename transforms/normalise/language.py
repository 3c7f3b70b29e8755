"""Detect the language of an article from its headline and the first words of its text.

If only one language uses a script, the script decides. Otherwise py3langid does: naive Bayes over
byte n-grams, with a model of 140 languages inside the package. If neither can tell, the language is
"und" (ISO 639-2: undetermined). A wrong language is worse, because the names of countries, months
and places depend on it.

Most errors are between close relatives (Norwegian and Danish, Indonesian and Malay, Serbian,
Croatian and Bosnian, Galician and Portuguese). So the model must be surer among relatives than
among all languages, unless the text has a word or letter that only one of them has. A short
headline in one of them is often "und".
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNDETERMINED = "und"

MIN_SHARE = 0.6
"""The lowest share of the probability that is believed, after ``_LITTLE_NEWS`` is weighed."""
MIN_SHARE_OF_FAMILY = 0.75
"""The lowest share among a language and its relatives.

A word or letter that only a relative has makes the language undetermined.

Measured on 18,800 short translations of software (4 to 10 words, 50 languages): 75 % are told and
0.11 % are wrong. One threshold of 0.7 for both told 71 %, and 0.13 % were wrong.
"""
_CLEAR_SHARE = 0.95
"""With this share among its relatives, the words of the relatives are not looked for."""
_LITTLE_NEWS = frozenset(re.findall("[a-z]+", """
    an bcl br crh eo ext fo fy gcf gcr ht jv kok la lb lij oc pcm sa se vec vo wa
"""))  # fmt: skip
"""Languages with little news, which the model sees in short texts of their great neighbours."""
_WEIGHT_OF_LITTLE_NEWS = 0.1
MIN_LETTERS = 10
"""A text with fewer letters is a name or a label: "Welcome", "Radio 1"."""

_ENOUGH_LETTERS = re.compile(rf"(?:[\W\d_]*+[^\W\d_]){{{MIN_LETTERS}}}")

_LEAD_CHARS = 200
_MAX_BYTES = 400
"""In UTF-8: 200 letters of an alphabet with two bytes each. The time of the model grows by the
byte.
"""

_ADDRESS_MARKS = ("://", "www.", "@")
_DIGITS = re.compile(r"\d+")

_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9f"
_SCRIPTS = {
    # the one language whose news uses a script, and the Unicode blocks of the script
    "ja": _KANA + "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",  # with Han, and only if there is kana too
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
"""Share of kana in kana and Han. Japanese has endings in kana; Chinese may have a "の" in a shop's
name.
"""
_MIN_SCRIPT_SHARE = 0.5
"""Share of the letters. A text in its own script is full of Latin names and abbreviations."""

_TAGS = {
    # The model's labels. BCP 47 prefers the code of two letters, and a macrolanguage that is in use
    # (RFC 5646 section 4.1.1).
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
    # older stages of a language: the letters are those of today's
    "grc": "el",
    "hbo": "he",
    # "no linguistic content"; and Dzongkha, the only language in Tibetan script that the model
    # knows, while most news in that script is Tibetan
    "zxx": UNDETERMINED,
    "dz": UNDETERMINED,
}
"""Norwegian is "no" as in CLDR (for Bokmål; Nynorsk is "nn"). Chinese is "zh" and Serbian "sr" in
either script.
"""


_CHINESE_GRAMMAR = re.compile("[的了在是和與為將也被不有]")
"""Letters that are words in Chinese; in Japanese they are only parts of words."""
_JAPANESE_WORDS = re.compile(
    "容疑|会見|市役所|株価|株式|物価|賃上|値上|値下|取引|病院|野球|映画|津波|空港|運休|運転再開|運行開始|営業開始|販売開始|路面電車"
)
"""Words in the letters of Chinese that Chinese does not use."""

_UNKNOWN_TO_THE_MODEL = (
    # (the model's label, letters that this language lacks, the language that has them)
    ("am", re.compile("[\u1250-\u1258]"), "ti"),
    ("he", re.compile("[\u05f0-\u05f2]|\u05d0[\u05b7\u05b8]"), "yi"),
    (
        "ku",
        re.compile("[\u0695\u06b5\u06c6\u06ce]"),
        "ckb",
        # The model calls all Kurdish "ku"; Kurdish in Arabic letters has a code of its own.
    ),
)
_FAMILIES = (
    "id ms", "bs hr mk sl sr", "da nn no sv", "cs sk sl", "ca es gl pt", "af nl", "bg mk sr", "be bg ru uk",
    "hi mr ne", "az tr", "et fi", "ar fa ur", "lt lv",
)  # fmt: skip
"""Languages that the model takes for each other in short texts."""
_RELATIVES = {
    tag: frozenset(other for family in _FAMILIES if tag in family.split() for other in family.split()) - {tag}
    for tag in " ".join(_FAMILIES).split()
}

_OWN_WORDS = {
    # words and letters that these languages have, and no other of their relatives
    "af": "nie|vir|oor|hulle|'n",
    "bg": "в|във|със|ще|от|са",
    "ca": "els|amb|dels|més|és",
    "cs": r"\w*[řěů]\w*|se|pro|byl|jako",
    "da": r"åb[en]\w*|af|efter|mellem|nogle|noget|uden|ud|op|nu|mod|blev|bliver|hvad|siger|uge|vej|nej",
    "es": "los|las|y|más|según|hasta|muy",
    "gl": "unha|non|dun|dunha|coa|xunta",
    "hi": "में|है|हैं|और|से|के",
    "bs hr": r"prije|poslije|gdje|mjest\w*|vrijem\w*|djec\w*|uvijek",
    "hr": r"(?:ne|sva|i)?tko|tijekom|tisuć\w*|tjed[an]\w*|glazb\w*|milijun\w*|povijest\w*|obitelj\w*|europ\w*|uvjet\w*"
    r"|sveučiliš\w*|gospodarst\w*|tvrtk\w*|izvješ\w*|priopćen\w*|glede|uporab\w*|nazočn\w*|ravnatelj\w*|vlak\w*"
    r"|(?:siječ|trav|svib|lip|srp)nj\w*|veljač\w*|ožujk\w*|kolovoz\w*|rujn?a|listopad\w*|studen\w*|prosinc\w*",
    "bs sr": r"šta|tokom|hiljad\w*|uslov\w*|porodic\w*|fudbal\w*|evrop\w*|januar\w*|februar\w*|decemb\w*",
    "bs": r"sedmic\w*|saopćenj\w*|historij\w*|kanton\w*|uposleni\w*",
    "id": "karena|bahwa|bisa|uang|gubernur|kabupaten|provinsi|warga|kantor|saat|terkait|pekan|usai|ujarnya?|mobil|rp",
    "mk": r"\w*[ѓќѕ]\w*|во|со|ги|го",
    "mr": r"\w*ळ\w*|आहे|आहेत|आणि|मध्ये",
    "ms": "kerana|bahawa|polis|wang|kerajaan|pejabat|ialah|iaitu|beliau|manakala|mahu|hospital|ringgit|rm",
    "ne": r"\w*(?:अघि|पछि|हरू)|छ|छन्|गरे|गर्ने|गर्दै|गरेको|भयो|भएको|सँग",
    "nl": r"\w*ij\w*|een|het|niet|naar|wordt|voor",
    "nn": "ikkje|eg|ein|eit|nokon|noko|frå|kva|korleis|dei|vere",
    "no": "noen|noe|uten|sier|hva|blir|ble",
    "nn no": r"[a-zæøå]*(?:kk|pp|tt|mm)|etter|mellom|opp|av|seg",  # no word ends so in Danish
    "pt": r"\w*(?:ção|ções|ã|ão|õe|nh|lh)\w*|em|uma|não",
    "sk": r"\w*[ľĺŕôä]\w*|sa|pre|aj|bol|ako|alebo",
    "sl": "in|ki|tudi|več|kot|lahko|bodo",
    "sr": r"\w*[ђћ]\w*|у|је|са|ће|су|pre|posle|gde|mest[aou]|vreme|dec[aeu]|nedelj\w*|saopšten\w*|done[ol]\w*|ovde",
    "sv": r"\w*[äö]\w*|och|inte|från|är|att",
    "uk": r"\w*[їєґ]\w*|та|від|після|щодо",
    "be": r"\w*[ў]\w*",
    "ru": r"\w*[ыэё]\w*|и",
}
_WORDS_OF_RELATIVES = [
    (frozenset(tags.split()), re.compile(rf"(?<!\S)(?:{words})(?!\w)")) for tags, words in _OWN_WORDS.items()
]

_MIN_TELLING_LETTERS = 2
"""One letter may stand in a name."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A language as a BCP 47 tag, or "und", and how sure that is.

    ``score`` is the probability that the model gives, 0 to 1. If the script decided, it is the
    share of the letters in that script. "und" has a score too. None: there were too few letters.
    """

    tag: str
    score: float | None


def detect_language(headline: str | None, body: str | None) -> Detected:
    """Return the language of ``headline`` and the first 200 characters of ``body``.

    >>> detect_language("Minister zegt dat de brug volgend jaar weer open gaat", None).tag
    'nl'
    >>> detect_language("대통령이 오늘 새로운 정책을 발표했다", None)
    Detected(tag='ko', score=1.0)
    >>> detect_language("Radio 1", None)
    Detected(tag='und', score=None)
    """
    return detect_languages([(headline, body)])[0]


def detect_languages(articles: Iterable[tuple[str | None, str | None]]) -> list[Detected]:
    """Return the language of each (headline, body); much faster for hundreds at once."""
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
        for (number, text), guess in zip(asked.items(), _classifier()(encoded), strict=True):
            detected[number] = _judged(text, guess)
    return detected


def _judged(text: str, guess: "_Guess") -> Detected:
    tag, score, total = guess.tag, round(min(guess.probability, 1.0), 3), guess.total
    if guess.relatives:
        found = _own_words(text)
        out = [relative for relative in guess.relatives if _is_ruled_out(relative, tag, found)]
        total -= sum(guess.relatives[relative] for relative in out)
        remaining = sum(weighed for relative, weighed in guess.relatives.items() if relative not in out)
        if guess.weighed < MIN_SHARE_OF_FAMILY * (guess.weighed + remaining) or any(
            _is_ruled_out(tag, relative, found) for relative in guess.relatives
        ):
            return Detected(UNDETERMINED, score)
    if guess.weighed < MIN_SHARE * total:
        return Detected(UNDETERMINED, score)
    for known, letters, unknown in _UNKNOWN_TO_THE_MODEL:
        if tag == known and len(letters.findall(text)) >= _MIN_TELLING_LETTERS:
            tag = unknown
    if tag == "zh" and _is_japanese_in_han(text):
        return Detected("ja", _share_of_letters("".join(_SCRIPT_RUNS["ja"].findall(text)), text))
    return Detected(tag, score)


def _is_japanese_in_han(text: str) -> bool:
    """Tell whether a text without kana is Japanese, as some short headlines are.

    >>> _is_japanese_in_han("駅前広場完成"), _is_japanese_in_han("车站前广场完工")
    (True, False)
    """
    is_own = [_is_japanese_only(char) for char in text]
    if None in is_own:
        return False
    telling = is_own.count(True)
    if telling < _MIN_TELLING_LETTERS and _CHINESE_GRAMMAR.search(text) is None:
        telling += len(_JAPANESE_WORDS.findall(text))
    return telling >= _MIN_TELLING_LETTERS


_HONG_KONG = frozenset("裏説衆産閲鋭郷絶")
"""Forms that Hong Kong writes and Big5 lacks."""


@lru_cache(maxsize=8192)
def _is_japanese_only(char: str) -> bool | None:
    """Tell whether only Japanese writes a character ("転"); None if only Chinese does ("转").

    The character sets tell: JIS X 0208, against GB 2312 (simplified) and Big5 (traditional).
    """
    if char.isascii():
        return False
    is_chinese = _is_in(char, "gb2312") or _is_in(char, "big5") or char in _HONG_KONG
    if _is_in(char, "shift_jis"):
        return not is_chinese
    return None if is_chinese else False


def _is_in(char: str, character_set: str) -> bool:
    try:
        char.encode(character_set)
    except UnicodeEncodeError:
        return False
    return True


def _own_words(text: str) -> list[frozenset[str]]:
    """Return the languages of each row of ``_OWN_WORDS`` that the text has a word or letter of."""
    text = text.lower()
    return [tags for tags, words in _WORDS_OF_RELATIVES if words.search(text)]


def _is_ruled_out(relative: str, tag: str, found: list[frozenset[str]]) -> bool:
    """Tell whether the text has what ``tag`` has and ``relative`` lacks, and not the reverse."""
    return any(tag in tags and relative not in tags for tags in found) and not any(
        relative in tags and tag not in tags for tags in found
    )


def _words(headline: str | None, body: str | None) -> str:
    """Return the text to judge: 200 characters each, without URLs, addresses and digits."""
    text = f"{(headline or '')[:_LEAD_CHARS]}\n{(body or '')[:_LEAD_CHARS]}"
    if any(mark in text for mark in _ADDRESS_MARKS):
        text = " ".join([word for word in text.split() if not any(mark in word for mark in _ADDRESS_MARKS)])
    return _DIGITS.sub("", text).strip()


def _by_script(text: str) -> Detected | None:
    """Return the language whose script most letters have, or None if no script decides."""
    first = _SCRIPT_CHAR.search(text)
    if first is None:
        return None
    tag = next(tag for tag, runs in _SCRIPT_RUNS.items() if runs.match(first[0]))
    own = "".join(_SCRIPT_RUNS[tag].findall(text))
    if tag == "ja" and len(_KANA_CHAR.findall(own)) < _MIN_KANA_SHARE * len(own):
        return None
    share = _share_of_letters(own, text)
    if _ENOUGH_LETTERS.match(text) is None or share < _MIN_SCRIPT_SHARE:
        return None
    return Detected(tag, share)


def _share_of_letters(own: str, text: str) -> float:
    return round(sum(map(str.isalpha, own)) / max(1, sum(map(str.isalpha, text))), 3)


_PIECE_BYTES = 16
_LONGEST_FEATURE_BYTES = 6
"""The longest n-gram of the model. Its automaton remembers no more bytes (Aho and Corasick,
1975).
"""


class _Guess(NamedTuple):
    """What the model makes of a text."""

    tag: str
    probability: float
    weighed: float
    """The likelihood by the weight of ``_LITTLE_NEWS``."""
    total: float
    """The sum of the weighed likelihoods of all languages."""
    relatives: dict[str, float]
    """The weighed likelihoods of the relatives, empty if the language has ``_CLEAR_SHARE``."""


Classify = Callable[[Sequence[bytes]], list[_Guess]]


@lru_cache(maxsize=1)
def _classifier() -> Classify:
    """Return a function from texts (UTF-8) to guesses.

    The results are those of py3langid, but labels with the same tag add up. Its automaton walks
    through 40 MB and waits for the memory at each letter. So all texts of a batch are read side by
    side in pieces, which wait together. Each piece begins with the end of the piece before it,
    which brings the automaton to the right state.
    """
    import numpy as np

    from newslake.transforms.normalise.language_model import load_model

    model = load_model()
    weights, prior, moves, rows, outputs = model.weights, model.prior, model.moves, model.rows, model.outputs
    labels = [_TAGS.get(label, label) for label in model.labels]
    tags = list(dict.fromkeys(labels))
    tag_of_label = np.array([tags.index(label) for label in labels])
    by_tag = tag_of_label.argsort(kind="stable")
    first_of_tag = tag_of_label[by_tag].searchsorted(np.arange(len(tags)))
    weight_of_tag = np.array([_WEIGHT_OF_LITTLE_NEWS if tag in _LITTLE_NEWS else 1.0 for tag in tags])
    relatives_of = [[tags.index(relative) for relative in _RELATIVES.get(tag, ())] for tag in tags]
    # as many columns for each, the tag itself where it has fewer relatives
    most = max(map(len, relatives_of))
    columns = np.array([(found + [own] * most)[:most] for own, found in enumerate(relatives_of)])
    is_relative = columns != np.arange(len(tags))[:, None]

    def features(texts: Sequence[bytes]) -> "NDArray[np.int64]":
        """Return one number for each feature met: text number * feature count + feature."""
        pieces = [len(text) // _PIECE_BYTES + 1 for text in texts]
        # no feature has a zero byte
        padded = [text.ljust(count * _PIECE_BYTES, b"\0") for text, count in zip(texts, pieces, strict=True)]
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

    def classify(texts: Sequence[bytes]) -> list[_Guess]:
        found, counts = np.unique(features(texts), return_counts=True)
        text, feature = np.divmod(found, len(weights))
        logarithms = np.log1p(counts.astype(np.float32))
        scores = np.zeros((len(texts), len(prior)), np.float32)
        bounds = text.searchsorted(np.arange(len(texts) + 1)).tolist()
        for row, start, end in zip(scores, bounds[:-1], bounds[1:], strict=True):
            if start < end:
                row[:] = logarithms[start:end] @ weights.take(feature[start:end], axis=0) + prior
        # py3langid's temperature, which makes the probabilities of short and long texts comparable
        temperatures = np.sqrt([len(text) or 1 for text in texts]).astype(np.float32)[:, None]
        likelihoods = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperatures).astype(np.float64)
        of_tags = np.add.reduceat(likelihoods[:, by_tag], first_of_tag, axis=1)
        every, weighed = np.arange(len(texts)), of_tags * weight_of_tag
        best = weighed.argmax(axis=1)
        of_best, of_relatives = weighed[every, best], weighed[every[:, None], columns[best]] * is_relative[best]
        is_close = of_best * (1 / _CLEAR_SHARE - 1) < of_relatives.sum(axis=1)
        return [
            _Guess(tags[tag], probability, mass, total, _named(tag, relatives) if close else {})
            for tag, probability, mass, total, relatives, close in zip(
                best.tolist(),
                (of_tags[every, best] / of_tags.sum(axis=1)).tolist(),
                of_best.tolist(),
                weighed.sum(axis=1).tolist(),
                of_relatives.tolist(),
                is_close.tolist(),
                strict=True,
            )
        ]

    def _named(tag: int, relatives: list[float]) -> dict[str, float]:
        least = max(relatives) / 100
        return {tags[column]: mass for column, mass in zip(columns[tag], relatives, strict=True) if mass > least}

    return classify
