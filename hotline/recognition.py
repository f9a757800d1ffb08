"""The recogniser that the settings ask for."""

import os
from pathlib import Path

from config.settings import Settings
from telephony.speech.models import model_folder
from telephony.speech.recognition import Recogniser


def recognition_model(settings: Settings) -> Path:
    """The folder of the model: the one that is set, or the usual place."""
    usual = model_folder(settings.hotline.data_dir, settings.speech.language)
    return settings.speech.recognition_model or usual


def recogniser(settings: Settings, *, model: Path | None = None) -> Recogniser:
    """With as many workers and the closing silence that are set; not started yet."""
    speech = settings.speech
    return Recogniser(
        model or recognition_model(settings),
        workers=speech.recognition_workers or max(1, (os.cpu_count() or 1) // 2),
        closing_seconds=speech.closing_silence_seconds,
    )
