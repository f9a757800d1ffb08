"""The flow language for the rest of the house: load a flow, check it, find it by name."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.calendar import Calendar, load_calendar
from config.settings import Settings
from ivr_flows.checks import check_flow, check_structure
from ivr_flows.counted import check_rated, check_recall
from ivr_flows.faults import nearest
from ivr_flows.finding import Finding
from ivr_flows.language import Flow, FlowError, parse_flow, read_flow
from ivr_flows.opt_out import check_follow_up
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.steps import EnqueueStep
from telephony.numbers import NumberPlan
from telephony.trunks import is_served

__all__ = [
    "Finding",
    "Flow",
    "FlowError",
    "check_file",
    "check_flow",
    "city_calendar",
    "findings_in",
    "flow_file",
    "flow_of_text",
    "load_flow",
    "load_flows",
    "queues_of",
    "used_flows",
]

BUILT_IN = Path(__file__).parent / "flows"


def load_flow(path: Path) -> Flow:
    """Read one flow; `FlowError` has a line 'file:line: what' for each fault."""
    return _sound(read_flow(path))


def flow_of_text(settings: Settings, text: str, file: str) -> Flow:
    """The same with a text that is called `file`, and with what its calls ask of it."""
    flow = _sound(parse_flow(text, file))
    placed = _is_follow_up(settings, flow.name)
    if faults := list(check_follow_up(flow)) if placed else []:
        raise FlowError(findings=faults)
    return flow


def _sound(flow: Flow) -> Flow:
    if faults := check_structure(flow):
        raise FlowError(findings=faults)
    return flow


def load_flows(settings: Settings) -> dict[str, Flow]:
    """Every flow that the settings name; `FlowError` tells all faults of all files."""
    flows: dict[str, Flow] = {}
    faults: list[str] = []
    for name in used_flows(settings):
        try:
            flow = flows[name] = load_flow(flow_file(settings, name))
            if _is_follow_up(settings, name):
                faults += map(str, check_follow_up(flow))
        except FlowError as error:
            faults.append(str(error))
    if faults:
        raise FlowError("\n".join(faults))
    return flows


def check_file(
    settings: Settings, file: Path, now: datetime
) -> tuple[Flow, list[Finding]]:
    """A flow with all that `check_flow` finds, against the settings; `now` is aware.

    Raises `FlowError` when there is no flow to be read.
    """
    flow = read_flow(file)
    queues = [queue.name for queue in settings.queues]
    skills = sorted({name for agent in settings.agents for name in agent.skills})
    return flow, findings_in(settings, flow, now, queues, skills)


def findings_in(
    settings: Settings,
    flow: Flow,
    now: datetime,
    queues: Collection[str],
    skills: Collection[str],
    prompts: Catalogue | None = None,
) -> list[Finding]:
    """All that is found in a flow of a hotline with these queues and skills."""
    findings = check_flow(
        flow,
        queues=queues,
        skills=skills,
        prompts=prompts or Catalogue(settings.ivr.prompts_dir),
        calendar=city_calendar(settings),
        is_served=lambda number: is_served(number, settings.trunks, _numbers(settings)),
        today=now.astimezone(ZoneInfo(settings.hotline.timezone)).date(),
    )
    if _is_follow_up(settings, flow.name):
        asks_all = flow.name == settings.outbound.flow
        findings += [*check_follow_up(flow), *check_rated(flow, asks_all=asks_all)]
    if _is_recall(settings, flow.name):
        findings += check_recall(flow)
    return findings


def queues_of(flows: Mapping[str, Flow]) -> dict[str, str]:
    """The queues that flows lead to, each with the name of such a flow."""
    return {
        queue: name
        for name, flow in flows.items()
        for step in flow.steps.values()
        if isinstance(step, EnqueueStep)
        for queue in step.named_queues
        if queue
    }


def _numbers(settings: Settings) -> NumberPlan:
    return NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )


def city_calendar(settings: Settings) -> Calendar:
    """The holiday calendar with the city's own days; raises `CalendarError`."""
    return load_calendar(settings.hotline.holidays_file)


def used_flows(settings: Settings) -> list[str]:
    """The names of the flows that calls can meet."""
    named = [settings.ivr.flow, *(number.flow for number in settings.numbers)]
    follow_ups = settings.outbound.every_flow
    named += [name for name in follow_ups if _is_follow_up(settings, name)]
    if _is_recall(settings, settings.recall.flow):
        named.append(settings.recall.flow)
    return list(dict.fromkeys(named))


def _is_follow_up(settings: Settings, name: str) -> bool:
    """Whether follow-up calls can be placed with the flow; lines may come at run time."""
    return bool(settings.trunks) and name in settings.outbound.every_flow


def _is_recall(settings: Settings, name: str) -> bool:
    """Whether staff can be recalled with the flow."""
    return bool(settings.trunks) and name == settings.recall.flow


def flow_file(settings: Settings, name: str) -> Path:
    """The file of a flow: in `ivr.flows_dir` first, then among the built-in ones."""
    folders = _folders(settings)
    if not folders[0].is_dir():
        raise FlowError(f"ivr.flows_dir: there is no directory {folders[0]}")
    for folder in folders:
        if (file := folder / f"{name}.yaml").is_file():
            return file
    known = sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})
    places = " or ".join(map(str, folders))
    raise FlowError(f"there is no flow {name!r} in {places}; {nearest(name, known)}")


def _folders(settings: Settings) -> list[Path]:
    own: Iterable[Path] = [settings.ivr.flows_dir] if settings.ivr.flows_dir else []
    return [*own, BUILT_IN]
