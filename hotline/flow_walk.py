"""A walk through a flow on a terminal: what is said, keys typed, no telephone.

It goes where a trial on the page goes (`ivr_flows/trial.py`); here are only the words.
"""

import sys
from collections.abc import Callable, Sequence

import typer

from ivr_flows.language import Flow
from ivr_flows.step import KEYS
from ivr_flows.trial import (
    DONE,
    SAID,
    SILENCE,
    TALKED,
    Kind,
    Standing,
    Trial,
    TrialLine,
)
from ivr_flows.understanding.answers import Answer
from ivr_flows.understanding.meaning import understand

Try = Callable[[Sequence[str]], Trial]
"""Where a call stands after these acts."""


def walk(flow: Flow, tried: Try) -> None:
    """From the first step until the flow hangs up; the keys come from standard input."""
    acts: list[str] = []
    trial, shown = tried(acts), 0
    while True:
        for line in trial.lines[shown:]:
            _tell(flow, line)
        shown = len(trial.lines)
        if trial.standing is Standing.OVER:
            break
        acts, trial = _gone_on(tried, acts, trial)
    typer.echo("  hangs up")


def _tell(flow: Flow, line: TrialLine) -> None:
    match line.kind:
        case Kind.STEP:
            typer.echo(f"[{line.text}] {flow.steps[line.text].do}")
        case Kind.SAYS:
            typer.echo(f"  says: {line.text}")
        case Kind.RESULT:
            typer.echo(f"  -> {line.text}")
        case Kind.ACT:
            """It was typed, and stands there."""


def _gone_on(tried: Try, acts: list[str], trial: Trial) -> tuple[list[str], Trial]:
    """The acts with what was typed now, and where the call stands then."""
    match trial.standing:
        case Standing.KEYS:
            return _entered(tried, acts)
        case Standing.ANSWER:
            acts = [*acts, _answered(trial)]
        case Standing.WORDS:
            said = _ask("  what he says, in words of his own (Enter: nothing)")
            acts = [*acts, DONE if said else SILENCE]
        case Standing.MESSAGE:
            _ask("  the caller speaks a message; Enter when he is done")
            acts = [*acts, DONE]
        case Standing.QUEUE:
            queue = repr(trial.queue) if trial.queue else "the first queue"
            acts = [*acts, _choice(f"waits for an agent of {queue}", trial)]
        case _:
            acts = [*acts, _choice(f"is put through to {trial.queue}", trial)]
    return acts, tried(acts)


def _entered(tried: Try, acts: list[str]) -> tuple[list[str], Trial]:
    """Key by key until the entry is complete; what was typed after that is not pressed."""
    for key in _keys():
        acts = [*acts, key]
        trial = tried(acts)
        if not trial.entered:
            return acts, trial
    acts = [*acts, SILENCE]
    return acts, tried(acts)


def _keys() -> str:
    while True:
        typed = _ask("  keys (Enter: none)")
        wrong = [key for key in typed if key not in KEYS]
        if not wrong:
            return typed
        typer.echo(f"  {wrong[0]!r} is no key of a telephone; keys are 0-9, * and #")


def _answered(trial: Trial) -> str:
    """A key, or else words, which are understood as a caller's are."""
    typed = _ask("  a key, or what he says (Enter: nothing)")
    if not typed or (len(typed) == 1 and typed in KEYS):
        return typed or SILENCE
    assert trial.question, "an answer is waited for"
    found = understand(typed, trial.question, trial.language)
    understood = f"{SAID}{found.answer}"
    possible = {each.act for each in trial.next}
    return understood if understood in possible else f"{SAID}{Answer.UNCLEAR}"


def _choice(standing: str, trial: Trial) -> str:
    """One of the ways on, by its first letters; Enter takes the talk."""
    possible = [each.act for each in trial.next]
    ways = sorted(possible, key=lambda act: (act != TALKED, act in KEYS))
    while True:
        typed = _ask(f"  {standing}; what happens? {'/'.join(ways)}")
        for way in ways:
            if way.startswith(typed):
                return way
        typer.echo(f"  write one of {', '.join(ways)}")


def _ask(question: str) -> str:
    """A line of standard input; nothing more there is like Enter."""
    typer.echo(f"{question}: ", nl=False)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        typer.echo(line.rstrip("\n"))
    return line.strip()
