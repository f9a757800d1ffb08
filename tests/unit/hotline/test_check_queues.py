"""`hotline check` says which queues no caller comes to."""

from pathlib import Path

import pytest

from config.queue_settings import OverflowSection, QueueSection
from config.settings import Settings, load_settings
from hotline.check_queues import check_queues
from ivr_flows.flow import BUILT_IN, load_flow

FLOW = load_flow(BUILT_IN / "citizen.yaml")
SHIPPED = Path(__file__).parents[3] / "config" / "hotline.toml"


def test_shipped_flow_enters_every_queue_of_the_shipped_settings() -> None:
    settings = load_settings(SHIPPED)
    assert {queue.name for queue in settings.queues} >= {"enterprise", "expert"}
    assert list(check_queues(settings, [FLOW])) == []


@pytest.mark.parametrize(
    ("overflow_of", "lost"),
    [("a", ["c"]), ("b", ["b", "c"]), ("c", ["b", "c"])],
)
def test_queue_that_nobody_comes_to_is_a_warning(
    overflow_of: str, lost: list[str]
) -> None:
    way = OverflowSection(when="no_agents", to="b" if overflow_of != "b" else "c")
    queues = tuple(
        QueueSection(name=name, overflow=(way,) if name == overflow_of else ())
        for name in "abc"
    )
    findings = list(check_queues(Settings(queues=queues), [FLOW]))
    assert [finding.what for finding in findings] == [f"queue {n!r}" for n in lost]
    assert all("no flow enters it" in finding.words for finding in findings)
