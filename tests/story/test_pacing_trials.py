"""The controller in virtual time: however citizens behave, the cap holds."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pacing.trial import Setting, Trial


@settings(max_examples=15, deadline=None)
@given(
    agents=st.integers(1, 12),
    answer_rate=st.floats(0.05, 0.95),
    ring_seconds=st.floats(3, 15),
    handling_seconds=st.floats(20, 300),
    cap=st.floats(0.01, 0.03),
    seed=st.integers(0, 10_000),
)
def test_share_of_abandoned_calls_is_above_the_cap_at_no_moment(
    agents: int,
    answer_rate: float,
    ring_seconds: float,
    handling_seconds: float,
    cap: float,
    seed: int,
) -> None:
    setting = Setting(
        agents=agents,
        answer_rate=answer_rate,
        ring_seconds=ring_seconds,
        handling_seconds=handling_seconds,
        cap=cap,
        hours=1,
    )
    count = Trial(setting, Random(seed)).run()
    assert count.worst_excess <= 1e-9


def test_dialling_ahead_keeps_agents_busier_than_reserving_them() -> None:
    ahead = Trial(Setting(agents=20, answer_rate=0.3), Random(1))
    reserved = Trial(
        Setting(agents=20, answer_rate=0.3, is_predictive=False), Random(1)
    )
    count = ahead.run()
    assert reserved.run().abandoned == 0
    assert count.overdialled > 100
    assert 0 < count.share <= 0.03
    assert ahead.occupancy() > reserved.occupancy() + 0.1


def test_citizens_who_call_come_first_and_the_cap_holds_all_the_same() -> None:
    trial = Trial(Setting(agents=20, answer_rate=0.3, inbound=240), Random(2))
    count = trial.run()
    assert count.answered > 300
    assert count.share <= 0.03
