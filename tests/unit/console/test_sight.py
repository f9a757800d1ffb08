"""Who is told which live events."""

from datetime import UTC, datetime
from typing import Any

import pytest

from acd import events as e
from acd import talk_events as t
from acd.recalls.events import PersonRecalled
from console.accounts.account import MACHINE, Identity, Role, Way
from console.sight import EVERYTHING, KindUnknown, sight_of
from outbound.events import FollowUpResult

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
HELD: dict[str, Any] = {"at": AT, "call_id": "1"}


def somebody(role: Role, person_id: str = "") -> Identity:
    """Who is logged in with a role."""
    return Identity(
        name="li", way=Way.SESSION, roles=frozenset({role}), person_id=person_id
    )


@pytest.mark.parametrize(
    "identity",
    [MACHINE, *map(somebody, (Role.SHIFT_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR))],
    ids=lambda identity: identity.name,
)
def test_who_answers_for_the_whole_floor_sees_everything(identity: Identity) -> None:
    assert sight_of(identity).kinds == EVERYTHING


def test_agent_sees_the_floor_and_of_talks_his_own() -> None:
    sees = sight_of(somebody(Role.AGENT, "1001"))
    assert sees(e.CallerEntered(at=AT, call_id="1", queue="general", position=1))
    assert sees(t.CallHeld(**HELD, agent_id="1001"))
    assert not sees(t.CallHeld(**HELD, agent_id="1002"))


def test_agent_is_not_told_that_a_supervisor_listens_nor_who_is_recalled() -> None:
    sees = sight_of(somebody(Role.AGENT, "1001"))
    listens = t.SupervisionStarted(
        **HELD, agent_id="1001", supervisor="boss", mode=t.SupervisionMode.LISTEN
    )
    recalled = PersonRecalled(at=AT, recall_id="1", person_id="1001", standing="rung")
    assert not sees(listens)
    assert not sees(recalled)


def test_agent_without_a_person_sees_nobodys_talk() -> None:
    assert not sight_of(somebody(Role.AGENT))(t.CallHeld(**HELD, agent_id=""))


def test_campaign_manager_sees_results_and_no_talk() -> None:
    sight = sight_of(somebody(Role.CAMPAIGN_MANAGER))
    assert FollowUpResult in sight.kinds
    assert t.CallHeld not in sight.kinds


def test_program_without_a_role_sees_the_floor() -> None:
    program = Identity(
        name="token:1",
        way=Way.TOKEN,
        roles=frozenset(),
        operations=frozenset({"follow_events"}),
    )
    assert sight_of(program)(
        e.CallerEntered(at=AT, call_id="1", queue="general", position=1)
    )
    assert e.CallMissed not in sight_of(program).kinds


def test_some_kinds_are_chosen_by_name() -> None:
    sight = sight_of(somebody(Role.AGENT, "1001")).only(["call_held", "call_ended"])
    assert sight.names == ["call_ended", "call_held"]
    assert not sight(t.CallHeld(**HELD, agent_id="1002"))


@pytest.mark.parametrize("name", ["call_endet", "supervision_started"])
def test_unknown_kind_and_one_that_he_may_not_see_are_refused_alike(name: str) -> None:
    with pytest.raises(KindUnknown):
        sight_of(somebody(Role.AGENT)).only([name])
