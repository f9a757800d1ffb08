"""The demo works in a folder of its own, and lets everybody else's alone."""

import os
import socket
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pytest

from config.settings import load_settings
from hotline.demo.folder import DemoError, demo_folder
from hotline.demo.places import DEMOS_AT_ONCE, Places, free_places


@pytest.fixture(autouse=True)
def locks_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo that runs on this machine must not feel the tests."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    records = tmp_path / "hotline.sqlite"
    records.write_text("somebody's")
    with pytest.raises(DemoError, match="left alone"), demo_folder(tmp_path):
        pass
    assert records.exists()


def test_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        demo_folder(tmp_path / "demo"),
        pytest.raises(DemoError, match="another demo"),
        demo_folder(tmp_path / "demo"),
    ):
        pass


def test_new_demo_begins_empty_but_keeps_synthesised_speech(tmp_path: Path) -> None:
    with demo_folder(tmp_path / "demo") as folder:
        (folder.data / "hotline.sqlite").touch()
        (folder.data / "prompts" / "a.wav").touch()
        (folder.speech / "b.wav").touch()
        folder.log("hotline").touch()
    with demo_folder(tmp_path / "demo") as folder:
        assert os.listdir(folder.data) == ["prompts"]
        assert (folder.prompts / "a.wav").exists()
        assert (folder.speech / "b.wav").exists()
        assert not folder.log("hotline").exists()


def test_generated_settings_are_good_and_stay_on_loopback(tmp_path: Path) -> None:
    with demo_folder(tmp_path / 'a "quoted" 文件夹') as folder:
        folder.config.write_text(Places.of(0).settings(folder, 2), encoding="utf-8")
        settings = load_settings(folder.config)
        assert settings.hotline.data_dir == folder.data
    assert settings.sip.address.is_loopback
    assert settings.console.address.is_loopback
    assert [agent.id for agent in settings.agents] == ["1001", "1002"]
    assert {agent.state for agent in settings.agents} == {"logged_out"}


def test_ports_that_are_taken_are_passed_over() -> None:
    with free_places() as first:
        pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", first.citizens))
        with free_places() as second:
            assert second != first


def test_two_demos_at_once_never_share_a_port() -> None:
    with free_places() as first, free_places() as second:
        shared = set(asdict(first).values()) & set(asdict(second).values())
        assert not shared


def test_demo_without_any_free_port_says_so() -> None:
    with ExitStack() as demos, pytest.raises(DemoError, match="are taken"):
        for _ in range(DEMOS_AT_ONCE + 1):
            demos.enter_context(free_places())
