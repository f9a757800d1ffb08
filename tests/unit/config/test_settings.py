"""Settings are read once, strictly, and a mistake is told so that it can be mended."""

import re
from pathlib import Path

import pytest

from config.setting_errors import SettingsError
from config.settings import Settings, load_settings

SHIPPED = Path(__file__).parents[3] / "config" / "hotline.toml"
SMALLEST = """
[sip]
port = 5080
[[queues]]
name = "general"
[[agents]]
id = "1001"
contact = "sip:1001@127.0.0.1:5260"
queues = ["general"]
"""


def settings_of(tmp_path: Path, text: str) -> Settings:
    """Load a file with this text."""
    file = tmp_path / "hotline.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def fault_of(tmp_path: Path, text: str) -> str:
    """What a person is told about this file."""
    with pytest.raises(SettingsError) as error:
        settings_of(tmp_path, text)
    return str(error.value)


def test_sip_one_queue_and_one_agent_are_enough(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, SMALLEST)
    assert settings.sip.port == 5080
    assert settings.agents[0].queues == ("general",)


def test_shipped_file_is_valid_and_shows_the_true_defaults(tmp_path: Path) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    load_settings(SHIPPED)
    optional = (
        "flows_dir",
        "holidays_file",
        "prompts_dir",
        "music",
        "hours =",
        "key_file",
        "max_penalty",
        "print_font",
        "recognition_model",
        "screen_pop",
        "secret_file",
        "target_share = 0.8",
        "target_within_seconds",
        "tls_",
        "token_file",
        "called",
        "flow =",
    )
    lines = re.sub(r"(?m)^# ([a-z_]+ = )", r"\1", shipped).splitlines()
    shown = [line for line in lines if not line.startswith(optional)]
    for example in ("mqtt://127.0.0.1:1883", "https://orders.example/hotline/results"):
        shown = [line.replace(example, "") for line in shown]
    text = "\n".join(shown)
    assert settings_of(tmp_path, text) == load_settings(SHIPPED)


def test_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_SIP__PORT", "5099")
    assert settings_of(tmp_path, SMALLEST).sip.port == 5099


def test_unknown_key_names_the_nearest_known_one(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, "[sip]\nprot = 5060\n")
    assert "sip.prot is not a setting; did you mean 'port'?" in fault


def test_unknown_section_names_the_nearest_known_one(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, "[recording]\nretention_days = 90\n")
    assert "recording is not a setting; did you mean 'recordings'?" in fault


def test_fault_in_a_list_names_the_entry_by_its_place(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, '[[agents]]\nid = "1"\ncontact = "1001"\n')
    assert "agents[1].contact" in fault


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sip]\nport = 70000", "sip.port"),
        ('[sip]\nrtp_ports = "5-4"', "'28000-31999'"),
        ('[sip]\nrtp_ports = "many"', "'28000-31999'"),
        ('[sip]\ntransports = ["tls"]', "tls_certificate"),
        ('[sip]\ntrusted_peers = ["everyone"]', "sip.trusted_peers[1]"),
        ('[hotline]\ntimezone = "Jinan"', "'Asia/Shanghai'"),
        ('[mqtt]\nurl = "broker"', "mqtt.url"),
        ("[recordings]\nretention_days = 3", "recordings.retention_days"),
        ('[[queues]]\nname = "a"\n[[queues]]\nname = "a"', "two queues are called 'a'"),
        (
            '[[agents]]\nid = "1"\ncontact = "sip:1@127.0.0.1"\nqueues = ["tax"]',
            "queue 'tax', which does not exist; queues are: general",
        ),
        ("queues = []", "queues: Tuple should have at least 1 item"),
        ("[sip\nport = 1", "cannot be read"),
    ],
)
def test_wrong_value_is_told_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    assert message in fault_of(tmp_path, text)


def test_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"does not exist. Make one with: cp"):
        load_settings(tmp_path / "hotline.toml")
