"""The report: what it counts, that it loads nothing, and that it tells no number."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from outbound.answer import Answer, GivenBy, TranscriptState
from outbound.archive import Attempt, ContactRecord
from outbound.contact import Contact, ContactState, FollowUpOutcome
from outbound.report import words
from outbound.report.charts import Series, count_bars, day_lines, hour_bars, rate_bars
from outbound.report.figures import LEVELS, Figures, Gathering
from outbound.report.page import page
from outbound.report.wilson import wilson
from outbound.results import Rate
from outbound.reviews.review import Review

CITY = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
CONTACT = Contact(
    order_id="A-1",
    number="+8613812345678",
    language="zh",
    closed_at=AT,
    unit="<供水>",
    confidential=False,
    id="01C",
    campaign="november",
    state=ContactState.DONE,
    entered_at=AT,
    changed_at=AT,
    due_at=None,
    tries=1,
)


def answer(question: str, said: str, transcript: str = "") -> Answer:
    """What a citizen said."""
    return Answer(
        question=question,
        answer=said,
        given_by=GivenBy.VOICE,
        confidence=0.9,
        transcript=transcript,
        at=AT,
        clip_start_seconds=1,
        clip_seconds=2,
    )


def record(
    outcome: FollowUpOutcome, *answers: Answer, day: int = 0, order: str = "A-1"
) -> ContactRecord:
    """A contact after one try."""
    at = AT + timedelta(days=day)
    attempt = Attempt(call_id="01CALL", at=at, ended_at=at, outcome=outcome)
    contact = replace(CONTACT, order_id=order)
    return ContactRecord(
        contact=contact,
        attempts=(attempt,),
        answers=answers,
        reviews=(),
        counted={each.question: each.answer for each in answers},
        redo=False,
    )


COMPLETED = FollowUpOutcome.COMPLETED
HAPPY = record(COMPLETED, answer("solved", "yes"), answer("satisfied", "satisfied"))
UNHAPPY = record(
    COMPLETED,
    answer("solved", "no", "还 没 解决 打 13812345678"),
    answer("satisfied", "very_dissatisfied", "<b>很 不 满意</b>"),
    day=1,
    order="A-2",
)
SILENT = record(FollowUpOutcome.SILENT, answer("satisfied", "very_satisfied"))


def figures(*records: ContactRecord) -> Figures:
    """The report's figures of these contacts."""
    gathering = Gathering(campaign="november", zone=CITY)
    for each in records:
        gathering.add(each)
    return gathering.figures(AT)


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (9, 10, 0.5958, 0.9821)],
)
def test_interval_is_wilsons(
    numerator: int, denominator: int, low: float, high: float
) -> None:
    assert wilson(numerator, denominator) == pytest.approx((low, high), abs=5e-5)
    assert wilson(0, 0) is None


def test_figures_count_tries_levels_hours_and_reasons() -> None:
    told = figures(HAPPY, UNHAPPY, SILENT)
    assert told.total is not None
    assert (told.total.satisfied.numerator, told.total.satisfied.denominator) == (1, 2)
    assert told.outcomes == {COMPLETED: 2, FollowUpOutcome.SILENT: 1}
    counted = {level: count for level, count in told.levels.items() if count}
    assert counted == {"satisfied": 1, "very_dissatisfied": 1}
    assert (told.hours, told.hours_reached) == ({9: 3}, {9: 2})
    assert [each.day for each in told.by_day] == ["2026-11-02", "2026-11-03"]
    (reason,) = told.reasons
    assert (reason.order_id, reason.unit) == ("A-2", "<供水>")
    assert reason.words == "还 没 解决 打 **** / <b>很 不 满意</b>"


def test_words_of_his_own_go_before_how_he_answered() -> None:
    why = replace(
        answer("why", "recorded", "水管 还 在 漏"), transcription=TranscriptState.DONE
    )
    (reason,) = figures(replace(UNHAPPY, answers=(*UNHAPPY.answers, why))).reasons
    assert reason.words == "水管 还 在 漏"
    assert set(reason.answers) == {"solved", "satisfied"}


def test_reviewed_answer_is_the_one_that_is_shown() -> None:
    heard = Review(question="solved", answer="no", reviewed_by="王", at=AT)
    counted = {**HAPPY.counted, "solved": "no"}
    told = figures(replace(HAPPY, reviews=(heard,), counted=counted))
    assert told.total is not None
    assert (told.total.solved.numerator, told.total.reviewed) == (0, 1)
    assert told.reasons[0].reviewed


def test_page_loads_nothing_runs_nothing_and_tells_no_number() -> None:
    text = page(figures(HAPPY, UNHAPPY, SILENT))
    assert not re.search(r"<script|<link|<img|url\(|@import|javascript:|\bon\w+=", text)
    links = set(re.findall(r"""(?:href|src)=["']([^"']+)""", text))
    assert links == set()
    assert "13812345678" not in text
    assert "还 没 解决 打 ****" in text


def test_what_was_said_and_units_cannot_break_the_page() -> None:
    text = page(figures(UNHAPPY))
    assert "<b>很" not in text
    assert "&lt;b&gt;很 不 满意" in text
    assert "<供水>" not in text


def test_page_tells_each_rate_with_its_counts_and_its_interval() -> None:
    text = page(figures(HAPPY, UNHAPPY, SILENT))
    for zh, en in words.RATES.values():
        assert f"{zh} <i" in text
        assert en in text
    assert "1 / 2 · n = 3" in text
    assert "95%: 9.5% – 90.5%" in text
    assert "@media print" in text


def test_report_of_a_campaign_without_contacts_is_a_page_too() -> None:
    text = page(figures())
    assert "closed orders <b>0</b>" in text
    assert "无 None." in text


def test_every_outcome_and_level_has_a_name() -> None:
    assert {outcome.value for outcome in FollowUpOutcome} <= set(words.OUTCOMES)
    assert set(LEVELS) == set(words.LEVELS)


def rate(numerator: int, denominator: int) -> Rate:
    """A rate with its share."""
    share = numerator / denominator if denominator else None
    return Rate(
        numerator=numerator, denominator=denominator, n=denominator, share=share
    )


def parts(svg: str, tag: str, kind: str) -> list[ElementTree.Element]:
    """The elements of a plot by their class; it must be well formed."""
    found = ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}")
    return [each for each in found if each.get("class") == kind]


def test_bars_are_as_long_as_their_shares_and_empty_ones_are_told() -> None:
    svg = rate_bars([("a", rate(4, 4)), ("b", rate(1, 2)), ("c", rate(0, 0))], "t")
    whole, half = (float(bar.get("width", "")) for bar in parts(svg, "rect", "bar"))
    assert half == pytest.approx(whole / 2, abs=0.1)
    assert len(parts(svg, "line", "whisker")) == 2 * 3
    assert len(parts(svg, "text", "none")) == 1
    most, least = (
        float(bar.get("width", ""))
        for bar in parts(count_bars([("a", 8), ("b", 2)], "t"), "rect", "bar")
    )
    assert least == pytest.approx(most / 4, abs=0.1)


def test_day_without_valid_answers_is_a_gap_in_its_line() -> None:
    rates = [rate(1, 2), rate(1, 1), rate(0, 0), rate(1, 4)]
    line = Series(name="满意率", kind="satisfied", rates=rates)
    svg = day_lines([f"2026-11-0{n}" for n in range(1, 5)], [line], "t")
    lines = parts(svg, "polyline", "line satisfied")
    assert [len(each.get("points", "").split()) for each in lines] == [2, 1]
    assert len(parts(svg, "circle", "dot satisfied")) == 3


def test_hours_show_tries_and_those_who_were_reached() -> None:
    svg = hour_bars({9: 4, 11: 2}, {9: 1}, "t")
    said = [each.text for each in parts(svg, "text", "value small")]
    assert said == ["1/4", "0/2"]
    assert len(parts(svg, "rect", "bar light")) == 3
