"""The room on the recordings' disk."""

import os
from pathlib import Path

from recordings.disk import room_of


def test_room_is_what_an_ordinary_user_may_still_write(tmp_path: Path) -> None:
    room = room_of(tmp_path, wanted_megabytes=500)
    place = os.statvfs(tmp_path)
    assert 0 < room.free <= place.f_blocks * place.f_frsize
    assert room.wanted == 500_000_000


def test_disk_that_cannot_be_asked_has_no_room(tmp_path: Path) -> None:
    assert room_of(tmp_path / "gone", wanted_megabytes=1).free == 0
