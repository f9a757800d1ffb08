"""The broker's URL: what is understood, and what is said of a wrong one."""

import pytest

from config.setting_errors import SettingsError
from console.mqtt_broker import parse_url


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("mqtt://127.0.0.1", "127.0.0.1", 1883, False),
        ("mqtts://broker.example", "broker.example", 8883, True),
        ("mqtt://[::1]:2000/", "::1", 2000, False),
    ],
)
def test_url_is_taken_apart(url: str, host: str, port: int, tls: bool) -> None:
    parsed = parse_url(url)
    assert (parsed.host, parsed.port, parsed.tls) == (host, port, tls)
    assert (parsed.username, parsed.password) == (None, None)


def test_user_and_password_are_unescaped_and_never_shown() -> None:
    parsed = parse_url("mqtt://city:p%40ss@broker:1883")
    assert (parsed.username, parsed.password) == ("city", "p@ss")
    assert "p@ss" not in f"{parsed} {parsed!r}"


@pytest.mark.parametrize(
    "url",
    [
        "mqtt://",
        "mqtt://:1883",
        "mqtt://host:port",
        "mqtt://host:70000",
        "http://host",
        "mqtt://host/topic",
        "mqtt://host?x=1",
        "mqtt://a..b",
        "mqtt://[::1",
        "",
    ],
)
def test_wrong_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(SettingsError, match=r"mqtt://127\.0\.0\.1:1883"):
        parse_url(url)


def test_wrong_url_with_a_password_does_not_show_it() -> None:
    with pytest.raises(SettingsError) as caught:
        parse_url("mqtt://city:secret@host:port")
    assert "secret" not in str(caught.value)
