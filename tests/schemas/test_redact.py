import pytest
from hypothesis import given
from hypothesis import strategies as st

from newslake.schemas.redact import redact


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:p@ss@example.org/feed", "https://***@example.org/feed"),
        ("https://example.org/a@b?c=d@e", "https://example.org/a@b?c=d@e"),
        ("https://example.org/?Token=1&lang=nl&API_KEY=2", "https://example.org/?Token=***&lang=nl&API_KEY=***"),
        (
            "https://example.org/?%6bey=1;sig=2#access_token=3",
            "https://example.org/?%6bey=***;sig=***#access_token=***",
        ),
        (
            "https://s3.example.org/f?X-Amz-Signature=ab&X-Amz-Date=1",
            "https://s3.example.org/f?X-Amz-Signature=***&X-Amz-Date=1",
        ),
        ("https://example.org/?monkey=1&keyword=2&key=", "https://example.org/?monkey=1&keyword=2&key=***"),
        ("https://example.org/?subscription-key=1&pwd=2", "https://example.org/?subscription-key=***&pwd=***"),
        ("user:secret@example.org/feed", "***@example.org/feed"),
        ("//user:secret@example.org/feed", "//***@example.org/feed"),
        ("/feeds/saved.xml", "/feeds/saved.xml"),
        ("/mail/a:b@c.txt", "/mail/a:b@c.txt"),
    ],
)
def test_userinfo_and_secret_values_are_masked_and_nothing_else(url: str, shown: str) -> None:
    assert redact(url) == shown


@given(st.text())
def test_redacting_twice_is_redacting_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(
    st.from_regex(r"[a-z0-9]{12,20}", fullmatch=True),
    st.sampled_from(["key", "token", "sig", "password", "client_secret"]),
)
def test_no_secret_is_left_wherever_it_stands(secret: str, name: str) -> None:
    assert secret not in redact(f"https://{secret}:{secret}@example.org/f?a=1&{name}={secret}&b=2#{name}={secret}")
