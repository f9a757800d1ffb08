"""Numbers that citizens speak are masked, and nothing else is."""

import pytest

from outbound.spoken_words import masked_words


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("打 13812345678 找我", "打 **** 找我"),
        (
            "我的 电话 是 幺 三 八 幺 二 三 四 五 六 七 八 请 回电",
            "我的 电话 是 **** 请 回电",
        ),
        ("身份证 37010219900101123X", "身份证 ****"),
        ("0531-8888 8888", "****"),
        ("138,1234,5678 로 전화", "**** 로 전화"),
        ("공 일 공 일 이 삼 사 오 육 칠 팔", "****"),
        ("call one three eight one two three four, thanks", "call ****, thanks"),
        ("no one came, two or three times", "no one came, two or three times"),
        ("이 사람 이 오 지 않았어요", "이 사람 이 오 지 않았어요"),
        ("水管 坏 了 三 个 月", "水管 坏 了 三 个 月"),
        ("2026 年 11 月 没 人 来", "2026 年 11 月 没 人 来"),
        ("", ""),
    ],
)
def test_long_numbers_are_masked(said: str, shown: str) -> None:
    assert masked_words(said) == shown
