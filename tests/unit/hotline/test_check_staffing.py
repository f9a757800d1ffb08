"""`hotline check` on the fifteen-minute loop: names that are no queue, and targets."""

from typing import Any

from config.queue_settings import QueueSection
from config.settings import Settings
from config.staffing_settings import StaffingSection
from hotline.check_staffing import check_staffing
from hotline.finding import Finding, Verdict


def findings(*queues: QueueSection, **staffing: Any) -> list[Finding]:
    section = StaffingSection(**staffing)
    return list(check_staffing(Settings(queues=queues, staffing=section)))


def test_settings_without_anything_of_it_are_no_word_worth() -> None:
    assert findings(QueueSection(name="general")) == []


def test_misspelt_queue_to_lend_to_is_a_warning_with_the_nearest_name() -> None:
    [finding] = findings(QueueSection(name="general"), lend_to_anybody=("genral",))
    assert finding.verdict is Verdict.WARNING
    assert "'genral'" in finding.words and "'general'" in finding.words


def test_queue_that_asks_for_skills_is_never_lent_to_by_anybody() -> None:
    queue = QueueSection(name="tax", skills={"tax": 1})
    [finding] = findings(queue, lend_to_anybody=("tax",))
    assert finding.verdict is Verdict.WARNING and "skills" in finding.words


def test_targets_of_queues_are_told_beside_that_of_the_whole() -> None:
    tax = QueueSection(name="tax", target_share=0.8, target_within_seconds=20)
    [finding] = findings(QueueSection(name="general"), tax)
    assert finding.verdict is Verdict.GOOD
    assert finding.words == "tax 80 % in 20 s; all queues together 95 % in 15 s"


def test_whole_that_aims_at_what_no_queue_wants_is_a_warning() -> None:
    tax = QueueSection(name="tax", target_share=0.8, target_within_seconds=20)
    [finding] = findings(tax)
    assert finding.verdict is Verdict.WARNING and "[staffing]" in finding.words
    [settled] = findings(tax, target_share=0.8, within_seconds=20)
    assert settled.verdict is Verdict.GOOD
