"""How often each kind of answer is told from the others, false machines first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rich.console import Console
from rich.table import Table

from benchmarks.answering.cases import Case
from benchmarks.answering.reading import Reader
from outbound.answer_detection import AnswerDetector, AnsweredBy, Verdict
from telephony.speech.audio import TELEPHONE_RATE
from telephony.speech.following import Reading
from telephony.speech.levels import Pcm
from telephony.speech.vosk_stream import STEP_SAMPLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case and its verdict."""

    name: str
    label: AnsweredBy
    verdict: Verdict
    answered_seconds: float | None

    @property
    def correct(self) -> bool:
        """Whether the verdict is the label."""
        return self.verdict.answered_by is self.label

    @property
    def costly(self) -> bool:
        """A person who is hung up on: the worst that detection can do."""
        human = self.label is AnsweredBy.HUMAN
        return human and self.verdict.answered_by in (
            AnsweredBy.MACHINE,
            AnsweredBy.NETWORK_ANNOUNCEMENT,
        )


def judged(made: Iterable[Case], reader: Reader) -> Iterator[Judged]:
    """Each case's verdict, with the words that this reader tells."""
    for case in made:
        yield Judged(
            name=case.name,
            label=AnsweredBy(case.label),
            verdict=_verdict(case, reader),
            answered_seconds=case.answered_seconds,
        )


def _verdict(case: Case, reader: Reader) -> Verdict:
    detector = AnswerDetector(words=reader.words)
    pcm: Pcm = (case.samples * 32767).astype("<i2")
    answered = case.answered_seconds
    before = len(pcm) if answered is None else round(answered * TELEPHONE_RATE)
    _fed(detector, pcm[:before], reader.readings(case, pcm[:before], 0))
    if answered is not None:
        detector.answered()
        _fed(detector, pcm[before:], reader.readings(case, pcm, answered))
    return detector.finish()


def _fed(detector: AnswerDetector, pcm: Pcm, readings: Iterator[Reading]) -> None:
    """Step by step; words are a step later than their sound."""
    for at in range(0, len(pcm), STEP_SAMPLES):
        for told in islice(readings, 1):
            detector.read(told)
        detector.feed(pcm[at : at + STEP_SAMPLES])


def print_judged(results: Sequence[Judged], console: Console, *, title: str) -> None:
    """People taken for machines, then all other mistakes, then the confusion."""
    console.print(f"{title}: {len(results)} synthetic calls", style="bold")
    false = [one for one in results if one.costly]
    humans = sum(one.label is AnsweredBy.HUMAN for one in results)
    console.print(f"people taken for a machine: {len(false)} of {humans}")
    for one in [*false, *(r for r in results if not r.correct and not r.costly)]:
        told = f"{one.verdict.answered_by} ({one.verdict.reason})"
        console.print(f"  {one.name}: {told}", markup=False, highlight=False)
    console.print(_confusion(results))
    correct = sum(one.correct for one in results)
    console.print(f"correct: {correct} of {len(results)}, {correct / len(results):.1%}")


def _confusion(results: Sequence[Judged]) -> Table:
    counts = Counter((one.label, one.verdict.answered_by) for one in results)
    made = Table(title="label (lines), verdict (columns)", title_justify="left")
    for name in ("", *AnsweredBy):
        made.add_column(name.replace("_", "\n"), justify="right" if name else "left")
    for label in AnsweredBy:
        if any(one.label is label for one in results):
            made.add_row(label, *(str(counts[label, v] or "") for v in AnsweredBy))
    return made
