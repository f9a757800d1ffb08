"""What the settings say of talks, made into the values that talks are served with."""

from functools import partial
from typing import Any

from acd.dispositions import Dispositions
from acd.distributor import Distributor
from acd.equipment import Equipment
from acd.events import TalkEnded
from acd.records.archive import talks_in
from acd.run_time.settings import RunTimeSettings
from acd.talk_commands import Supervisor, ThirdParty
from acd.talk_rules import TalkKeys, TalkRules, TalkTones
from config.database import Database
from config.settings import Settings
from config.talk_settings import SupervisorSection, ThirdPartySection
from ivr_flows.prompts import Prompts
from telephony.numbers import NumberPlan, is_sip_uri


async def talk_rules(
    settings: Settings, prompts: Prompts, numbers: NumberPlan
) -> TalkRules:
    """The rules of every talk; the tones are made when they are not there yet."""
    talk = settings.talk
    return TalkRules(
        third_parties=tuple(_third_party(it, numbers) for it in settings.third_parties),
        keys=TalkKeys(
            take_back=talk.take_back_key,
            join=talk.join_key,
            hand_over=talk.hand_over_key,
            hold=talk.hold_key,
            pause_recording=talk.pause_recording_key,
            resume_recording=talk.resume_recording_key,
        ),
        tones=TalkTones(
            ringing=await prompts.ringing(),
            busy=await prompts.busy(),
            supervised=await prompts.supervised(),
        ),
        supervisors=tuple(_supervisor(it, numbers) for it in settings.supervisors),
        tell_supervision=talk.supervision_sign != "none",
        disposition_hours=talk.disposition_hours,
    )


def talk_parts(
    equipment: Equipment,
    distributor: Distributor,
    database: Database,
    run_time: RunTimeSettings,
) -> dict[str, Any]:
    """What the console is shown of talks.

    What calls were about is noted, and whose they were asked of the records.
    """
    noted = Dispositions(
        equipment.talk,
        titles=lambda: run_time.disposition_titles,
        control=equipment.control,
        agents=distributor.agents,
        talks_in=partial(talks_in, database),
        publish=equipment.bus.publish,
        clock=equipment.clock,
    )
    equipment.bus.subscribe(TalkEnded, noted.talk_ended)
    return {
        "distributor": distributor,
        "control": equipment.control,
        "talk": equipment.talk,
        "numbers": equipment.numbers,
        "dispositions": noted,
    }


def _third_party(section: ThirdPartySection, numbers: NumberPlan) -> ThirdParty:
    return ThirdParty(
        id=section.id,
        title=section.title,
        number=callable_target(section.target, numbers),
        key=section.key,
        ring_seconds=section.ring_seconds,
    )


def _supervisor(section: SupervisorSection, numbers: NumberPlan) -> Supervisor:
    contact = callable_target(section.contact, numbers)
    return Supervisor(id=section.id, title=section.title, contact=contact)


def callable_target(target: str, numbers: NumberPlan) -> str:
    """A SIP URI as it is, a number normalised."""
    return target if is_sip_uri(target) else numbers.normalise(target)
