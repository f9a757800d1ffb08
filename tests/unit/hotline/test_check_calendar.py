"""Hours that rest on holidays which nobody has announced are warned of."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from config.settings import Settings
from hotline.check_calendar import check_calendar
from hotline.finding import Verdict

HOURS = '[[queues]]\nname = "tax"\n[queues.hours]\nworkday = "08:30-17:30"\n'
TRUNK = '[[trunks]]\nname = "a"\nhost = "192.0.2.1"\ncaller_numbers = ["12345"]\n'
LAST_DAYS = date(2089, 12, 1)


def told(text: str, today: date = LAST_DAYS) -> list[str]:
    """What is warned of."""
    settings = Settings(**tomllib.loads(text))
    findings = list(check_calendar(settings, today))
    assert {each.verdict for each in findings} <= {Verdict.WARNING}
    return [each.words for each in findings]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (HOURS, "queue 'tax'"),
        (TRUNK, "follow-up calls"),
        (HOURS + TRUNK, "queue 'tax', follow-up calls"),
    ],
)
def test_who_keeps_hours_in_an_unknown_year_is_named(text: str, who: str) -> None:
    (words,) = told(text)
    assert words.startswith(
        f"those of 2089 are not known yet: plain weekdays will hold for {who}; name"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        TRUNK + "[outbound]\nlines = 0\n",
        TRUNK + "[outbound]\nworkdays_only = false\n",
        "[outbound]\nworkdays_only = true\n",
    ],
)
def test_nobody_is_warned_whose_hours_rest_on_none(text: str) -> None:
    assert told(text) == []


def test_known_years_and_named_days_need_no_warning(tmp_path: Path) -> None:
    assert told(HOURS, date(2026, 3, 2)) == []
    days = tmp_path / "days.toml"
    days.write_text("days_off = [2089-10-01, 2090-01-01]\n")
    assert told(f'[hotline]\nholidays_file = "{days}"\n' + HOURS) == []
