"""What stories of campaigns stand on: a database that is ready, and answers at once."""

from pathlib import Path

import pytest

from tests.fakes.migrated import migrated
from tests.fakes.sqlite import answers_at_once


@pytest.fixture
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the test's own."""
    answers_at_once(monkeypatch)
    return migrated(tmp_path / "hotline.sqlite")
