"""The flows of the service: what calls meet, and the desk at which that is changed."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from acd.distributor import Distributor
from acd.flow_versions.desk import Checked, FlowDesk, Try
from acd.flow_versions.published import PublishedFlows
from acd.flow_versions.start import FlowFile, flow_at_start
from config.clock import LoopClock
from config.database import Database
from config.settings import Settings
from ivr_flows.flow import (
    city_calendar,
    findings_in,
    flow_file,
    flow_of_text,
    used_flows,
)
from ivr_flows.interpreter import FlowContext
from ivr_flows.language import Flow, FlowError, parse_flow
from ivr_flows.prompts import Prompts
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.sentences import LANGUAGES
from ivr_flows.trial import Trial, try_flow


async def open_flows(
    settings: Settings, database: Database, now: datetime
) -> PublishedFlows:
    """The flows that calls meet after this start; `FlowError` tells all their faults."""
    flows: dict[str, Flow] = {}
    faults: list[str] = []
    parse = partial(flow_of_text, settings)
    for name in used_flows(settings):
        file, lack = _file_of(settings, name)
        try:
            flows[name] = await flow_at_start(database, file, parse, now)
        except FlowError as error:
            faults.append(lack or str(error))
    if faults:
        raise FlowError("\n".join(faults))
    return PublishedFlows(flows)


def _file_of(settings: Settings, name: str) -> tuple[FlowFile, str]:
    """The file, and why there is none, or ""."""
    try:
        path = flow_file(settings, name)
        text = path.read_text(encoding="utf-8")
    except FlowError as error:
        return FlowFile(name=name), str(error)
    except (OSError, UnicodeDecodeError) as error:
        return FlowFile(name=name), f"{path}:1: cannot be read: {error}"
    return FlowFile(name=name, path=str(path), text=text), ""


def flow_desk(
    settings: Settings,
    database: Database,
    flows: PublishedFlows,
    distributor: Distributor,
    prompts: Prompts,
    clock: LoopClock,
) -> FlowDesk:
    """The desk, which checks against the queues and agents as they are then."""
    catalogue, queues = prompts.catalogue, distributor.queue_names
    return FlowDesk(
        database,
        flows,
        FlowChecker(settings, distributor, catalogue),
        trier(settings, queues, catalogue),
        catalogue,
        prompts.prepare_flow,
        clock,
    )


def trier(settings: Settings, queues: Collection[str], catalogue: Catalogue) -> Try:
    """Tries flows as a call meets them; spoken answers are heard in calls that we place."""
    heard = {*settings.outbound.every_flow, settings.recall.flow}
    calendar = city_calendar(settings)

    def tried(flow: Flow, acts: Sequence[str], at: datetime) -> Trial:
        context = FlowContext(
            language=settings.speech.language,
            timezone=ZoneInfo(settings.hotline.timezone),
            calendar=calendar,
            queues=queues,
            hears=frozenset(LANGUAGES if flow.name in heard else ()),
        )
        return try_flow(flow, context, at, catalogue, acts)

    return tried


class FlowChecker:
    """Checks a text as the flow of a name, of the hotline as it is now."""

    def __init__(
        self, settings: Settings, distributor: Distributor, catalogue: Catalogue
    ) -> None:
        self._settings, self._distributor = settings, distributor
        self._catalogue = catalogue

    async def __call__(self, name: str, text: str) -> Checked:
        """What is found, in a thread: the calls do not wait for it."""
        queues = list(self._distributor.queue_names)
        profiles = list(self._distributor.profiles.values())
        skills = {skill for each in profiles for skill, _ in each.skills}
        return await asyncio.to_thread(self._checked, name, text, queues, skills)

    def _checked(
        self, name: str, text: str, queues: Sequence[str], skills: Collection[str]
    ) -> Checked:
        try:
            flow = parse_flow(text, f"{name}.yaml")
        except FlowError as error:
            return Checked(findings=error.findings, flow=None)
        now = datetime.now(UTC)
        findings = findings_in(
            self._settings, flow, now, queues, skills, self._catalogue
        )
        return Checked(findings=findings, flow=flow)
