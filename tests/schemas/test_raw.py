from newslake.schemas.raw import RawArticle, hide_in_article


def test_words_are_hidden_in_an_article_but_not_in_the_names_of_its_source() -> None:
    article = RawArticle(
        "https://t0ken.example/",
        "entry 1",
        url="https://p.example/?t0ken",
        headline="t0ken",
        dates=(("feed", "t0ken"),),
        images=(("https://p.example/t0ken.jpg", None, "t0ken"),),
        payload=b"t0ken",
    )
    assert hide_in_article(article, ()) is article
    assert hide_in_article(article, ("t0ken",)) == RawArticle(
        "https://t0ken.example/",
        "entry 1",
        url="https://p.example/?***",
        headline="***",
        dates=(("feed", "***"),),
        images=(("https://p.example/***.jpg", None, "***"),),
        payload=b"***",
    )
