"""`hotline speech` with a real model."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from hotline.speech_commands import app
from telephony.speech import audio
from tests import korean
from tests.unit.hotline.test_speech_commands import settings_file

pytestmark = pytest.mark.integration

RUNNER = CliRunner()


def test_words_that_a_model_does_not_know_are_reported(tmp_path: Path) -> None:
    """The Korean model knows no word of Mandarin: all are named."""
    file = settings_file(tmp_path, f'recognition_model = "{korean.model()}"')
    told = RUNNER.invoke(app, ["check", "--config", str(file)])
    assert told.exit_code == 0
    assert "does not know" in told.stdout
    assert "满意" in told.stdout


def test_recording_is_recognised_and_understood(tmp_path: Path) -> None:
    file = tmp_path / "answer.wav"
    sound = korean.quiet(0.5), korean.spoken("아니요"), korean.quiet(1)
    audio.write_wav(file, np.concatenate(sound) / 32768)
    model, options = str(korean.model()), ["--language", "ko", "--question", "solved"]
    told = RUNNER.invoke(app, ["recognise", str(file), "--model", model, *options])
    assert told.exit_code == 0, told.stderr
    assert "아니요" in told.stdout
    assert "no (" in told.stdout
