"""What the service says of its speech models as it starts."""

from pathlib import Path

import pytest

from config.settings import load_settings
from hotline.recognition import open_recognisers
from tests import korean
from tests.unit.hotline.test_speech_commands import settings_file

pytestmark = pytest.mark.integration


async def test_words_that_a_model_does_not_know_are_told_before_anybody_speaks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    models = f'recognition_models = {{ko = "{korean.model()}"}}'
    settings = load_settings(settings_file(tmp_path, models, "recognition_workers = 1"))
    async with open_recognisers(settings) as found:
        assert list(found.by_language) == ["ko"]
        assert not found.failed
    (told,) = (each for each in caplog.messages if "does not know" in each)
    assert "phrases in ko are never heard" in told
    assert "없었어요" in told
    assert "네" not in told.rpartition(": ")[2].split(", ")
