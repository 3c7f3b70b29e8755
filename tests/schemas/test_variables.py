import pytest

from newslake.schemas.raw import SourceSettings
from newslake.schemas.variables import UnsetVariableError, fill_in

ENVIRONMENT = {"TOKEN": "abc", "PASSWORD": "p${x}", "EMPTY": ""}


def test_a_text_is_filled_in_once_so_a_secret_may_look_like_a_variable() -> None:
    assert fill_in("${TOKEN} and ${PASSWORD}, $TOKEN {TOKEN}", ENVIRONMENT) == "abc and p${x}, $TOKEN {TOKEN}"


def test_all_variables_that_are_not_set_are_named_once() -> None:
    with pytest.raises(UnsetVariableError, match=r"the environment variable EMPTY, GONE is not set"):
        fill_in("${EMPTY}${GONE}${EMPTY}", ENVIRONMENT)


def test_settings_get_their_header_and_secrets_where_the_feed_is_asked() -> None:
    written = SourceSettings(
        headers=(("X-Key", "${TOKEN}"),), user="u", password="${PASSWORD}", proxy="http://me:${TOKEN}@proxy.example:1"
    )
    filled = written.filled_in(ENVIRONMENT)
    assert filled.headers == (("X-Key", "abc"), ("Authorization", "Basic dTpwJHt4fQ=="))
    assert (filled.user, filled.password, filled.proxy) == (None, None, "http://me:abc@proxy.example:1")
    assert filled.secrets == ("p${x}", "abc")


def test_how_a_feed_is_reached_does_not_change_how_it_is_read() -> None:
    plain, written = SourceSettings(), SourceSettings(user="u", password="${TOKEN}")
    assert plain.digest("1") == written.digest("1")
    assert plain.reach_digest() != written.filled_in(ENVIRONMENT).reach_digest()
    assert written.filled_in(ENVIRONMENT).reach_digest() != written.filled_in({"TOKEN": "new"}).reach_digest()
