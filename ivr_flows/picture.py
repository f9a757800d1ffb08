"""A flow as an SVG picture: a box a step, an arrow for everything that can happen.

It has no style of its own, so that a strict page may hold it: colours are attributes,
which a page's style sheet changes by the classes.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from ivr_flows.graph import first_words, object_of, ways_of
from ivr_flows.language import Flow
from ivr_flows.layout import Arrow, Laid, Point, Size, lay_out
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.step import Step
from ivr_flows.steps import EnqueueStep, HangUpStep

BOX = Size(width=224, height=64)
BEGINNING = Size(width=84, height=64)
WORDS_HEIGHT, MARGIN, FONT = 58.0, 14.0, 13.0
CALL = ""
"""The box at the top: a call comes in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a reader shall see first: where a call stands, which way it came, faults."""

    step: str = ""
    passed: Collection[str] = ()
    faulty_lines: Mapping[int, str] = field(default_factory=dict)


NO_MARKS = Marks()


def picture(
    flow: Flow,
    texts: Catalogue,
    say: Callable[[str], str] = str,
    marks: Marks = NO_MARKS,
) -> str:
    """The SVG; `say` puts its few own words into the reader's language.

    `PictureTooLarge` when its arrows are too many and too long.
    """
    arrows = list(_arrows(flow, say))
    sizes = {CALL: BEGINNING, **dict.fromkeys(flow.steps, BOX)}
    laid = lay_out(
        sizes,
        [arrow for arrow, _ in arrows],
        Size(width=WORDS_HEIGHT, height=BOX.height),
    )
    title = escape(flow.title or flow.name)
    lines = [
        *_opening(laid.size, title),
        *_lines_of(laid, [arrow for arrow, _ in arrows], marks),
        *_labels(laid, [words for _, words in arrows]),
        _beginning(laid.boxes[CALL], say),
    ]
    for name, step in flow.steps.items():
        lines += _box(flow, name, step, laid.boxes[name], texts, say, marks)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _opening(size: Size, title: str) -> Iterator[str]:
    width, height = size.width + 2 * MARGIN, size.height + 2 * MARGIN
    view = f"{-MARGIN:g} {-MARGIN:g} {width:.0f} {height:.0f}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow-picture" role="img" '
        f'aria-label="{title}" viewBox="{view}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="sans-serif" font-size="{FONT:g}">'
    )
    yield f"<title>{title}</title>"
    yield (
        '<defs><marker id="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" '
        'markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="head" d="M0 0 8 4 0 8z" fill="#4d5b6b"/></marker></defs>'
    )


def _arrows(flow: Flow, say: Callable[[str], str]) -> Iterator[tuple[Arrow, str]]:
    nothing = Size(width=0, height=0)
    yield Arrow(start=CALL, end=flow.first, label=nothing), ""
    for name, step in flow.steps.items():
        for target, words in ways_of(flow, name, step).items():
            if target not in flow.steps or target == name:
                continue
            said = _cut(", ".join(say(word) for word in words), BOX.width)
            size = Size(width=_width(said), height=FONT)
            yield Arrow(start=name, end=target, label=size), said


def _lines_of(laid: Laid, arrows: Sequence[Arrow], marks: Marks) -> Iterator[str]:
    ports = _ports(laid, arrows)
    way = list(marks.passed)
    walked = set(pairwise(way))
    for bends, arrow, (start, end) in zip(laid.bends, arrows, ports, strict=True):
        passed = " passed" if (arrow.start, arrow.end) in walked else ""
        path = _path(bends, start, end)
        yield (
            f'<path class="way{passed}" d="{path}" fill="none" stroke="#4d5b6b" '
            'stroke-width="1.5" marker-end="url(#flow-arrow)"/>'
        )


def _ports(laid: Laid, arrows: Sequence[Arrow]) -> list[tuple[Point, Point]]:
    """Where each arrow leaves and enters: side by side, in the order of where they go."""
    leaving: dict[str, list[int]] = {}
    entering: dict[str, list[int]] = {}
    for n, arrow in enumerate(arrows):
        leaving.setdefault(arrow.start, []).append(n)
        entering.setdefault(arrow.end, []).append(n)
    starts = dict(_spread(laid, leaving, step=1))
    ends = dict(_spread(laid, entering, step=-2))
    return [(starts[n], ends[n]) for n in range(len(arrows))]


def _spread(
    laid: Laid, by_box: Mapping[str, Sequence[int]], step: int
) -> Iterator[tuple[int, Point]]:
    for name, numbers in by_box.items():
        x, y = laid.boxes[name]
        near = {n: laid.bends[n][step] for n in numbers}
        room = (BEGINNING if name == CALL else BOX).width * 0.7
        for down in (True, False):
            side = [n for n in numbers if (near[n][1] > y) == down]
            side.sort(key=lambda n: near[n][0])
            for place, n in enumerate(side):
                shift = ((place + 0.5) / len(side) - 0.5) * room
                half = BOX.height / 2
                yield n, (x + shift, y + half if down else y - half)


def _path(bends: Sequence[Point], start: Point, end: Point) -> str:
    """Through the bends; through the layers of boxes it goes straight."""
    points: list[Point] = [start]
    downward = 1 if end[1] > start[1] else -1
    for n, (x, y) in enumerate(bends[1:-1]):
        half = BOX.height / 2 if n % 2 == 1 else 0
        points += [(x, y - half * downward), (x, y + half * downward)]
    points.append(end)
    parts = [f"M{start[0]:.1f} {start[1]:.1f}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        if (x1, y1) == (x2, y2):
            continue
        if x1 == x2:
            parts.append(f"L{x2:.1f} {y2:.1f}")
        else:
            middle = (y1 + y2) / 2
            parts.append(
                f"C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
            )
    return " ".join(parts)


def _labels(laid: Laid, words: Sequence[str]) -> Iterator[str]:
    for (x, y), said in zip(laid.labels, words, strict=True):
        if said:
            width = _width(said)
            yield (
                f'<rect class="ground" x="{x - width / 2:.1f}" y="{y - 9:.1f}" '
                f'width="{width:.1f}" height="18" rx="4" fill="#ffffff"/>'
            )
            yield _text(said, x, y + 4.5, "label")


def _text(words: str, x: float, y: float, kind: str) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle" '
        f'fill="#17202b">{escape(words)}</text>'
    )


def _beginning(at: Point, say: Callable[[str], str]) -> str:
    x, y = at
    half, height = BEGINNING.width / 2, 34
    return (
        f'<g class="call"><rect x="{x - half:.1f}" y="{y + BOX.height / 2 - height:.1f}" '
        f'width="{BEGINNING.width:g}" height="{height}" rx="17" fill="#eaeff5" stroke="#4d5b6b"/>'
        f"{_text(say('call'), x, y + BOX.height / 2 - height / 2 + 4.5, 'name')}</g>"
    )


def _box(
    flow: Flow,
    name: str,
    step: Step,
    at: Point,
    texts: Catalogue,
    say: Callable[[str], str],
    marks: Marks,
) -> Iterator[str]:
    line = flow.line_of(name)
    kind = say(step.do) + object_of(step)
    again = ways_of(flow, name, step).get(name)
    kind += f" ↻ {', '.join(say(word) for word in again)}" if again else ""
    sign = "● " if name == marks.step else "! " if line in marks.faulty_lines else ""
    said = first_words(step.wordings, flow, texts)
    classes = ["step", f"kind-{step.do}"]
    classes += ["at"] if name == marks.step else []
    classes += ["passed"] if name in marks.passed else []
    classes += ["faulty"] if line in marks.faulty_lines else []
    x, y = at
    yield f'<g class="{" ".join(classes)}" data-step="{name}" data-line="{line}">'
    yield f"<title>{escape(f'{name}: {kind} {said}'.strip())}</title>"
    yield from _frame(step, x, y)
    rows = [(f"{sign}{name}", "name"), (kind, "kind"), (said, "said")]
    rows = [(words, kind) for words, kind in rows if words]
    top = y - (len(rows) - 1) * 9 + 4.5
    for n, (words, of) in enumerate(rows):
        yield _text(_cut(words, BOX.width - 24), x, top + 18 * n, of)
    yield "</g>"


def _frame(step: Step, x: float, y: float) -> Iterator[str]:
    left, top = x - BOX.width / 2, y - BOX.height / 2
    round_ = BOX.height / 2 if isinstance(step, HangUpStep) else 8
    place = (
        f'x="{left:.1f}" y="{top:.1f}" width="{BOX.width:g}" height="{BOX.height:g}"'
    )
    yield f'<rect class="frame" {place} rx="{round_:g}" fill="#ffffff" stroke="#4d5b6b" stroke-width="1.5"/>'
    if isinstance(step, EnqueueStep):
        inner = f'x="{left + 4:.1f}" y="{top + 4:.1f}" width="{BOX.width - 8:g}" height="{BOX.height - 8:g}"'
        yield f'<rect class="inner" {inner} rx="5" fill="none" stroke="#4d5b6b" stroke-width="1"/>'


def _width(words: str) -> float:
    """About as wide as it is drawn: Chinese and Korean signs fill a square."""
    return FONT * sum(1.0 if ord(sign) > 0x2E7F else 0.6 for sign in words) + 6


def _cut(words: str, room: float) -> str:
    if _width(words) <= room:
        return words
    while words and _width(words + "…") > room:
        words = words[:-1]
    return words.rstrip() + "…"
