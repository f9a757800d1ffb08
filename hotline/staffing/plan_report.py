"""The activations of the emergency plans as tables for a terminal, and as lines of a file."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.table import Table

from acd.staffing_reports.plan_reading import PlansReport
from acd.staffing_reports.plan_story import Happened, Moment, PlanStory, RecallFigures
from hotline.people.names import named
from hotline.staffing.report_lines import Line
from hotline.staffing.report_tables import percent

WORDS = {
    Happened.PROPOSED: "plan {level} proposed",
    Happened.WITHDRAWN: "proposal of plan {level} taken back",
    Happened.CHANGED: "plan {level} on",
    Happened.RECALLED: "more people recalled",
    Happened.MOVED: "moved to the phones",
    Happened.BACK: "back at his post",
    Happened.RECALL_BEGAN: "recall began",
    Happened.RUNG: "rung last",
    Happened.ARRIVED: "arrived",
    Happened.CALLED_OFF: "recall called off",
    Happened.RECALL_ENDED: "recall over",
}
COLUMNS = ("time", "what", "by or who", "why", "foreseen s", "came s")


def story_table(story: PlanStory, zone: ZoneInfo, names: Mapping[str, str]) -> Table:
    """An activation's timeline; waits are those 10, 30 and 60 minutes later."""
    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name)
    for moment in story.timeline:
        table.add_row(
            f"{moment.at.astimezone(zone):%H:%M:%S}",
            happened(moment),
            named(moment.who, names),
            moment.reason.replace("_", " "),
            _waits(moment.foreseen),
            _waits(moment.came if moment.foreseen else ()),
        )
    return table


def story_title(story: PlanStory, zone: ZoneInfo) -> str:
    """An activation in a sentence."""
    since = story.began_at.astimezone(zone)
    until = story.ended_at.astimezone(zone) if story.ended_at else None
    ended = f"{until:%H:%M}" if until else "now"
    wait = "–" if story.wait_seconds is None else f"{story.wait_seconds:.0f} s"
    words = [
        f"{since:%Y-%m-%d %H:%M} to {ended}, up to plan {story.highest}:",
        f"{story.came.once} calls, {percent(story.came.lost.rate)} lost,",
        f"{percent(story.came.in_time.rate)} within 15 s, mean wait {wait};",
        f"{story.moved} moved",
    ]
    if story.recall:
        words.append(recall_words(story.recall))
    return " ".join(words)


def recall_words(of: RecallFigures) -> str:
    """A recall in figures."""
    return (
        f"and {of.needed} recalled: {of.rung} rung, {of.confirmed} confirmed, "
        f"{of.declined} declined, {of.arrived} arrived, {of.in_time} of them within "
        f"30 minutes, {of.late} late"
    )


def happened(moment: Moment) -> str:
    """A line of a timeline in words."""
    if moment.what is Happened.CHANGED and not moment.level:
        return "back to normal"
    if moment.what is Happened.CHANGED and (moment.before or 0) > (moment.level or 0):
        return f"down to plan {moment.level}"
    late = " (late)" if moment.late else ""
    return WORDS[moment.what].format(level=moment.level) + late


def _waits(waits: Sequence[float | None]) -> str:
    return " / ".join("–" if wait is None else f"{wait:.0f}" for wait in waits)


def plan_lines(report: PlansReport, zone: ZoneInfo) -> list[Line]:
    """A line each moment of each activation, with the figures of the whole of it."""
    return [
        _line(story, moment, report.names.get(moment.who, ""), zone)
        for story in report.stories
        for moment in story.timeline
    ]


def _line(story: PlanStory, moment: Moment, name: str, zone: ZoneInfo) -> Line:
    foreseen = (*moment.foreseen, None, None, None)[:3]
    came = (*moment.came, None, None, None)[:3]
    waits = {
        f"{name}_wait_in_{minutes}_minutes": wait
        for name, values in (("foreseen", foreseen), ("came", came))
        for minutes, wait in zip((10, 30, 60), values, strict=True)
    }
    return {
        "began": story.began_at.astimezone(zone).isoformat(),
        "highest": story.highest,
        "at": moment.at.astimezone(zone).isoformat(),
        "what": moment.what.value,
        "level": moment.level,
        "who": moment.who,
        "name": name,
        "why": moment.reason,
        "late": "late" if moment.late else "",
        **waits,
        "calls": story.came.once,
        "lost": story.came.lost.part,
        "mean_wait_seconds": story.wait_seconds,
    }
