"""A flow as a picture: a Mermaid flowchart that reads without the flow beside it."""

from collections.abc import Iterator

from ivr_flows.language import Flow
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.sentences import LANGUAGES, Speech
from ivr_flows.step import (
    CALL_BACK,
    CLOSED,
    FAILED,
    FULL,
    INVALID,
    LEFT,
    NO_QUEUE,
    NOBODY,
    OPEN,
    OTHERWISE,
    OVERFLOW,
    THEN,
    TIMEOUT,
    TOO_LONG,
    Step,
)
from ivr_flows.steps import EnqueueStep, HangUpStep, TransferStep

_SAID = {
    TIMEOUT: "no key",
    INVALID: "other key",
    OPEN: "open",
    CLOSED: "closed",
    TOO_LONG: "waited too long",
    LEFT: "leave key",
    NO_QUEUE: "no such queue",
    NOBODY: "no agent logged in",
    OVERFLOW: "queue too full",
    CALL_BACK: "call-back promised",
    FULL: "no place left",
    FAILED: "no answer",
    OTHERWISE: "otherwise",
}
_LONGEST = 40


def mermaid(flow: Flow, texts: Catalogue) -> str:
    """The flowchart: a box a step, an arrow for everything that can happen."""
    lines = ["flowchart TD", f'    call(["call"]) --> {_id(flow.first)}']
    for name, step in flow.steps.items():
        lines.append(f"    {_id(name)}{_box(name, step, flow, texts)}")
        lines += _arrows(flow, name, step)
    return "\n".join(lines) + "\n"


def _id(step: str) -> str:
    """A prefix, because some names (`end`) are words of Mermaid."""
    return f"step_{step}"


def _box(name: str, step: Step, flow: Flow, texts: Catalogue) -> str:
    said = first_words(step.wordings, flow, texts)
    what = f"{step.do}{object_of(step)}"
    label = "<br/>".join(_escaped(part) for part in (f"{name}: {what}", said) if part)
    if isinstance(step, HangUpStep):
        return f'(["{label}"])'
    return f'[["{label}"]]' if isinstance(step, EnqueueStep) else f'["{label}"]'


def object_of(step: Step) -> str:
    """To whom a step leads."""
    match step:
        case EnqueueStep():
            where = f" in {step.queue}" if step.queue else ""
            moves = (f", {key}: to {queue}" for key, queue in step.move_keys.items())
            return where + "".join(moves)
        case TransferStep():
            return f" to {step.target}"
        case _:
            return ""


def first_words(speech: Speech, flow: Flow, texts: Catalogue) -> str:
    """What is said first, not too long."""
    if not speech:
        return ""
    words, language = speech[0].in_language(flow.language or LANGUAGES[0])
    text = texts.text(words, language) or words
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _escaped(text: str) -> str:
    for sign, code in (("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(sign, code)
    return text


def _arrows(flow: Flow, name: str, step: Step) -> Iterator[str]:
    for target, words in ways_of(flow, name, step).items():
        if target:
            arrow = f'-- "{", ".join(words)}" -->' if words else "-->"
            yield f"    {_id(name)} {arrow} {_id(target)}"


def ways_of(flow: Flow, name: str, step: Step) -> dict[str, list[str]]:
    """The steps to which a step leads, each with the words for what must happen."""
    ways: dict[str, list[str]] = {}
    for on, target in flow.exits(name).items():
        words = ways.setdefault(target or "", [])
        words += [word] if (word := _word(on, step)) else []
    return ways


def _word(on: str, step: Step) -> str:
    if on == THEN:
        return "after the talk" if isinstance(step, EnqueueStep | TransferStep) else ""
    return _SAID.get(on, on)
