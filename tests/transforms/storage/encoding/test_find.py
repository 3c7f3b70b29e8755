import codecs
import importlib.util
import mmap
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.storage.encoding.find import Decoded, decode_body, find_encoding

RUSSIAN = "Старый мост через реку останется закрытым для пешеходов"
CZECH = "Železniční most přes řeku zavřeli kvůli povodni"


def feed(text: str, declared: str = "", before: str = "", told: str = "") -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return f"{before}{declaration}<rss><channel>{told}<item><title>{text}</title></item></channel></rss>"


def title(decoded: Decoded) -> str:
    return decoded.text.partition("<title>")[2].partition("</title>")[0]


# The declaration


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("windows-949", "cp949", "똠방각하 새로운 다리"),
        ("ks_c_5601-1987", "cp949", "똠방각하 새로운 다리"),
        ("x-sjis", "cp932", "新しい橋は来年①開通する㈱"),
        ("x-cp1251", "cp1251", RUSSIAN),
        ("win-1251", "cp1251", RUSSIAN),
        ("windows1251", "cp1251", RUSSIAN),
        ("Windows 1251", "cp1251", RUSSIAN),
        ("koi", "koi8-r", RUSSIAN),
        ("iso-8859-9", "cp1254", "“Belediye başkanı” öğrencilerin okula gideceğini"),
        ("iso-8859-1", "cp1252", "“Café” – €5"),
        ("us-ascii", "cp1252", "“Café” – €5"),
        ("gb2312", "gb18030", "朱镕基说河上的旧桥关闭€"),
        ("big5", "big5hkscs", "河上的舊橋將繼續對行人關閉"),
        ("tis-620", "cp874", "สะพานเก่าข้ามแม่น้ำจะยังคงปิด"),
        ("logical", "iso8859-8", "הגשר הישן מעל הנהר יישאר סגור"),
        ("cp437", "cp437", "Die alte Brücke über den Fluß"),
        ("mac-latin2", "mac-latin2", CZECH),
        ("iso-2022-jp", "iso2022_jp_ext", "新しい橋はｶﾌｪ"),
        ("iso-2022-kr", "iso2022_kr", "새로운 다리가 내년 봄에"),
        ("hz-gb-2312", "hz", "河上的旧桥将继续"),
    ],
)
def test_labels_are_the_ones_of_browsers_and_then_of_python(label: str, codec: str, text: str) -> None:
    decoded = decode_body(feed(text, label).encode(codec))
    assert (title(decoded), decoded.is_damaged) == (text, False)


@pytest.mark.parametrize(
    "before",
    [
        "<!-- cache hit -->\n",
        "\r\n\t ",
        "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/feed.php</b> on line <b>3</b><br />\n",
        "Notice: Undefined index: page in /srv/feed.php on line 7\n",
    ],
)
def test_a_declaration_is_found_behind_what_servers_put_before_it(before: str) -> None:
    decoded = decode_body(feed(RUSSIAN, "windows-1251", before).encode("cp1251"))
    assert (title(decoded), decoded.is_guessed) == (RUSSIAN, False)


@pytest.mark.parametrize(
    "declared", ["encoding='windows-1251'", "encoding = windows-1251", 'ENCODING=" windows-1251 "']
)
def test_a_declaration_may_be_written_carelessly(declared: str) -> None:
    body = f'<?xml version="1.0" {declared}?><rss><title>{RUSSIAN}</title></rss>'.encode("cp1251")
    assert find_encoding(body).name == "cp1251"
    assert not find_encoding(body).is_guessed


def test_a_declaration_within_an_entry_says_nothing_about_the_feed() -> None:
    text = f'{RUSSIAN}: <![CDATA[<?xml version="1.0" encoding="windows-1251"?>]]>'
    decoded = decode_body(feed(text).encode())
    assert (title(decoded), decoded.is_guessed) == (text, False)


@pytest.mark.parametrize(
    "label", ["utf-16", "UTF-32LE", "utf-7", "rot13", "base64", "x-user-defined", "none", "é", "\0"]
)
def test_a_label_that_cannot_be_true_is_no_label(label: str) -> None:
    decoded = decode_body(feed(RUSSIAN, label).encode())
    assert (title(decoded), decoded.is_guessed) == (RUSSIAN, False)
    assert decode_body(feed(RUSSIAN).encode(), encoding=label, charset=label) == Decoded(feed(RUSSIAN))


# Who is believed


def test_the_users_word_comes_first() -> None:
    assert title(decode_body(feed(RUSSIAN, "utf-8").encode("koi8-r"), encoding="koi8-r")) == RUSSIAN
    assert find_encoding("\ufeffa".encode("utf-16-be"), encoding="utf-16").name == "utf-16-be"


def test_the_header_counts_where_the_document_declares_nothing() -> None:
    body = feed(RUSSIAN).encode("cp1251")
    assert decode_body(body, charset="windows-1251") == Decoded(feed(RUSSIAN))
    declared = feed(RUSSIAN, "windows-1251")
    assert decode_body(declared.encode("cp1251"), charset="iso-8859-1") == Decoded(declared)


def test_utf_8_beats_a_stale_declaration_and_is_flagged_unless_the_header_says_it() -> None:
    body = feed(RUSSIAN, "windows-1251").encode()
    assert title(decode_body(body)) == RUSSIAN
    assert decode_body(body).is_guessed
    assert not decode_body(body, charset="utf-8").is_guessed
    assert title(decode_body(body, charset="utf-8")) == RUSSIAN


@pytest.mark.parametrize(("declared", "characters"), [("windows-1252", 2), ("gb2312", 10)])
def test_utf_8_needs_evidence_against_a_declaration(declared: str, characters: int) -> None:
    enough = decode_body(feed("é " * characters, declared).encode())
    assert (title(enough), enough.is_guessed) == ("é " * characters, True)
    short = decode_body(feed("é", declared).encode())
    assert short.is_guessed or title(short) == "é"


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (RUSSIAN, "cp1251", "utf-8"),
        (RUSSIAN, "cp1251", ""),
        (RUSSIAN, "cp1251", "iso-8859-1"),
        (RUSSIAN, "koi8-r", "windows-1251"),
        (RUSSIAN, "koi8-r", ""),
        (CZECH, "cp1250", "utf-8"),
        (CZECH, "iso8859-2", ""),
        ("Η παλιά γέφυρα πάνω από το ποτάμι", "cp1253", "iso-8859-1"),
        ("הגשר הישן מעל הנהר יישאר סגור", "cp1255", "utf-8"),
        ("سيبقى الجسر القديم فوق النهر مغلقا", "cp1256", ""),
        ("สะพานเก่าข้ามแม่น้ำจะยังคงปิด", "cp874", "utf-8"),
        ("川にかかる古い橋は、歩行者の通行止めが続く。", "cp932", "utf-8"),
        ("川にかかる古い橋は、歩行者の通行止めが続く。", "euc_jp", ""),
        ("川にかかる古い橋は、歩行者の通行止めが続く。", "iso2022_jp", ""),
        ("강 위의 낡은 다리는 보행자에게 계속 폐쇄된다", "cp949", "gb2312"),
        ("河上的旧桥将继续对行人关闭。市长说，工程还要持续四个月", "gb18030", "utf-8"),
        ("河上的舊橋將繼續對行人關閉。市長說，工程還要持續四個月", "big5hkscs", "utf-8"),
    ],
)
def test_a_false_declaration_or_none_is_mended_by_a_guess(text: str, codec: str, declared: str) -> None:
    decoded = decode_body(feed(text, declared).encode(codec))
    assert (title(decoded), decoded.is_guessed) == (text, True)


def test_the_language_of_the_feed_helps_the_guess() -> None:
    body = feed("A folyó feletti régi híd", told="<language>hu</language>").encode("cp1250")
    assert find_encoding(body).name in ("cp1250", "iso8859-2")


# Marks, and UTF-16 and UTF-32 without one


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("before", ["", "\ufeff", "\n ", "<!-- x -->"])
@pytest.mark.parametrize("declared", ["", "utf-8", "utf-16"])
def test_utf_16_and_utf_32_are_seen_by_mark_or_by_nul_bytes(codec: str, before: str, declared: str) -> None:
    text = feed(RUSSIAN, declared, before)
    assert decode_body(text.encode(codec)) == Decoded(text.removeprefix("\ufeff"))


def test_byte_order_marks_are_dropped() -> None:
    assert decode_body(codecs.BOM_UTF8 * 2 + b"<rss/>", charset="iso-8859-1").text == "<rss/>"


# Damage


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        (b"Petit caf\xe9 noir", "Petit café noir"),
        (b"\x93Caf\xe9\x94 \x96 \x805", "“Café” – €5"),
        (b"before\0after", "beforeafter"),
        ("Мост".encode() + b"\xd0 ...", "Мост\ufffd ..."),
        ("мост —".encode()[:-1] + b" ...", "мост \ufffd ..."),
        (b"a \xed\xa0\xbd\xed\xb8\x80 b", "a \U0001f600 b"),
        (b"a \xed\xa0\xbd b", "a \ufffd b"),
        (b"a \x81 b", "a \ufffd b"),
    ],
)
def test_a_bad_byte_costs_at_most_its_character(damaged: bytes, text: str) -> None:
    before, _, after = feed(f"{RUSSIAN} @ {RUSSIAN}", "utf-8").encode().partition(b"@")
    decoded = decode_body(before + damaged + after)
    assert decoded.text == feed(f"{RUSSIAN} @ {RUSSIAN}", "utf-8").replace("@", text)
    assert decoded.is_damaged is (b"\0" not in damaged)
    assert not decoded.is_guessed


def test_the_places_of_bad_bytes_are_told() -> None:
    decoder = find_encoding(b"").decoder()
    text = decoder.decode(b"\xef\xbb\xbfcaf\xe9 \0", False) + decoder.decode(b"caf\xe9\xf0\x9f\x98\x80 \x81.", True)
    assert (text, decoder.bad_places) == ("café café\U0001f600 \ufffd.", [3, 8, 11])


def test_a_body_cut_in_the_middle_of_a_character_is_told() -> None:
    decoded = decode_body(feed("é" * 9).encode()[:-35])
    assert decoded.text.endswith("é\ufffd") or decoded.text.endswith("é")
    for end in range(60, 110):
        cut = decode_body(feed(RUSSIAN, "utf-8").encode()[:end])
        assert feed(RUSSIAN, "utf-8").startswith(cut.text.removesuffix("\ufffd"))


def test_one_bad_byte_in_a_declared_encoding_costs_one_character() -> None:
    body = feed("河上的旧桥@将继续对行人关闭。市长说，工程还要持续四个月", "gbk").encode("gbk")
    decoded = decode_body(body.replace(b"@", b"\xff "))
    assert (decoded.text, decoded.is_damaged) == (
        feed("河上的旧桥\ufffd 将继续对行人关闭。市长说，工程还要持续四个月", "gbk"),
        True,
    )


def test_characters_that_pythons_tables_lack_are_read() -> None:
    body = feed("新しい橋は来年の春に①開通する予定", "euc-jp").encode("euc_jis_2004")
    assert title(decode_body(body)) == "新しい橋は来年の春に①開通する予定"
    body = feed("河上的旧桥@5将继续对行人关闭", "gbk").encode("gbk").replace(b"@", b"\x80")
    assert title(decode_body(body)) == "河上的旧桥€5将继续对行人关闭"


# Bodies of any size, in pieces of any size


@pytest.mark.parametrize("codec", ["utf-8", "cp1251", "utf-16-le", "gb18030", "cp932"])
@given(data=st.data())
def test_pieces_of_any_size_give_the_same_text(codec: str, data: st.DataObject) -> None:
    text = feed(f"{RUSSIAN} – {RUSSIAN}".replace("–", "-"), "" if codec == "utf-8" else codec)
    body = bytearray(text.encode(codec))
    for place in data.draw(st.lists(st.integers(100, len(body) - 1), max_size=3)):
        body[place] = data.draw(st.integers(1, 255))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=5)))
    encoding = find_encoding(body)
    decoder, whole = encoding.decoder(), encoding.decoder()
    pieces = [bytes(body[start:end]) for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert "".join(map(decoder.decode, pieces)) + decoder.decode(b"", final=True) == whole.decode(bytes(body), True)
    assert decoder.bad_places == whole.bad_places


def test_a_body_of_garbage_is_decoded_all_the_same() -> None:
    body = f"<title>{RUSSIAN * 20_000}</title>".encode() + b"\xff" * 3_000_000
    decoded = decode_body(body)
    assert (decoded.is_damaged, decoded.is_guessed) == (True, False)
    assert decoded.text.startswith(f"<title>{RUSSIAN}")
    assert decoded.text.endswith("\ufffd")
    assert len(decoded.text) == len(RUSSIAN) * 20_000 + len("<title></title>") + 3_000_000


def test_a_mapped_file_is_looked_at_to_its_end() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"<rss>" + b"<item>plain text</item>" * 200_000)
        file.write(f"<title>{RUSSIAN}</title>".encode("cp1251"))
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as body:
            assert (find_encoding(body).name, find_encoding(body).is_guessed) == ("cp1251", True)
            assert find_encoding(memoryview(bytes(body))).name == "cp1251"


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "gbk", "shift_jis", "utf-16", "hz", "iso-2022-jp"]))
def test_any_bytes_become_text(body: bytes, label: str | None) -> None:
    assert "\0" not in decode_body(body, encoding=label, charset=label).text
    assert "\0" not in decode_body(body, charset=label).text


# Right, or flagged


@pytest.mark.parametrize("has_language", [True, False])
def test_texts_in_all_scripts_and_encodings_are_right_or_flagged(has_language: bool) -> None:
    bench = _bench()
    counts: Counter[tuple[str, str]] = Counter()
    for case in bench.cases(20261130, has_language=has_language):
        usage, declaration = case.kind.split(", ")
        counts[usage, declaration] += 1
        counts[usage, f"{declaration}: {case.outcome()}"] += 1
    for usage in ("usual", "unusual"):
        assert counts[usage, "rightly declared: wrong"] == 0
        assert counts[usage, "not declared: wrong"] == 0
    assert counts["usual", "wrongly declared: wrong"] < 0.02 * counts["usual", "wrongly declared"]
    assert counts["unusual", "wrongly declared: wrong"] < 0.06 * counts["unusual", "wrongly declared"]
    assert counts["usual", "rightly declared: right"] > 0.95 * counts["usual", "rightly declared"]


def _bench() -> ModuleType:
    path = Path(__file__).parents[3] / "bench" / "decoding.py"
    spec = importlib.util.spec_from_file_location("decoding_bench", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module
