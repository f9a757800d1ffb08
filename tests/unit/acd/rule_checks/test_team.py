"""Contradictory rules are refused, rules that nobody can follow are warned about."""

import tomllib
from datetime import date

import pytest

from acd.rule_checks.team import check_team
from config.settings import Settings

TODAY = date(2026, 3, 2)
WANG = """
[[agents]]
id = "1001"
contact = "sip:1001@127.0.0.1"
skills = {tax = 2}
"""


def found(text: str) -> list[str]:
    """What is said about a settings file: a line each, the refused marked with !."""
    settings = Settings(**tomllib.loads(text))
    findings = check_team(settings.queues, settings.agents, TODAY)
    return [f"{'!' if finding.fatal else ''}{finding}" for finding in findings]


def queue(rules: str, more: str = WANG) -> str:
    """A queue `general` with these rules, and an agent."""
    return f'[[queues]]\nname = "general"\n{rules}\n{more}'


WAIT = '[[queues.overflow]]\nwhen = "wait"\nlimit = 60\n'
OTHER = '[[queues]]\nname = "other"\n'

REFUSED = {
    'strategy = "longest_idel"': "there is no strategy 'longest_idel'; did you mean 'longest_idle'?",
    "[[queues.relax]]\nafter_seconds = 30\nlower_skills_by = 1\n"
    "[[queues.relax]]\nafter_seconds = 20\nlower_skills_by = 2": (
        "the relax step after 20 s stands behind the one after 30 s"
    ),
    "[[queues.relax]]\nafter_seconds = 30": (
        "the relax step after 30 s asks for nothing less than before"
    ),
    "max_penalty = 3\n[[queues.relax]]\nafter_seconds = 30\nmax_penalty = 2": (
        "the relax step after 30 s asks for nothing less than before"
    ),
    "[[queues.relax]]\nafter_seconds = 9\nalso_queues = ['general']": (
        "the relax step after 9 s asks for nothing less than before"
    ),
    "[[queues.relax]]\nafter_seconds = 9\nalso_queues = ['othr']": (
        "relax asks also the queue 'othr', which does not exist; did you mean 'other'?"
    ),
    WAIT + "to = 'othr'": (
        "overflow by wait goes to the queue 'othr', which does not exist; did you mean 'other'?"
    ),
    WAIT + "to = 'general'": "overflow by wait goes to the queue itself",
    "hours = {weekday = '8:00-12:00'}": (
        "hours: 'weekday' is unknown; did you mean 'weekdays'?"
    ),
    "hours = {weekdays = {mon = '8:00-12:00'}}": (
        "hours: 'mon' is no weekday; write one like 'monday'"
    ),
    "hours = {workday = '8-12'}": "hours: '8-12' is no span of time; write one like",
    "hours = {workday = []}\n[[queues.overflow]]\nwhen = 'closed'": (
        "its hours never open; write hours.workday"
    ),
    "hours = {dates = {2026-02-28 = '8:00-12:00'}}\n[[queues.overflow]]\nwhen = 'closed'": (
        "its hours never open; write hours.workday"
    ),
}


@pytest.mark.parametrize("rules", REFUSED)
def test_contradiction_is_refused(rules: str) -> None:
    (line,) = found(queue(rules, OTHER + WANG))
    assert line.startswith(f"!queue 'general': {REFUSED[rules]}")


WARNED = {
    "skills = {taxes = 1}": (
        "nobody has the skill 'taxes'; did you mean 'tax'?",
        "it can never be served: no agent may ever take its calls",
    ),
    "skills = {tax = 3}": (
        "none of its agents reaches level 3 of 'tax'; the highest is 2",
        "it can never be served: no agent may ever take its calls",
    ),
    "skills = {tax = 4}\n[[queues.relax]]\nafter_seconds = 30\nlower_skills_by = 1": (
        "none of its agents reaches level 4 of 'tax'; the highest is 2",
        "it can never be served: no agent may ever take its calls, even after all relax steps",
    ),
    "skills = {tax = 3}\n[[queues.relax]]\nafter_seconds = 30\nlower_skills_by = 1": (
        "none of its agents reaches level 3 of 'tax'; the highest is 2",
        "nobody may take its calls before they have waited 30 s",
    ),
    WAIT + "[[queues.relax]]\nafter_seconds = 60\nlower_skills_by = 1": (
        "the relax step after 60 s never comes for calls that enter here: they overflow after 60 s",
    ),
    "last_agent_seconds = 60\n" + WAIT: (
        "last_agent_seconds 60 is not below the overflow after 60 s",
    ),
    "hours = {workday = '8:00-12:00'}": (
        "its hours change nothing without an overflow when = 'closed'",
    ),
    "[[queues.overflow]]\nwhen = 'closed'": (
        "it overflows when closed but has no hours, so it never closes",
    ),
    "[queues.admission]\npromises_per_agent = 2": (
        "admission promises call-backs only when there are no places",
    ),
    WAIT + "[[queues.overflow]]\nwhen = 'wait'\nlimit = 90": (
        "it overflows twice by wait: only the way at 60 is ever taken",
    ),
}


@pytest.mark.parametrize("rules", WARNED)
def test_rule_that_cannot_be_followed_is_warned_about(rules: str) -> None:
    lines = found(queue(rules))
    assert len(lines) == len(WARNED[rules])
    for line, words in zip(lines, WARNED[rules], strict=True):
        assert line.startswith(f"queue 'general': {words}")


@pytest.mark.parametrize(
    "rules",
    [
        "",
        "skills = {tax = 2}",
        "max_penalty = 0",
        (
            "max_penalty = 1\n[[queues.relax]]\nafter_seconds = 9\nmax_penalty = 2\n"
            "[[queues.relax]]\nafter_seconds = 10"
        ),
        "hours = {dates = {2026-03-01 = '20:00-6:00'}}\n[[queues.overflow]]\nwhen = 'closed'",
        "last_agent_seconds = 59\n" + WAIT,
        "[queues.admission]\nplaces_per_agent = 3\npromises_per_agent = 2",
        "strategy = 'ring_all'\n" + WAIT + "[[queues.overflow]]\nwhen = 'no_agents'",
    ],
)
def test_good_rules_are_passed_over_in_silence(rules: str) -> None:
    assert found(queue(rules)) == []


def test_circle_of_overflows_is_told_with_its_way() -> None:
    first = queue(WAIT + "to = 'other'", "")
    (line,) = found(
        first + OTHER + WAIT.replace("wait", "length") + "to = 'general'\n" + WANG
    )
    assert line.startswith("queue '")
    assert "general -> other -> general" in line or "other -> general -> other" in line


def test_queue_without_agents_is_told_and_promises_nothing() -> None:
    rules = "[queues.admission]\nplaces_per_agent = 1"
    assert found(queue(rules, "")) == [
        "queue 'general': admission promises call-backs, but no agent is in it to call back",
        "queue 'general': it can never be served: no agent is in it",
    ]


def test_agents_of_other_queues_help_out_after_a_wait() -> None:
    relax = "[[queues.relax]]\nafter_seconds = 20\nalso_queues = ['other']\n"
    assert found(queue(relax, OTHER + WANG + "queues = ['other']")) == [
        "queue 'general': nobody may take its calls before they have waited 20 s"
    ]


def test_skill_that_only_agents_of_other_queues_have_is_told() -> None:
    lines = found(
        queue("skills = {tax = 1}", OTHER)
        + WANG
        + "queues = ['other']\n"
        + "[[agents]]\nid = '2'\ncontact = 'sip:2@127.0.0.1'\nqueues = ['general']"
    )
    assert lines[0] == "queue 'general': none of its agents has the skill 'tax'"


def test_penalties_that_do_nothing_are_told() -> None:
    penalties = "queues = ['general']\npenalties = {other = 1, genral = 2}"
    assert found(queue("", OTHER.replace("other", "others") + WANG + penalties))[
        :2
    ] == [
        "!agent '1001': he has a penalty for the queue 'genral', which does not exist; did you mean 'general'?",
        "!agent '1001': he has a penalty for the queue 'other', which does not exist; did you mean 'others'?",
    ]
    other = OTHER + WANG + "queues = ['general']\npenalties = {other = 1}"
    assert found(queue("", other))[0] == (
        "agent '1001': he has a penalty for the queue 'other', which he is not in"
    )


def test_max_penalty_that_excludes_everybody_is_told() -> None:
    lines = found(queue("max_penalty = 1", WANG + "penalties = {general = 3}"))
    assert lines[0] == (
        "queue 'general': max_penalty 1 excludes all its agents; their lowest penalty is 3"
    )
