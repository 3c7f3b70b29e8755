"""The one place where an unexpected error becomes a reject."""

from newslake.schemas.raw import RawArticle
from newslake.schemas.reject import Reason, Reject, Stage
from newslake.transforms.side_outputs import attempt


def test_an_unexpected_error_of_one_article_costs_that_article_alone() -> None:
    def shout(raw: RawArticle) -> str | Reject:
        assert raw.headline is not None
        return raw.headline.upper()

    articles = [
        RawArticle("file", f"line {number}", headline=text, payload=b"raw")
        for number, text in enumerate(("a", None, "c"))
    ]
    outcome = attempt(shout, [(article,) for article in articles], Stage.NORMALISE_ARTICLES)
    assert outcome.made == [("A", articles[0]), ("C", articles[2])]
    (reject,) = outcome.rejected
    assert (reject.reason, reject.source_uri, reject.payload) == (Reason.INTERNAL_ERROR, "file", b"raw")
    assert reject.detail.startswith("line 1: Traceback")
    assert "AssertionError" in reject.detail


def test_a_reject_that_is_returned_is_passed_on() -> None:
    refused = Reject(Stage.NORMALISE_ARTICLES, Reason.NO_CONTENT, "file", "line 1")
    outcome = attempt(lambda _: refused, [(RawArticle("file", "line 1"),)], Stage.NORMALISE_ARTICLES)
    assert (outcome.made, outcome.rejected) == ([], [refused])
