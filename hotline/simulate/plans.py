"""Settings made into plans: the rules and flows that the service itself would use."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

import soundfile

from acd.agent import AgentProfile
from acd.call_backs.rules import CallBackRules
from acd.people.values import profile_of, rules_of
from acd.queue_rules import QueueRules
from acd.staffing.csv_lines import TableRefused
from acd.staffing.duty import counted_agents, read_roster
from acd.staffing.plan import (
    SECONDS_PER_CHARACTER,
    Ivr,
    Plan,
    PlannedAgent,
    Speech,
)
from config.settings import Settings, load_settings
from hotline.call_backs import call_back_rules
from hotline.database_reading import with_database
from hotline.rules import require_good_rules, require_good_team
from hotline.team import Team
from ivr_flows.flow import city_calendar, load_flows
from ivr_flows.interpreter import FlowContext
from ivr_flows.language import Flow
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.sentences import Language

Rules = Literal["file", "database"]
DATABASE = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline:
    """What the settings, or the database, say of queues and agents, and the flows.

    `on_duty` are those who were there on a recorded day, none on any other.
    """

    rules: tuple[QueueRules, ...]
    profiles: dict[str, AgentProfile]
    ivr: Ivr
    zone: ZoneInfo
    call_backs: CallBackRules
    can_call: bool
    on_duty: tuple[PlannedAgent, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the service would have it after its first start with these settings."""
        require_good_rules(settings)
        names = [queue.name for queue in settings.queues]
        return cls(
            rules=tuple(map(rules_of, settings.queues)),
            profiles={agent.id: profile_of(agent, names) for agent in settings.agents},
            ivr=_ivr(settings, names),
            zone=ZoneInfo(settings.hotline.timezone),
            call_backs=call_back_rules(settings),
            can_call=bool(settings.trunks),
        )

    @classmethod
    def of_database(cls, settings: Settings) -> Self:
        """As the service has it now: what was changed at run time is in it.

        Raises `DatabaseError`, or `TableRefused` when no queue is kept there yet.
        """
        team = with_database(settings, Team.of)
        if not team.queues:
            raise TableRefused(
                "the database has no queues yet: start the service, or leave out `database`"
            )
        require_good_team(team, settings)
        return cls(
            rules=tuple(map(rules_of, team.queues)),
            profiles=team.profiles,
            ivr=_ivr(settings, [queue.name for queue in team.queues]),
            zone=ZoneInfo(settings.hotline.timezone),
            call_backs=call_back_rules(settings),
            can_call=bool(settings.trunks),
        )

    @property
    def queues(self) -> list[str]:
        """The queues' names, in the order of the settings."""
        return [rules.name for rules in self.rules]

    def plan(self, name: str, agents: tuple[PlannedAgent, ...]) -> Plan:
        """These rules with those agents."""
        return Plan(
            name=name,
            queues=self.rules,
            agents=agents,
            ivr=self.ivr,
            call_backs=self.call_backs,
            can_call=self.can_call,
        )

    def staffed(self, wanted: str) -> Plan:
        """A plan from counts (general=40), or a roster file (.csv).

        For "" it is those who were on duty, or everybody, all day.
        Raises `AgentsRefused` or `TableRefused`.
        """
        if wanted.endswith(".csv"):
            return self.plan(Path(wanted).stem, self._roster(Path(wanted)))
        if wanted:
            return self.plan(wanted, counted_agents(wanted, self._by_name))
        if self.on_duty:
            return self.plan("as recorded", self.on_duty)
        everybody = [PlannedAgent(profile=each) for each in self.profiles.values()]
        return self.plan(f"all {len(everybody)} agents", tuple(everybody))

    @property
    def _by_name(self) -> dict[str, QueueRules]:
        return {rules.name: rules for rules in self.rules}

    def _roster(self, file: Path) -> tuple[PlannedAgent, ...]:
        roster = read_roster(text_of(file), self.profiles, self._by_name)
        if roster.refused:
            raise TableRefused("\n".join(f"{file}: {line}" for line in roster.refused))
        return roster.agents


def hotline_of(settings: Settings, rules: Rules) -> Hotline:
    """The hotline with the rules of the settings' file, or those of now."""
    if rules == DATABASE:
        return Hotline.of_database(settings)
    return Hotline.of(settings)


def other_plan(wanted: str, hotline: Hotline, settings: Settings, agents: str) -> Plan:
    """What is to be compared: other agents, or other rules with the same agents.

    Other rules are those of other settings (.toml), or of the `database`.
    """
    if wanted == DATABASE:
        return _with_other_rules(wanted, Hotline.of_database(settings), hotline, agents)
    if wanted.endswith(".toml"):
        other = Hotline.of(load_settings(Path(wanted)))
        return _with_other_rules(Path(wanted).stem, other, hotline, agents)
    return hotline.staffed(wanted)


def _with_other_rules(name: str, other: Hotline, usual: Hotline, agents: str) -> Plan:
    other = replace(other, on_duty=usual.on_duty)
    return other.plan(name, other.staffed(agents).agents)


def text_of(file: Path) -> str:
    """What a file says. Raises `TableRefused` when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as fault:
        raise TableRefused(f"{file} cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise TableRefused(f"{file} is not UTF-8; save it as CSV UTF-8") from fault


def _ivr(settings: Settings, queues: Iterable[str]) -> Ivr:
    flows = load_flows(settings)
    context = FlowContext(
        language=settings.speech.language,
        timezone=ZoneInfo(settings.hotline.timezone),
        calendar=city_calendar(settings),
        queues=frozenset(queues),
    )
    return Ivr(
        usual=flows[settings.ivr.flow],
        by_number={number.called: flows[number.flow] for number in settings.numbers},
        context=context,
        speech=_speech(flows.values(), Catalogue(settings.ivr.prompts_dir)),
    )


def _speech(flows: Iterable[Flow], catalogue: Catalogue) -> Speech:
    said = {
        version
        for flow in flows
        for step in flow.steps.values()
        for wording in step.wordings
        for version in wording.versions()
    }
    return Speech(seconds={each: _seconds(*each, catalogue) for each in said})


def _seconds(words: str, language: Language, catalogue: Catalogue) -> float:
    if file := catalogue.recorded(words, language):
        return float(soundfile.info(file).duration)
    text = catalogue.text(words, language)
    return len(text) * SECONDS_PER_CHARACTER[language]
