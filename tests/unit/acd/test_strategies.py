"""Whom each strategy asks first."""

from collections import Counter

import pytest

from acd.agent import AgentProfile
from acd.events import AgentState
from acd.messages import (
    AgentLogsIn,
    CallerLeaves,
    Connect,
    Offer,
    OfferAnswered,
    OfferFailed,
    OfferFailure,
    Withdraw,
)
from acd.queue_rules import QueueRules
from acd.strategies import STRATEGIES, UnknownStrategy, strategy_named
from tests.unit.acd.desk import Desk, profile


def desk_with(strategy: str, *agents: AgentProfile) -> Desk:
    """A queue under the strategy, with agents a, b and c logged in."""
    agents = agents or (profile("a"), profile("b"), profile("c"))
    desk = Desk(*agents, rules=(QueueRules(name="general", strategy=strategy),))
    desk.log_in(*(agent.id for agent in agents))
    return desk


def test_every_file_of_the_folder_is_a_strategy() -> None:
    assert sorted(STRATEGIES) == [
        "fewest_calls",
        "least_talk_time",
        "linear",
        "longest_idle",
        "random",
        "ring_all",
        "round_robin",
        "weighted_random",
    ]


def test_unknown_strategy_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownStrategy, match="did you mean 'longest_idle'") as refused:
        strategy_named("longest_idel")
    assert refused.value.error_id == "strategy_unknown"


def test_fewest_calls_asks_who_has_taken_the_fewest() -> None:
    desk = desk_with("fewest_calls", profile("a"), profile("b"))
    assert [desk.serve(str(n)) for n in range(4)] == ["a", "b", "a", "b"]


def test_least_talk_time_asks_who_has_talked_least() -> None:
    desk = desk_with("least_talk_time", profile("a"), profile("b"))
    talks = [("1", 100), ("2", 30), ("3", 30), ("4", 30), ("5", 30), ("6", 30)]
    asked = [desk.serve(call, seconds) for call, seconds in talks]
    assert asked == ["a", "b", "b", "b", "b", "a"]


def test_round_robin_goes_on_where_it_stopped() -> None:
    desk = desk_with("round_robin")
    assert [desk.serve(str(n)) for n in range(5)] == ["a", "b", "c", "a", "b"]


def test_round_robin_passes_on_from_an_agent_whose_caller_hung_up() -> None:
    desk = desk_with("round_robin")
    for number in range(4):
        desk.enter(str(number))
        desk.send(CallerLeaves(call_id=str(number)))
    assert [offer.agent_id for offer in desk.all(Offer)] == ["a", "b", "c", "a"]


def test_linear_asks_the_first_in_order_who_is_free() -> None:
    agents = (profile("a", order=3), profile("b", order=1), profile("c", order=2))
    desk = desk_with("linear", *agents)
    assert [desk.serve(str(n)) for n in range(3)] == ["b", "b", "b"]
    desk.enter("held")
    desk.answer()
    assert desk.serve("next") == "c"


def test_random_asks_all_about_equally_often() -> None:
    desk = desk_with("random")
    asked = Counter(desk.serve(str(n), 1) for n in range(300))
    assert all(70 <= asked[agent] <= 130 for agent in "abc")


def test_weighted_random_asks_in_proportion_to_the_weights() -> None:
    heavy, light = profile("a", weight=3.0), profile("b", weight=1.0)
    desk = desk_with("weighted_random", heavy, light, profile("never", weight=0))
    asked = Counter(desk.serve(str(n), 1) for n in range(400))
    assert 260 <= asked["a"] <= 340
    assert asked["never"] == 0


def test_same_chance_asks_the_same_agents() -> None:
    one, other = desk_with("random"), desk_with("random")
    assert [one.serve(str(n)) for n in range(20)] == [
        other.serve(str(n)) for n in range(20)
    ]


def ringing(desk: Desk) -> set[str]:
    """The agents whose phones ring for somebody."""
    return {
        agent.profile.id
        for agent in desk.engine.agents.values()
        if agent.state is AgentState.OFFERED
    }


def test_ring_all_rings_everybody_and_the_first_answer_silences_the_others() -> None:
    desk = desk_with("ring_all")
    desk.enter("1")
    assert ringing(desk) == {"a", "b", "c"}
    told = desk.send(OfferAnswered(offer_id="1-2"))
    assert [doing.offer_id for doing in told if isinstance(doing, Withdraw)] == [
        "1-1",
        "1-3",
    ]
    assert desk.last(Connect).agent_id == "b"
    assert desk.state("a") is desk.state("c") is AgentState.READY
    assert desk.send(OfferAnswered(offer_id="1-1")) == []


def test_ring_all_also_rings_who_becomes_free_meanwhile() -> None:
    desk = desk_with("ring_all", profile("a"))
    desk.enter("1")
    late = Desk(profile("a"), profile("b"), rules=(_RING_ALL,))
    late.log_in("a")
    late.enter("1")
    assert ringing(late) == {"a"}
    late.send(AgentLogsIn(agent_id="b"))
    assert ringing(late) == {"a", "b"}


_RING_ALL = QueueRules(name="general", strategy="ring_all")


def test_ring_all_keeps_ringing_the_others_when_one_refuses() -> None:
    desk = desk_with("ring_all")
    desk.enter("1")
    desk.send(OfferFailed(offer_id="1-1", failure=OfferFailure.REJECTED))
    assert ringing(desk) == {"b", "c"}
    desk.wait(10)
    assert ringing(desk) == {"a", "b", "c"}


def test_ring_all_stops_every_phone_when_the_caller_hangs_up() -> None:
    desk = desk_with("ring_all")
    desk.enter("1")
    desk.enter("2")
    desk.send(CallerLeaves(call_id="1"))
    assert [w.offer_id for w in desk.all(Withdraw)] == ["1-1", "1-2", "1-3"]
    assert {offer.call_id for offer in desk.all(Offer)[3:]} == {"2"}
    assert ringing(desk) == {"a", "b", "c"}
