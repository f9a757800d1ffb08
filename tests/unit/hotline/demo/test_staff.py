"""The demo's roster: everybody has a shift that their posts allow."""

from datetime import date

from hotline.demo.places import Places
from hotline.demo.script import AGENTS, EVENING, RESTING, SEAT
from hotline.demo.staff import people, rostered, shifts

TODAY = date(2026, 11, 28)
ALL = [id_ for id_, _ in AGENTS]


def test_everybody_has_one_shift_at_a_post_of_his_or_may_be_recalled() -> None:
    known = {line["id"]: line for line in people(Places.of(0), ALL)}
    kept = shifts(TODAY, ALL)
    recalled = [who for who, line in known.items() if "recall_number" in line]
    assert recalled == [id_ for id_, _ in RESTING]
    assert sorted([SEAT, *recalled, *(line["person"] for line in kept)]) == sorted(
        known
    )
    for line in kept:
        assert line["post"] in known[line["person"]]["posts"].split(";")


def test_small_build_has_its_two_agents_and_nobody_else() -> None:
    assert [line["id"] for line in people(Places.of(0), ALL[:2])] == ALL[:2]
    assert [line["person"] for line in shifts(TODAY, ALL[:2])] == ALL[:2]
    assert max(rostered(2)) == 2


def test_roster_counts_day_and_evening() -> None:
    counted = rostered(len(AGENTS))
    assert counted[40] == len(AGENTS)
    assert counted[63] == len(AGENTS) + len(EVENING)
    assert counted[80] == len(EVENING)
    assert counted[4] == 0
