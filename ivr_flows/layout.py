"""Where the boxes and arrows of a picture lie: layers from top to bottom. Pure.

The way of Sugiyama, Tagawa and Toda (1981): circles are broken, every box gets a layer,
long arrows get a bend in each layer between, and the layers are ordered so that arrows
cross seldom. Boxes lie in even layers and the words of arrows in odd ones.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[float, float]
BEND = 14.0
BETWEEN = 28.0
SWEEPS = 8
MOST_PLACES = 3000
"""Boxes and bends; with so many a picture takes a third of a second."""


class PictureTooLarge(Exception):
    """Nobody could read the picture, and others would wait for it."""

    error_id = "flow_picture_too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Width and height of what is laid out."""

    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From a box to another one; `label` is the room that its words take."""

    start: str
    end: str
    label: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Centres of the boxes; of each arrow its bends from start to end and its words' centre."""

    boxes: Mapping[str, Point]
    bends: Sequence[Sequence[Point]]
    labels: Sequence[Point]
    size: Size


@dataclass(slots=True)
class _Node:
    """A box, or a bend of an arrow, in its layer."""

    layer: int
    width: float
    x: float = 0.0
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    is_box: bool = False

    @property
    def stiffness(self) -> float:
        """Bends hold together more than boxes do."""
        return 1.0 if self.is_box else 6.0


def lay_out(boxes: Mapping[str, Size], arrows: Sequence[Arrow], heights: Size) -> Laid:
    """Lay boxes and arrows out; the first box is at the top. `PictureTooLarge`.

    `heights` has the height of a layer of boxes, and as `width` that of one of words.
    """
    down = _without_circles(list(boxes), arrows)
    layer_of = _layers(list(boxes), down)
    bends = sum(layer_of[end] - layer_of[start] - 1 for start, end in down)
    if len(boxes) + bends > MOST_PLACES:
        raise PictureTooLarge("The flow is too large for a picture; its text tells all")
    nodes = [
        _Node(layer=layer_of[name], width=boxes[name].width, is_box=True)
        for name in boxes
    ]
    index = {name: n for n, name in enumerate(boxes)}
    chains = [
        _chain(nodes, index, layer_of, *ends) for ends in zip(down, arrows, strict=True)
    ]
    layers = _ordered(nodes)
    _place(nodes, layers)
    return _laid(nodes, list(boxes), down, arrows, chains, heights)


def _without_circles(
    boxes: Sequence[str], arrows: Sequence[Arrow]
) -> list[tuple[str, str]]:
    """The arrows' ends, those that lead back turned round."""
    targets = {name: [a.end for a in arrows if a.start == name] for name in boxes}
    done: dict[str, int] = {}
    for root in boxes:
        _number(root, targets, done)
    return [
        (a.start, a.end) if done[a.start] >= done[a.end] else (a.end, a.start)
        for a in arrows
    ]


def _number(
    root: str, targets: Mapping[str, Sequence[str]], done: dict[str, int]
) -> None:
    """Number what can be reached in the order in which it is left (depth first)."""
    seen = set(done)
    if root in seen:
        return
    seen.add(root)
    way: list[tuple[str, Iterator[str]]] = [(root, iter(targets[root]))]
    while way:
        name, rest = way[-1]
        following = next((each for each in rest if each not in seen), None)
        if following is None:
            way.pop()
            done[name] = len(done)
        else:
            seen.add(following)
            way.append((following, iter(targets[following])))


def _layers(boxes: Sequence[str], down: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Every box as high as it can lie, two layers for each arrow before it."""
    layer = dict.fromkeys(boxes, 0)
    for _ in boxes:
        moved = False
        for start, end in down:
            if start != end and layer[end] < layer[start] + 2:
                layer[end] = layer[start] + 2
                moved = True
        if not moved:
            break
    return layer


def _chain(
    nodes: list[_Node],
    index: Mapping[str, int],
    layer_of: Mapping[str, int],
    ends: tuple[str, str],
    arrow: Arrow,
) -> list[int]:
    """Bends for all layers between; the first one holds the words."""
    start, end = ends
    chain = [index[start]]
    for layer in range(layer_of[start] + 1, layer_of[end]):
        is_first = len(chain) == 1
        width = max(arrow.label.width, BEND) if is_first else BEND
        nodes.append(_Node(layer=layer, width=width))
        chain.append(len(nodes) - 1)
    chain.append(index[end])
    for upper, lower in pairwise(chain):
        nodes[upper].below.append(lower)
        nodes[lower].above.append(upper)
    return chain


def _ordered(nodes: Sequence[_Node]) -> list[list[int]]:
    """The layers, each in the order with the fewest crossings that was met."""
    layers: list[list[int]] = [[] for _ in range(1 + max(n.layer for n in nodes))]
    for number, node in enumerate(nodes):
        layers[node.layer].append(number)
    best, fewest = [list(layer) for layer in layers], _crossings(nodes, layers)
    for sweep in range(SWEEPS):
        _sweep(nodes, layers, downward=sweep % 2 == 0)
        if (found := _crossings(nodes, layers)) < fewest:
            best, fewest = [list(layer) for layer in layers], found
    return best


def _sweep(nodes: Sequence[_Node], layers: list[list[int]], *, downward: bool) -> None:
    place = _places(layers)
    for layer in layers if downward else reversed(layers):
        means = {
            n: _mean(nodes[n].above if downward else nodes[n].below, place, place[n])
            for n in layer
        }
        layer.sort(key=means.__getitem__)
        place.update({n: float(i) for i, n in enumerate(layer)})


def _places(layers: Sequence[Sequence[int]]) -> dict[int, float]:
    return {n: float(i) for layer in layers for i, n in enumerate(layer)}


def _mean(others: Sequence[int], place: Mapping[int, float], own: float) -> float:
    return sum(place[n] for n in others) / len(others) if others else own


def _crossings(nodes: Sequence[_Node], layers: Sequence[Sequence[int]]) -> int:
    place = _places(layers)
    crossed = 0
    for layer in layers:
        lines = sorted((place[n], place[m]) for n in layer for m in nodes[n].below)
        ends: list[float] = []
        for _, end in lines:
            at = bisect_right(ends, end)
            crossed += len(ends) - at
            ends.insert(at, end)
    return crossed


def _place(nodes: Sequence[_Node], layers: Sequence[Sequence[int]]) -> None:
    """Move everything under and over what it hangs on, as far as the neighbours let it."""
    for layer in layers:
        _settle(nodes, layer, [0.0] * len(layer))
    for sweep in range(2 * SWEEPS):
        for layer in layers if sweep % 2 == 0 else list(reversed(layers)):
            _settle(nodes, layer, [_middle(nodes, n) for n in layer])
    left = min(node.x - node.width / 2 for node in nodes)
    for node in nodes:
        node.x -= left


def _middle(nodes: Sequence[_Node], n: int) -> float:
    """Between its neighbours, and nearer to bends, so that long arrows are straight."""
    others = [nodes[m] for m in (*nodes[n].above, *nodes[n].below)]
    weight = sum(other.stiffness for other in others)
    if not weight:
        return nodes[n].x
    return sum(other.x * other.stiffness for other in others) / weight


def _settle(
    nodes: Sequence[_Node], layer: Sequence[int], wanted: Sequence[float]
) -> None:
    """The places nearest to the wanted ones that keep order and distance.

    Least squares under order is isotonic regression: neighbours that are too near are
    pooled (Barlow and others, 1972).
    """
    offset, offsets = 0.0, []
    for n, before in zip(layer, [None, *layer], strict=False):
        if before is not None:
            offset += (nodes[before].width + nodes[n].width) / 2 + BETWEEN
        offsets.append(offset)
    pools: list[tuple[float, float, int]] = []
    for n, place, off in zip(layer, wanted, offsets, strict=True):
        mean, weight, count = place - off, nodes[n].stiffness, 1
        while pools and pools[-1][0] > mean:
            other, heavy, more = pools.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight, count = weight + heavy, count + more
        pools.append((mean, weight, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    for n, mean, off in zip(layer, means, offsets, strict=True):
        nodes[n].x = mean + off


def _laid(
    nodes: Sequence[_Node],
    boxes: Sequence[str],
    down: Sequence[tuple[str, str]],
    arrows: Sequence[Arrow],
    chains: Sequence[Sequence[int]],
    heights: Size,
) -> Laid:
    def centre(n: int) -> Point:
        pairs, odd = divmod(nodes[n].layer, 2)
        y = pairs * (heights.height + heights.width) + heights.height / 2
        return nodes[n].x, y + odd * (heights.height + heights.width) / 2

    bends = []
    for ends, arrow, chain in zip(down, arrows, chains, strict=True):
        points = [centre(n) for n in chain]
        bends.append(points if ends[0] == arrow.start else points[::-1])
    layers = max(node.layer for node in nodes) // 2 + 1
    return Laid(
        boxes={name: centre(n) for n, name in enumerate(boxes)},
        bends=bends,
        labels=[centre(chain[1]) for chain in chains],
        size=Size(
            width=max(node.x + node.width / 2 for node in nodes),
            height=layers * (heights.height + heights.width) - heights.width,
        ),
    )
