"""What Prometheus and Grafana are given: rules that fire when they should, a board that shows."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.documents import DOCS
from tests.fakes.console import small_service
from tests.fakes.console_parts import FakeBroker

pytestmark = pytest.mark.integration

DEPLOY = DOCS.parent / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yaml"
RULE_TESTS = DEPLOY / "prometheus" / "alerts_test.yaml"
BOARD = DEPLOY / "grafana" / "hotline.json"

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (package prometheus) is missing"
)


def alerts() -> list[dict[str, Any]]:
    """The rules of all groups."""
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    """The panels of the board, its rows included."""
    found: list[dict[str, Any]] = json.loads(BOARD.read_text(encoding="utf-8"))[
        "panels"
    ]
    return found


def board_queries() -> list[str]:
    """What the board asks Prometheus for, with its variable filled in."""
    targets = [target for panel in panels() for target in panel.get("targets", ())]
    return [target["expr"].replace("$instance", ".*") for target in targets]


async def promtool(*arguments: str | Path) -> tuple[int | None, str]:
    """Its exit status and what it says."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "promtool", *map(str, arguments), stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


@needs_promtool
async def test_promtool_finds_no_fault_in_the_alerts() -> None:
    status, words = await promtool("check", "rules", "--lint-fatal", RULES)
    assert status == 0, words


@needs_promtool
async def test_alerts_fire_when_they_should_and_not_before() -> None:
    status, words = await promtool("test", "rules", RULE_TESTS)
    assert status == 0, words


def test_each_alert_is_seen_to_fire_in_its_test() -> None:
    tests = yaml.safe_load(RULE_TESTS.read_text(encoding="utf-8"))["tests"]
    fired = {
        case["alertname"]
        for test in tests
        for case in test["alert_rule_test"]
        if case["exp_alerts"]
    }
    assert fired == {rule["alert"] for rule in alerts()}


def test_each_alert_says_what_to_do_in_the_book_for_operators() -> None:
    book = (DOCS / "operations.md").read_text(encoding="utf-8")
    headings = {
        "#" + heading.strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", book, re.MULTILINE)
    }
    for rule in alerts():
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary_zh"]
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "docs/operations.md"
        assert f"#{anchor}" in headings


@needs_promtool
async def test_prometheus_understands_each_query_of_the_board(tmp_path: Path) -> None:
    rules = [
        {"record": f"board:{number}", "expr": query}
        for number, query in enumerate(board_queries())
    ]
    file = tmp_path / "board.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "board", "rules": rules}]}))
    status, words = await promtool("check", "rules", file)
    assert status == 0, words


def test_the_board_has_panels_that_lie_beside_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {
            (at["x"] + dx, at["y"] + dy)
            for dx in range(at["w"])
            for dy in range(at["h"])
        }
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    ids = [panel["id"] for panel in panels()]
    assert len(ids) == len(set(ids))


@pytest.fixture
async def shown(tmp_path: Path) -> dict[str, list[dict[str, str]]]:
    """What the service tells: the labels of each series, by name."""
    async with (
        small_service(tmp_path, mqtt=FakeBroker()) as service,
        service.client({}) as client,
    ):
        text = (await client.get("/metrics")).text
    series: dict[str, list[dict[str, str]]] = {
        name: [] for name in re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)
    }
    for name, labels in re.findall(r"^(hotline_\w+)(?:{(.*)})? ", text, re.MULTILINE):
        series.setdefault(name, []).append(dict(re.findall(r'(\w+)="(.*?)"', labels)))
    return series


def selectors(query: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Each metric that a query names, with its label matchers."""
    for name, braces in re.findall(r"\b(hotline_\w+)(?:{([^}]*)})?", query):
        yield name, re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"', braces)


QUERIES = [rule["expr"] for rule in alerts()] + board_queries()


def test_all_that_alerts_and_board_ask_for_is_told(
    shown: dict[str, list[dict[str, str]]],
) -> None:
    asked = [found for query in QUERIES for found in selectors(query)]
    assert len(asked) > 60
    for name, matchers in asked:
        plain = re.sub(r"_(bucket|sum|count)$", "", name)
        assert name in shown or plain in shown, f"nobody tells {name}"
        for label, how, value in matchers:
            assert _can_match(shown.get(name, []), label, how, value), (name, label)


def _can_match(series: list[dict[str, str]], label: str, how: str, value: str) -> bool:
    """Whether a label is there and has each value that is asked for or left out."""
    if label == "instance" or not series:
        return True  # Prometheus adds it; and what depends on calls has no series yet
    known = {labels.get(label) for labels in series}
    wanted = value.split("|") if how in ("=~", "!~") else [value]
    return set(wanted) <= known


def test_what_is_asked_for_is_documented() -> None:
    documented = (DOCS / "metrics.md").read_text(encoding="utf-8")
    for name in {name for query in QUERIES for name, _ in selectors(query)}:
        plain = re.sub(r"_(bucket|sum|count)$", "", name)
        is_process = name.startswith("hotline_process_")
        assert is_process or f"`{plain}`" in documented, name
