"""A flow as an SVG: every step and way is there, and no box lies on another."""

from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ivr_flows.flow import BUILT_IN, load_flow
from ivr_flows.layout import (
    Arrow,
    PictureTooLarge,
    Size,
    _crossings,
    _Node,
    lay_out,
)
from ivr_flows.picture import BOX, Marks, picture
from tests.unit.ivr_flows.flows import CATALOGUE, flow_of

SVG = "{http://www.w3.org/2000/svg}"
FLOWS = ("citizen", "departments", "follow_up", "recall")


def drawn(name: str, marks: Marks | None = None) -> ET.Element:
    """The picture of a built-in flow."""
    flow = load_flow(BUILT_IN / f"{name}.yaml")
    return ET.fromstring(picture(flow, CATALOGUE, marks=marks or Marks()))


@pytest.mark.parametrize("name", FLOWS)
def test_every_step_has_a_box_and_no_two_boxes_meet(name: str) -> None:
    svg = drawn(name)
    flow = load_flow(BUILT_IN / f"{name}.yaml")
    boxes = [each for each in svg.iter(f"{SVG}g") if each.get("data-step")]
    assert [box.get("data-step") for box in boxes] == list(flow.steps)
    places = []
    for box in boxes:
        frame = box.find(f"{SVG}rect")
        assert frame is not None
        places.append((float(frame.get("x", "")), float(frame.get("y", ""))))
    for (x1, y1), (x2, y2) in combinations(places, 2):
        assert abs(x1 - x2) >= BOX.width or abs(y1 - y2) >= BOX.height
    width = float(svg.get("width", "0"))
    assert max(x for x, _ in places) + BOX.width <= width


def test_picture_has_no_style_and_no_script() -> None:
    text = picture(load_flow(BUILT_IN / "citizen.yaml"), CATALOGUE)
    assert "style" not in text
    assert "<script" not in text


def test_step_where_the_call_stands_is_marked_by_sign_and_class() -> None:
    svg = drawn("citizen", Marks(step="person", passed=("greeting", "person")))
    at = [g for g in svg.iter(f"{SVG}g") if "at" in g.get("class", "").split()]
    assert [g.get("data-step") for g in at] == ["person"]
    assert "● person" in [text.text for text in at[0].iter(f"{SVG}text")]
    ways = [p for p in svg.iter(f"{SVG}path") if p.get("class") == "way passed"]
    assert len(ways) == 1


def test_what_somebody_wrote_is_escaped(tmp_path: Path) -> None:
    flow = flow_of(
        tmp_path,
        """
        title: "<b>&"
        steps:
          end: {do: hang_up, say: '<script>alert("1")</script>'}
        """,
    )
    svg = ET.fromstring(picture(flow, CATALOGUE))
    assert svg.get("aria-label") == "<b>&"
    assert list(svg.iter(f"{SVG}script")) == []


def test_circle_and_long_way_are_laid_out() -> None:
    size = Size(width=100, height=40)
    boxes = dict.fromkeys("abcd", size)
    pairs = ("ab", "bc", "ca", "ad", "cd")
    nothing = Size(width=0, height=0)
    arrows = [Arrow(start=a, end=b, label=nothing) for a, b in pairs]
    laid = lay_out(boxes, arrows, Size(width=20, height=40))
    heights = [laid.boxes[name][1] for name in "abcd"]
    assert heights == sorted(heights)
    assert len(set(heights)) == 4
    back = laid.bends[pairs.index("ca")]
    assert (back[0], back[-1]) == (laid.boxes["c"], laid.boxes["a"])


def test_picture_that_nobody_could_read_is_not_drawn() -> None:
    names = [str(n) for n in range(200)]
    ways = [*pairwise(names), *((name, names[-1]) for name in names[:-1])]
    nothing = Size(width=0, height=0)
    arrows = [Arrow(start=a, end=b, label=nothing) for a, b in ways]
    with pytest.raises(PictureTooLarge):
        lay_out(dict.fromkeys(names, nothing), arrows, nothing)


def test_lines_that_cross_are_counted() -> None:
    tops, bottoms = range(3), range(3, 6)
    ways = [(0, 5), (1, 3), (2, 4), (1, 5), (0, 3)]
    nodes = [_Node(layer=n // 3, width=0) for n in range(6)]
    for upper, lower in ways:
        nodes[upper].below.append(lower)
    crossing = [
        (one, other)
        for one, other in combinations(ways, 2)
        if (one[0] - other[0]) * (one[1] - other[1]) < 0
    ]
    assert _crossings(nodes, [tops, bottoms]) == len(crossing) == 3
