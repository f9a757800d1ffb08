"""The part of `hotline check` that looks at flows: their files, and what calls really meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from config.settings import Settings
from hotline.check_listening import check_listening
from hotline.check_queues import check_asked, check_queues
from hotline.finding import Finding, Verdict
from hotline.published_flows import InForce, Kept, kept_flows
from ivr_flows.checks import queues_passed_by
from ivr_flows.finding import Finding as FlowFinding
from ivr_flows.flow import (
    check_file,
    findings_in,
    flow_file,
    flow_of_text,
    used_flows,
)
from ivr_flows.language import Flow, FlowError


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found in one text; `flow` is None when none can be read from it.

    `faults` are those findings that the checker of flows has of it.
    """

    what: str
    findings: Sequence[Finding]
    faults: Sequence[FlowFinding] = ()
    flow: Flow | None = None
    text: str | None = None


async def check_flows(settings: Settings) -> list[Finding]:
    """Every flow in use as its file has it, and as the database has published it.

    Whether all queues are entered is told when every flow that calls meet can be read.
    """
    kept = await kept_flows(settings)
    found: list[Finding] = []
    met: list[Flow] = []
    names = used_flows(settings)
    for name in names:
        file = _file(settings, name)
        in_force = kept.in_force.get(name)
        published = _published(settings, kept, in_force) if in_force else None
        found += _told(file, published, in_force)
        flow = (published and published.flow) or file.flow
        met += [flow] if flow else []
    if len(met) == len(names):
        found += [*check_queues(settings, met), *check_asked(settings, met)]
    return found


def _told(
    file: Looked, published: Looked | None, in_force: InForce | None
) -> Iterator[Finding]:
    """A file's faults keep no hotline from starting on what somebody has published."""
    if published is None or in_force is None:
        yield from file.findings
        return
    for each in file.findings:
        yield _milder(each) if in_force.by_hand and published.flow else each
    if file.text == in_force.text:
        known = {_place_and_words(fault) for fault in file.faults}
        new = [f for f in published.faults if _place_and_words(f) not in known]
        yield from [_of_fault(published.what, f) for f in new] or [_same(published)]
        return
    yield from published.findings
    yield Finding(
        what=published.what, words=in_force.difference, verdict=Verdict.WARNING
    )


def _place_and_words(fault: FlowFinding) -> tuple[int, int, str]:
    return fault.line, fault.column, fault.message


def _same(published: Looked) -> Finding:
    return Finding(what=published.what, words="in force, and what the file holds")


def _milder(finding: Finding) -> Finding:
    if finding.verdict is not Verdict.FAULT:
        return finding
    return Finding(what=finding.what, words=finding.words, verdict=Verdict.WARNING)


def _file(settings: Settings, name: str) -> Looked:
    what = f"flow {name}"
    try:
        file = flow_file(settings, name)
        flow, findings = check_file(settings, file, datetime.now(UTC))
    except FlowError as error:
        return Looked(what=what, findings=_unread(what, error))
    queues = [queue.name for queue in settings.queues]
    return Looked(
        what=what,
        findings=list(_of_flow(settings, what, flow, findings, queues)),
        faults=findings,
        flow=flow,
        text=file.read_text(encoding="utf-8"),
    )


def _published(settings: Settings, kept: Kept, in_force: InForce) -> Looked:
    """The version in force, against the queues and agents of the database."""
    what = f"flow {in_force.name}, version {in_force.number}"
    try:
        flow = flow_of_text(settings, in_force.text, f"{in_force.name}.yaml")
    except FlowError as error:
        words = "published, and this program cannot read it any more: calls meet the file until another version is published"
        unread = Finding(what=what, words=words, verdict=Verdict.FAULT)
        return Looked(what=what, findings=[*_unread(what, error), unread])
    now = datetime.now(UTC)
    findings = findings_in(settings, flow, now, kept.queues, kept.skills)
    told = list(_of_flow(settings, what, flow, findings, kept.queues))
    return Looked(what=what, findings=told, faults=findings, flow=flow)


def _unread(what: str, error: FlowError) -> list[Finding]:
    return [Finding(what=what, words=str(error), verdict=Verdict.FAULT)]


def _of_flow(
    settings: Settings,
    what: str,
    flow: Flow,
    findings: Sequence[FlowFinding],
    queues: Sequence[str],
) -> Iterator[Finding]:
    yield from (_of_fault(what, finding) for finding in findings)
    yield from check_listening(settings, flow.name, flow)
    if not any(finding.fatal for finding in findings):
        words = f"good, {len(flow.steps)} steps"
        if absent := queues_passed_by(flow, queues):
            words += f"; there is no queue {', '.join(absent)}: no key leads there, and its steps go on at no_queue"
        yield Finding(what=what, words=words)


def _of_fault(what: str, found: FlowFinding) -> Finding:
    verdict = Verdict.FAULT if found.fatal else Verdict.WARNING
    return Finding(what=what, words=str(found), verdict=verdict)
