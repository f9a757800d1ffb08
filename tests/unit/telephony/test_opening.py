"""What the library is told at its start, as far as it needs no library running."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from telephony.pjsua import opening


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ("nameserver 192.0.2.53\n", ["192.0.2.53"]),
        (
            "# c\nsearch x\nnameserver fe80::1%eth0\nnameserver 192.0.2.1\n",
            ["192.0.2.1"],
        ),
        ("nameserver\nnameserver not-an-address\n", ["127.0.0.1"]),
        ("", ["127.0.0.1"]),
        ("nameserver 192.0.2.1\n" * 9, ["192.0.2.1"] * 4),
    ],
)
def test_name_servers_are_those_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, servers: list[str]
) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text(text)
    monkeypatch.setattr(opening, "RESOLVER_SETTINGS", file)
    assert opening.name_servers() == servers


def test_system_without_settings_has_a_local_name_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "RESOLVER_SETTINGS", tmp_path / "none")
    assert opening.name_servers() == ["127.0.0.1"]


def test_any_address_means_both_families() -> None:
    assert [a.version for a in opening.families(ip_address("::"))] == [4, 6]
    assert opening.families(ip_address("0.0.0.0")) == (ip_address("0.0.0.0"),)
    assert opening.families(ip_address("::1")) == (ip_address("::1"),)
