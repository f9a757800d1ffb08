"""How people behaved on a recorded day, as far as its records hold it (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from acd.ledger.debt import AttemptOutcome
from acd.messages import OfferFailure

NOT_TAKEN = frozenset(
    {
        AttemptOutcome.NO_ANSWER,
        AttemptOutcome.BUSY,
        AttemptOutcome.REJECTED,
        AttemptOutcome.UNREACHABLE,
    }
)
TAKEN = frozenset(
    {AttemptOutcome.ANSWERED, AttemptOutcome.REFUSED, AttemptOutcome.HUNG_UP}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How often something happened, and the seconds that it took in all."""

    count: int = 0
    seconds: float = 0.0


NEVER = Times()
Kind = tuple[str, str]
"""The kind of a row, and its detail, "" for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What the rows of a day's calls tell: by kind and detail, or result, or outcome.

    `queue` counts queue events (with ring seconds), `talk` talk events (with theirs),
    `steps` steps of flows, `attempts` those to call citizens. `colleagues` of those who
    were consulted were agents. `told_of_call_backs` citizens waited until they heard of
    the key.
    """

    queue: Mapping[Kind, Times] = field(default_factory=dict)
    talk: Mapping[Kind, Times] = field(default_factory=dict)
    steps: Mapping[Kind, Times] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)
    colleagues: int = 0
    told_of_call_backs: int = 0


def behaviour_of(happened: Happened) -> dict[str, float | None]:
    """Figures of `Behaviour` by name; None what the day does not tell."""
    return {
        **_phones(happened.queue),
        **_talks(happened),
        **_citizens(happened),
    }


def _phones(queue: Mapping[Kind, Times]) -> dict[str, float | None]:
    offers = _all(queue, "OFFER").count
    answers = _all(queue, "CONNECT")
    lost = {
        name: sum(_of(queue, "RINGNOANSWER", failure).count for failure in failures)
        for name, failures in (
            ("no_answer_share", (OfferFailure.NO_ANSWER, OfferFailure.UNREACHABLE)),
            ("reject_share", (OfferFailure.REJECTED,)),
            ("busy_share", (OfferFailure.BUSY,)),
        )
    }
    shares = {name: _share(count, offers) for name, count in lost.items()}
    return {**shares, "answer_seconds": _mean(answers)}


def _talks(happened: Happened) -> dict[str, float | None]:
    queue, talk = happened.queue, happened.talk
    talks = _all(queue, "CONNECT").count
    moved = _all(queue, "MOVE").count
    to_agents = _of(talk, "HANDOVER", "agent").count
    by_agent = _all(queue, "COMPLETEAGENT").count
    by_caller = _all(queue, "COMPLETECALLER").count
    turns = {
        "attended_share": moved,
        "consult_share": max(0, happened.colleagues - moved),
        "to_agent_share": max(0, to_agents - moved),
        "to_queue_share": _of(talk, "HANDOVER", "queue").count,
    }
    whole = max(talks, sum(turns.values()))  # one talk may have several
    return {
        **{name: _share(count, whole) for name, count in turns.items()},
        "consult_seconds": _mean(_all(talk, "UNHOLD")),
        "agent_ends_share": _share(by_agent, by_agent + by_caller),
    }


def _citizens(happened: Happened) -> dict[str, float | None]:
    queue, steps, attempts = happened.queue, happened.steps, happened.attempts
    left = _of(steps, "enqueue", "left").count
    asked = _all(steps, "survey").count
    silent = sum(
        _of(steps, "survey", result).count for result in ("timeout", "invalid")
    )
    transfers = _all(steps, "transfer").count
    failed = _of(steps, "transfer", "failed").count
    unheard = sum(attempts.get(outcome, 0) for outcome in NOT_TAKEN)
    heard = sum(attempts.get(outcome, 0) for outcome in TAKEN)
    return {
        "leave_share": _share(left, _all(queue, "ABANDON").count),
        "call_back_share": _share(
            _all(queue, "CALLBACK").count, happened.told_of_call_backs
        ),
        "survey_share": _share(asked - silent, asked),
        "transfer_no_answer_share": _share(failed, transfers),
        "call_back_no_answer_share": _share(unheard, unheard + heard),
    }


def _of(rows: Mapping[Kind, Times], kind: str, detail: str) -> Times:
    return rows.get((kind, detail), NEVER)


def _all(rows: Mapping[Kind, Times], kind: str) -> Times:
    found = [times for (each, _), times in rows.items() if each == kind]
    return _sum(found)


def _sum(some: Iterable[Times]) -> Times:
    known = list(some)
    return Times(
        count=sum(times.count for times in known),
        seconds=sum(times.seconds for times in known),
    )


def _share(part: int, whole: int) -> float | None:
    return min(1.0, part / whole) if whole else None


def _mean(times: Times) -> float | None:
    return times.seconds / times.count if times.count else None
