"""The labelled cases of a set: what is on the line, and who really answered.

Two sets that share no sentence, no voice and no seed: `frozen` is measured, the rules
are developed on `tuning`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.answering import sounds
from benchmarks.answering.script import SCRIPTS, Script
from benchmarks.answering.sounds import silence
from benchmarks.answering.speaking import spoken
from telephony.speech.audio import TELEPHONE_RATE, Samples

LISTEN_SECONDS: Final = 8.0
"""How long the line is heard after the last sound, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call. `answered_seconds` is None when nobody ever answers (early media)."""

    name: str
    label: str
    words: str
    answered_seconds: float | None
    samples: Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What a case is made of before it goes over the line."""

    kind: str
    label: str
    parts: Sequence[Samples]
    words: str = ""
    early: Sequence[Samples] = ()
    answered: bool = True


_Maker = Callable[[Script, int, np.random.Generator], _Scene]


def cases(set_name: str) -> Iterator[Case]:
    """All of a set, one after the other; each is made of its number and the set's seed."""
    script = SCRIPTS[set_name]
    for number in range(script.cases):
        random = np.random.default_rng([script.seed, number])
        scene = _SCENES[number % len(_SCENES)](script, number // len(_SCENES), random)
        yield _case(f"{set_name}-{number:03}-{scene.kind}", scene, random)


def _case(name: str, scene: _Scene, random: np.random.Generator) -> Case:
    early = sum(len(part) for part in scene.early) / TELEPHONE_RATE
    return Case(
        name=name,
        label=scene.label,
        words=scene.words,
        answered_seconds=early if scene.answered else None,
        samples=sounds.over_the_line(
            [*scene.early, *scene.parts],
            random,
            gain_db=float(random.choice((6, 0, 0, -6, -12))),
            noise_kind=str(random.choice(("white", "white", "street", "hum"))),
            noise_dbfs=float(random.choice((-70, -60, -52, -45))),
            loss=float(random.choice((0, 0, 0, 0.01, 0.03))),
        ),
    )


def _pick(
    script: Script, sentences: Sequence[str], turn: int, random: np.random.Generator
) -> tuple[str, Samples]:
    text = sentences[turn % len(sentences)]
    voice = script.voices[int(random.integers(len(script.voices)))]
    return text, spoken(text, voice)


def _human(kind: str, sentences: str, wait: tuple[float, float]) -> _Maker:
    def make(script: Script, turn: int, random: np.random.Generator) -> _Scene:
        said = getattr(script, sentences)
        text, sound = _pick(script, said, turn, random)
        before, after = silence(random.uniform(*wait)), silence(LISTEN_SECONDS)
        return _Scene(
            kind=kind, label="human", parts=[before, sound, after], words=text
        )

    return make


def _human_again(script: Script, turn: int, random: np.random.Generator) -> _Scene:
    """喂 ... 喂: says it, hears nothing, says it again."""
    text, sound = _pick(script, script.short, turn, random)
    pause = silence(random.uniform(1.0, 2.0))
    parts = [silence(0.4), sound, pause, sound, silence(LISTEN_SECONDS)]
    return _Scene(kind="again", label="human", parts=parts, words=f"{text} {text}")


def _human_in_noise(script: Script, turn: int, random: np.random.Generator) -> _Scene:
    """In the street, or beside a machine: 10 to 18 dB above the noise."""
    text, sound = _pick(script, script.short, turn, random)
    whole = np.concatenate(
        [silence(random.uniform(0.3, 1.5)), sound, silence(LISTEN_SECONDS)]
    )
    kind = str(random.choice(("street", "white", "hum")))
    loud = sounds.dbfs(-20 - random.uniform(10, 18))
    around = loud * sounds.noise(len(whole) / TELEPHONE_RATE, kind, random)
    return _Scene(
        kind="noisy", label="human", parts=[whole + around[: len(whole)]], words=text
    )


def _human_after_rings(
    script: Script, turn: int, random: np.random.Generator
) -> _Scene:
    """Ring-back or a melody in early media, then somebody answers."""
    text, sound = _pick(script, script.short, turn, random)
    melody = turn % 2 == 0
    early = [sounds.music(random.uniform(3, 9), random)] if melody else []
    if not melody:
        early = [sounds.ring_back(int(random.integers(1, 3)))]
    parts = [silence(random.uniform(0.2, 1.2)), sound, silence(LISTEN_SECONDS)]
    kind = "after-melody" if melody else "after-rings"
    return _Scene(kind=kind, label="human", parts=parts, words=text, early=early)


def _voicemail(script: Script, turn: int, random: np.random.Generator) -> _Scene:
    """A greeting, the beep, and the line stays open."""
    text, sound = _pick(script, script.voicemail, turn, random)
    beep = sounds.beep(random.uniform(800, 1400), random.uniform(0.25, 0.7))
    pause = silence(random.uniform(0.1, 0.8))
    parts = [silence(random.uniform(0.1, 1)), sound, pause, beep, silence(5)]
    return _Scene(kind="voicemail", label="machine", parts=parts, words=text)


def _voicemail_later(script: Script, turn: int, random: np.random.Generator) -> _Scene:
    """The greeting begins late, has pauses, and there is no beep soon."""
    first, one = _pick(script, script.voicemail, turn + 1, random)
    second, two = _pick(script, script.voicemail, turn + 2, random)
    parts = [silence(random.uniform(1, 2.5)), one, silence(0.4), two, silence(3)]
    words = f"{first} {second}"
    return _Scene(kind="greeting", label="machine", parts=parts, words=words)


def _announcement(script: Script, turn: int, random: np.random.Generator) -> _Scene:
    """The network says why, in early media; nobody answers."""
    text, sound = _pick(script, script.announcements, turn, random)
    before = sounds.ring_back(1) if turn % 3 == 0 else silence(random.uniform(0.1, 1))
    if turn % 4 == 1:
        before = np.concatenate([before, sounds.special_information(), silence(0.3)])
    parts = [before, sound, silence(0.8), sound, silence(1)]
    return _Scene(
        kind="announcement",
        label="network_announcement",
        parts=parts,
        words=f"{text} {text}",
        answered=False,
    )


def _announcement_after_melody(
    script: Script, turn: int, random: np.random.Generator
) -> _Scene:
    text, sound = _pick(script, script.announcements, turn + 1, random)
    melody = sounds.music(random.uniform(4, 8), random)
    parts = [melody, silence(0.5), sound, silence(0.8), sound, silence(1)]
    return _Scene(
        kind="melody-announcement",
        label="network_announcement",
        parts=parts,
        words=f"{text} {text}",
        answered=False,
    )


def _announcement_answered(
    script: Script, turn: int, random: np.random.Generator
) -> _Scene:
    """A gateway that answers first and plays the announcement then: words alone tell."""
    text, sound = _pick(script, script.announcements, turn + 2, random)
    parts = [silence(random.uniform(0.1, 0.8)), sound, silence(0.8), sound, silence(2)]
    return _Scene(
        kind="answered-announcement",
        label="network_announcement",
        parts=parts,
        words=f"{text} {text}",
    )


def _rings_only(script: Script, turn: int, random: np.random.Generator) -> _Scene:
    """Ring-back, a melody or a busy tone in early media, and nobody answers."""
    choices = (
        sounds.ring_back(4),
        sounds.music(16, random),
        np.concatenate([sounds.ring_back(1), sounds.busy(8)]),
    )
    return _Scene(
        kind="rings-only",
        label="no_speech",
        parts=[choices[turn % len(choices)]],
        answered=False,
    )


def _silent(script: Script, turn: int, random: np.random.Generator) -> _Scene:
    """Somebody or something answers and says nothing; noise of a room, or clicks."""
    whole = silence(10)
    if turn % 2:
        kind = str(random.choice(("street", "white", "hum")))
        whole = whole + 0.02 * sounds.noise(10, kind, random)
    if turn % 3 == 0:
        for at in random.uniform(0.5, 9, 4):
            first = int(at * TELEPHONE_RATE)
            whole[first : first + 80] += 0.3 * random.standard_normal(80)
    return _Scene(kind="silent", label="no_speech", parts=[whole])


_SCENES = (
    _human("short", "short", (0.1, 1.0)),
    _voicemail,
    _announcement,
    _human("hello", "hello", (0.1, 1.5)),
    _silent,
    _human_again,
    _human_in_noise,
    _announcement_after_melody,
    _human("long", "long", (0.1, 0.8)),
    _voicemail_later,
    _rings_only,
    _human_after_rings,
    _human("late", "short", (1.5, 3.0)),
    _announcement_answered,
)
