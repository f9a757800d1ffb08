"""A post's day as a picture, in every language that a city may speak."""

from datetime import date
from typing import get_args
from xml.etree import ElementTree

import pytest

from acd.people.person import Post
from acd.rosters.day_staff import PostStaff
from acd.rosters.picture import day_picture
from config.settings import SpokenLanguage

DAY = date(2026, 12, 1)
STAFF = PostStaff(
    post=Post.CALL_BACK, rostered=(3,) * 96, required=(2,) * 40 + (5,) * 56
)


def words(language: str) -> str:
    root = ElementTree.fromstring(day_picture(DAY, STAFF, language))
    return " ".join(each.text or "" for each in root.iter())


@pytest.mark.parametrize(
    ("language", "title", "post"),
    [
        ("zh", "排班", "回拨"),
        ("en", "Roster", "call-back"),
        ("ko", "Roster", "call-back"),
    ],
)
def test_day_is_drawn_in_the_language_of_the_city_or_in_english(
    language: str, title: str, post: str
) -> None:
    assert language in get_args(SpokenLanguage)
    assert f"{title} 2026-12-01 · {post}" in words(language)


def test_what_is_missing_is_counted_in_words() -> None:
    assert "missing: 112 people for a quarter of an hour, 56 quarters" in words("en")
