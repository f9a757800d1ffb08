"""Nothing that a campaign may be is without words, and plots show what they should."""

from console.campaign_plot import MOST_UNITS, plotted
from console.campaign_results import RATES
from console.pages import campaign_words as words
from outbound.answer import GivenBy
from outbound.campaign import CampaignState
from outbound.contact import ContactState, FollowUpOutcome
from outbound.contact_file import FileFault
from outbound.contact_reading import FIELDS, ContactFault
from outbound.mode import DialMode
from outbound.results import ANSWERS, NOT_YET, Rate, Result
from outbound.standing import Pace


def test_everything_has_its_words() -> None:
    for kinds, known in (
        (CampaignState, words.CAMPAIGN_STATES),
        (ContactState, words.STATES),
        (DialMode, words.MODES),
        (Pace, words.PACES),
        (FollowUpOutcome, words.OUTCOMES),
        (GivenBy, words.GIVEN_BY),
        (ContactFault, words.FAULTS),
        (FileFault, words.FILE_FAULTS),
        (FIELDS, words.FIELDS),
        (ANSWERS, words.QUESTIONS),
        (frozenset().union(*ANSWERS.values()), words.ANSWERS),
    ):
        assert set(kinds) - set(known) == set()


def result(unit: str, day: str, numerator: int, denominator: int) -> Result:
    """All rates alike."""
    share = numerator / denominator if denominator else None
    rate = Rate(
        numerator=numerator, denominator=denominator, n=denominator, share=share
    )
    rates = dict.fromkeys(RATES, rate)
    return Result(
        group="", unit=unit, day=day, reviewed=0, redo=0, withdrawn=0, **rates
    )


def test_plot_shows_percent_and_leaves_out_who_was_not_called() -> None:
    days = [result("", NOT_YET, 0, 9), result("", "2026-11-02", 1, 3)]
    units = [
        result("供水", "", 0, 1),
        result("交通", "", 2, 3),
        result("园林", "", 0, 0),
    ]
    plot = plotted(units, days, lambda sentence: sentence)
    assert plot["days"] == ["2026-11-02"]
    assert plot["by_day"]["reached"] == [33.3]
    assert plot["units"] == ["交通", "供水"], "whom somebody answered, most first"
    assert plot["by_unit"]["solved"] == [66.7, 0.0]


def test_plot_has_room_for_so_many_units() -> None:
    units = [result(f"unit {n}", "", 1, n + 1) for n in range(MOST_UNITS + 5)]
    assert len(plotted(units, [], str)["units"]) == MOST_UNITS
