import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.transforms.feeds.guard import drop_control_characters, replace_bad_references


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("&#0;", "\ufffd"),
        ("&#x0", "\ufffd"),
        ("&#xD800;", "\ufffd"),
        ("&#xFFFF;&#1114112;", "\ufffd\ufffd"),
        ("&#55357;&#56832;", "😀"),
        ("&#xD83D;&#xDE00;", "😀"),
        ("&#56832;&#55357;", "\ufffd\ufffd"),
        ("Har&#x1F;bour &#8;&#x0B;quay", "Harbour quay"),
        ("&&#8;#0;", "&\ufffd#0;"),
        ("&#x&#8;0;", "&#x\ufffd0;"),
        ("&#65&#8;5;", "&#65\ufffd5;"),
    ],
)
def test_references_to_no_character_are_replaced(text: str, replaced: str) -> None:
    assert replace_bad_references(text) == (replaced, True)


@pytest.mark.parametrize(
    "text", ["&#9;&#10;&#13;&#x20;&#x10FFFF;", "&amp;#0;", "&# 0;", "&#x;", "plain", "&#65;", "&#128;"]
)
def test_other_references_stay(text: str) -> None:
    assert replace_bad_references(text) == (text, False)


@given(st.text(alphabet="&#x0123456789dDeEfF;\x00\x0b\ufffe a"))
def test_nothing_bad_is_left_after_one_pass(text: str) -> None:
    once = replace_bad_references(drop_control_characters(text))[0]
    assert drop_control_characters(once) == once
    assert replace_bad_references(once) == (once, False)
