import pytest

from newslake.transforms.feeds.pictures import Picture, distinct_pictures, pictures_in

BASE = "https://news.example/feed"


def urls(*pictures: Picture) -> list[str]:
    return [url for url, _, _ in distinct_pictures(pictures, BASE)]


def urls_in(markup: str) -> list[str]:
    return urls(*pictures_in(markup))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('src="/p.jpg"', ["https://news.example/p.jpg"]),
        ("src=/p.jpg", ["https://news.example/p.jpg"]),
        ('alt="a > b" src="/p.jpg?a=1&amp;b=2"', ["https://news.example/p.jpg?a=1&b=2"]),
        ('src="data:image/gif;base64,R0" data-src="/p.jpg"', ["https://news.example/p.jpg"]),
        ('src="/blank.gif" data-lazy-src="/p.jpg"', ["https://news.example/p.jpg"]),
        ('srcset="/s.jpg 320w, /l.jpg 1024w, /m.jpg 640w"', ["https://news.example/l.jpg"]),
        ('src="data:image/gif;base64,R0" data-srcset="/s.jpg, /l.jpg 2x"', ["https://news.example/l.jpg"]),
        ('src="data:image/gif;base64,R0"', []),
        ('alt="none"', []),
    ],
)
def test_the_address_of_a_picture_in_a_text(attributes: str, expected: list[str]) -> None:
    assert urls_in(f"<p>Text</p><IMG {attributes}>") == expected


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="https://secure.gravatar.com/avatar/0a?s=96">',
        '<img class="avatar avatar-64 photo" src="/ann.jpg">',
        '<img class="post-author__photo" src="/ann.jpg">',
        '<img src="/users/avatars/7.png">',
        '<img src="/p.gif" width="1" height="1">',
        '<img src="/p.gif" width=1px>',
        '<img src="/p.gif" style="width:1px;height:1px">',
        '<img src="/icon.png" width="16" height="16">',
        '<img src="https://feeds.feedburner.com/~r/news/~4/0a">',
        '<img src="https://ad.doubleclick.net/ad/0a">',
        '<img src="https://pixel.wp.com/b.gif?x=1">',
        '<img src="https://s.w.org/images/core/emoji/14/72x72/1f600.png">',
        '<img class="wp-smiley" src="/happy.png">',
        '<img src="/smilies/happy.gif">',
        '<img src="/img/1x1.gif">',
    ],
)
def test_a_picture_that_shows_nothing_is_left_out(tag: str) -> None:
    assert urls_in(f'{tag}<img src="/p.jpg">') == ["https://news.example/p.jpg"]


def test_each_picture_stands_once_in_its_largest_size() -> None:
    small, large = Picture("/p.jpg?w=140", "Harbour", None, 140), Picture("/p.jpg?w=700", None, "Ann", 700, 400)
    assert distinct_pictures([small, large], BASE) == (("https://news.example/p.jpg?w=700", "Harbour", "Ann"),)
    assert distinct_pictures([large, small], BASE) == (("https://news.example/p.jpg?w=700", "Harbour", "Ann"),)
    assert urls(Picture("/p-300x200.jpg"), Picture("/q.jpg"), Picture("/p.jpg"), Picture("/p-768x512.jpg")) == [
        "https://news.example/p.jpg",
        "https://news.example/q.jpg",
    ]
    assert urls(Picture("/image.php?id=1"), Picture("/image.php?id=2")) == [
        "https://news.example/image.php?id=1",
        "https://news.example/image.php?id=2",
    ]
