"""The hotline's questions with a tone each, so that who is rung knows what he is asked."""

from pathlib import Path

import numpy as np

from hotline.demo.outside import QUESTIONS, question_tone_hz
from hotline.demo.voices import seconds_heard, speech_file, write_voice
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.prompts.numerals import as_spoken
from telephony.speech.synthesis import Synthesiser

VOICE = "sit/cmn-latn-pinyin"
HEADER_BYTES, SAMPLE_BYTES = 44, 2
EAR_SECONDS = 0.5
_TONES = {question_tone_hz(question): question for question in QUESTIONS}


async def record_questions(folder: Path, speech: Path) -> None:
    """Have them as a city's own recordings in `folder`; `speech` keeps what is spoken."""
    catalogue, own = Catalogue(), folder / "zh"
    own.mkdir(exist_ok=True)
    async with Synthesiser() as synthesiser:
        for question in QUESTIONS:
            words = as_spoken(catalogue.text(question, "zh"), "zh")
            spoken = speech_file(speech, words)
            if not spoken.exists():
                await synthesiser.speak(words, spoken, voice=VOICE)
            file, hz = own / f"{question}.wav", question_tone_hz(question)
            write_voice(file, [words], hz, speech)


def question_heard(file: Path) -> str:
    """Which question sounds at the end of a leg's growing recording, "" when none does."""
    wanted = round(EAR_SECONDS * 8000)
    with file.open("rb") as heard:
        heard.seek(0, 2)
        whole = max(0, heard.tell() - HEADER_BYTES) // SAMPLE_BYTES
        heard.seek(HEADER_BYTES + max(0, whole - wanted) * SAMPLE_BYTES)
        samples = np.frombuffer(heard.read(wanted * SAMPLE_BYTES), "<i2") / 32768
    heard_for = seconds_heard(samples, list(_TONES))
    loudest = max(heard_for, key=heard_for.__getitem__, default=0)
    return _TONES[loudest] if heard_for.get(loudest, 0) >= EAR_SECONDS else ""
