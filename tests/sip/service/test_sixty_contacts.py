"""A campaign of sixty contacts in real SIP; each kind of citizen is a process of its own.

Each kind is behind a trunk of its own, which leads to its process. The voices are
espeak-ng's, and the sentences of the hotline are tones, by which citizens know them.
"""

import asyncio
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests import korean
from tests.fakes.ports import free_port
from tests.sip.citizens import AGENT_HZ, CITIZEN_HZ
from tests.sip.phone import Phone
from tests.sip.service.acts import assert_recordings_prove, hears, until_so
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.crowd import (
    all_ended,
    call_all,
    crowd,
    everybody,
    outbound,
    record_prompts,
)
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.service.test_campaigns import noon_zone
from tests.sip.voice import KEYS

LIMIT_SECONDS = 400
pytestmark = [
    pytest.mark.sip,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng"),
]

LINES = 12
SPEECH = '[speech]\nrecognition_models = {{ko = "{model}"}}\nrecognition_workers = 1\n'
MANY = {
    "presses": 14,
    "speaks": 8,
    "silent": 7,
    "voicemail": 7,
    "announced": 7,
    "busy": 6,
    "refuses": 5,
    "wants_person": 6,
}
OUTCOMES = {
    "presses": ("completed",),
    "speaks": ("completed",),
    "silent": ("silent",),
    "voicemail": ("machine",),
    "announced": ("network_announcement",),
    "busy": ("busy",),
    "refuses": ("rejected", "opted_out"),
    "wants_person": ("person", "partial", "partial"),
}
"""How the calls of a kind end, in turn."""
WHO = {
    "silent": "no_speech",
    "voicemail": "machine",
    "announced": "network_announcement",
}
"""Who is found to have answered; everybody else who answered is a person."""
RATES = ("attempted", "reached", "completed", "satisfied", "solved")
RESULTS = {
    "total": ("60/60", "30/60", "22/60", "19/22", "15/22"),
    "presses": ("14/14", "14/14", "14/14", "11/14", "11/14"),
    "speaks": ("8/8", "8/8", "8/8", "8/8", "4/8"),
    "silent": ("7/7", "0/7", "0/7", "0/0", "0/0"),
    "voicemail": ("7/7", "0/7", "0/7", "0/0", "0/0"),
    "announced": ("7/7", "0/7", "0/7", "0/0", "0/0"),
    "busy": ("6/6", "0/6", "0/6", "0/0", "0/0"),
    "refuses": ("5/5", "2/5", "0/5", "0/0", "0/0"),
    "wants_person": ("6/6", "6/6", "0/6", "0/0", "0/0"),
}
REDO = {"total": 7, "presses": 3, "speaks": 4}
_YES_NO = {"1": "yes", "2": "no", "네": "yes", "아니요": "no"}
_PERSON = {"0": "person", "상담원": "person"}
MEANS = {
    "contacted": _YES_NO | _PERSON,
    "solved": _YES_NO | _PERSON,
    "satisfied": {
        "1": "very_satisfied",
        "2": "satisfied",
        "3": "neutral",
        "5": "very_dissatisfied",
        "매우 만족 합니다": "very_satisfied",
    },
}
"""What a citizen's reply to a question means."""
Answers = dict[tuple[str, str], tuple[str, str]]
"""By number and question: the answer, and how it was given."""


EVERYBODY = everybody(MANY)


async def attend(desk: Phone, talks: list[str]) -> None:
    """An agent answers, hears who asked for a person, and ends the talk."""
    while True:
        call = await desk.expect_call(LIMIT_SECONDS)
        call.ring()
        call.answer()
        await hears(call, CITIZEN_HZ)
        call.hang_up()
        talks.append(call.call_id)


async def contacts(hotline: HotlineProcess) -> dict[str, dict[str, Any]]:
    """Every contact with his tries, by number, as a person has them written."""
    file = hotline.folder / "contacts.json"
    words = ("campaigns", "export", "november", "--output", str(file), "--full")
    status, said = await hotline.command(*words)
    assert status == 0, said
    records = json.loads(file.read_text("utf-8"))
    return {each["contact"]["number"][3:]: each for each in records}


async def results(hotline: HotlineProcess, by: str) -> dict[str, Any]:
    """The table of rates by group, as the command prints it."""
    words = ("campaigns", "results", "november", "--json", "--by", by)
    status, said = await hotline.command(*words)
    assert status == 0, said
    return {each["group"]: each for each in json.loads(said)}


async def test_results_of_sixty_contacts_are_exactly_what_they_did(
    start_hotline: StartHotline, phone: OpenPhone, tmp_path: Path
) -> None:
    record_prompts(tmp_path / "own-prompts")
    desks = [await phone(f"127.0.0.{n}", hz=AGENT_HZ) for n in (3, 4)]
    port, talks = free_port(), list[str]()
    async with crowd(MANY, port) as kinds:
        hotline = await start_hotline(
            *(agent(desk, f"100{n}") for n, desk in enumerate(desks)),
            extra=SPEECH.format(model=korean.model())
            + outbound(kinds, tmp_path / "own-prompts", LINES),
            hotline=f'drain_seconds = 5\ntimezone = "{noon_zone()}"',
            sip_port=port,
            secrets={each[-8:] for each in EVERYBODY},
        )
        for desk in desks:
            desk.server = ("127.0.0.1", hotline.sip_port)
        async with asyncio.TaskGroup() as tasks:
            at_desks = [tasks.create_task(attend(desk, talks)) for desk in desks]
            await call_all(hotline, EVERYBODY)
            await until_so(lambda: all_ended(hotline, EVERYBODY), LIMIT_SECONDS)
            for task in at_desks:
                task.cancel()
        accounts = [it for each in kinds for it in await each.accounts()]
    await _assert_each_was_called_once(hotline, accounts)
    assert answers_kept(hotline) == answers_given(accounts)
    _assert_who_speaks_was_understood(accounts)
    first = {it["heard"][0] for it in accounts if it["heard"]}
    assert first == {"follow_up_greeting"}  # who calls is said before all else
    await _assert_rates(hotline)
    assert len(talks) == MANY["wants_person"]
    answered = "SELECT * FROM calls WHERE agent_id IS NOT NULL"
    assert len(hotline.rows(answered)) == MANY["wants_person"]
    assert hotline.rows("SELECT * FROM missed_calls") == []
    await assert_recordings_prove(hotline)


async def _assert_each_was_called_once(
    hotline: HotlineProcess, accounts: list[dict[str, Any]]
) -> None:
    assert Counter(it["number"] for it in accounts) == Counter(list(EVERYBODY))
    kept = await contacts(hotline)
    assert kept.keys() == EVERYBODY.keys()
    found, due, verdicts = {}, {}, {}
    for each, (kind, turn) in EVERYBODY.items():
        (tried,) = kept[each]["attempts"]
        verdicts[each] = tried["verdict"] or {}
        answered_by = verdicts[each].get("answered_by")
        found[each] = tried["outcome"], answered_by
        outcome = OUTCOMES[kind][turn % len(OUTCOMES[kind])]
        unanswered = outcome in ("busy", "rejected")
        due[each] = outcome, None if unanswered else WHO.get(kind, "human")
    wrong = [each for each in due if found[each] != due[each]]
    assert not wrong, [(found[each], due[each], verdicts[each]) for each in wrong]


def answers_given(accounts: list[dict[str, Any]]) -> Answers:
    """What the citizens say that they have answered, and how."""
    given = {}
    for it in accounts:
        for question, reply in it["replied"].items():
            if question in MEANS:
                how = "key" if reply in KEYS else "voice"
                given[it["number"], question] = MEANS[question][reply], how
            elif question == "why":
                given[it["number"], question] = "recorded", "voice"
    return given


def answers_kept(hotline: HotlineProcess) -> Answers:
    """What the hotline has kept of it."""
    query = (
        "SELECT number, question, answer, given_by FROM follow_up_answers"
        " JOIN follow_up_attempts USING (call_id) WHERE answer <> 'unclear'"
    )
    return {
        (row["number"][3:], row["question"]): (row["answer"], row["given_by"])
        for row in hotline.rows(query)
    }


def _assert_who_speaks_was_understood(accounts: list[dict[str, Any]]) -> None:
    """A key is the way out for whom the recogniser misheard twice."""
    said = [
        reply
        for it in accounts
        if EVERYBODY[it["number"]][0] == "speaks"
        for question, reply in it["replied"].items()
        if question in MEANS
    ]
    assert len(said) == 3 * MANY["speaks"]
    assert sum(reply not in KEYS for reply in said) > 2 * MANY["speaks"], said


async def _assert_rates(hotline: HotlineProcess) -> None:
    found = await results(hotline, "total") | await results(hotline, "unit")
    shares = {
        group: tuple(
            f"{each[rate]['numerator']}/{each[rate]['denominator']}" for rate in RATES
        )
        for group, each in found.items()
    }
    assert shares == RESULTS
    orders = {
        group: {each[rate]["n"] for rate in RATES} for group, each in found.items()
    }
    assert orders == {kind: {many} for kind, many in MANY.items()} | {"total": {60}}
    redo = {group: each["redo"] for group, each in found.items() if each["redo"]}
    assert redo == REDO
