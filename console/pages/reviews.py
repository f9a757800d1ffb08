"""Doubtful answers: a clip is heard, and a person sets what was said; one after another."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response

from console.access import Asking
from console.pages import campaign_words as words
from console.pages.rendering import page
from console.permissions import permits
from console.routes.parts import CallId, View
from console.routes.reviews import Question
from console.view import ConsoleView
from console.words import N_
from ivr_flows.survey import OPTED_OUT
from outbound.archive import all_campaigns
from outbound.reviews.review import NO_ANSWER, Doubt, DoubtfulAnswer
from outbound.reviews.store import doubtful_answers
from outbound.spoken_words import masked_words

router = APIRouter(prefix="/reviews", include_in_schema=False)
WAITING = 20
DOUBTS = {
    Doubt.UNCLEAR: N_("it was not understood"),
    Doubt.LOW_CONFIDENCE: N_("the recognition is unsure"),
    Doubt.CONTRADICTORY: N_("his answers contradict each other"),
    Doubt.OPT_OUT: N_("he may want no follow-up calls"),
}
LETTERS = {NO_ANSWER: "U", OPTED_OUT: "O"}
"""The keys of what every question may be set to; the others are numbered."""
Campaign = Annotated[str, Query(max_length=40)]
Clip = Annotated[str, Query(max_length=160)]


@router.get("", operation_id="page_reviews")
async def reviews_page(
    request: Request,
    view: View,
    identity: Asking,
    campaign: Campaign = "",
    before: Clip = "",
) -> Response:
    """The newest doubtful answer, or the one after `before`, and those that follow."""
    waiting = await _waiting(view, campaign, before)
    return page(
        request,
        "reviews.html",
        campaigns=[each.name for each in await all_campaigns(view.database)],
        may_set=permits(identity, "page_set_review"),
        **_shown(view, campaign, waiting),
    )


@router.post("/{call_id}/{question}", operation_id="page_set_review")
async def set_review(
    request: Request,
    view: View,
    identity: Asking,
    call_id: CallId,
    question: Question,
    answer: Annotated[str, Form(max_length=40)],
    campaign: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Set what was heard; what was recognised stays beside it, and the next one comes."""
    reviews = view.follow_ups.reviews
    first = await reviews.answer(call_id, question)
    review = await reviews.set(call_id, question, answer, identity.name)
    waiting = await _waiting(view, campaign, f"{call_id}:{question}")
    return page(
        request,
        "reviews_now.html",
        may_set=True,
        done={"first": first.answer, "set": review.answer, "question": question},
        **_shown(view, campaign, waiting),
    )


async def _waiting(
    view: ConsoleView, campaign: str, before: str
) -> Sequence[DoubtfulAnswer]:
    """Those after a clip; from the newest on when none is left after it."""
    below = view.follow_ups.review_below
    for bound in dict.fromkeys((before, "")):
        found = await doubtful_answers(
            view.database, below=below, campaign=campaign, limit=WAITING, before=bound
        )
        if found:
            return found
    return []


def _shown(
    view: ConsoleView, campaign: str, waiting: Sequence[DoubtfulAnswer]
) -> dict[str, Any]:
    now = waiting[0] if waiting else None
    return {
        "campaign": campaign,
        "now": now,
        "waiting": waiting,
        "most": WAITING,
        "choices": choices_of(view, now.answer.question) if now else [],
        "questions": words.QUESTIONS,
        "answers": words.ANSWERS,
        "given_by": words.GIVEN_BY,
        "doubts": DOUBTS,
        "masked": masked_words,
        "below": view.follow_ups.review_below,
    }


def choices_of(view: ConsoleView, question: str) -> list[tuple[str, str]]:
    """The answers to a question, each with its key, in the order of the pages' words."""
    known = view.follow_ups.reviews.choices(question) - set(LETTERS)
    order = list(words.ANSWERS)
    place = {name: order.index(name) for name in known if name in order}
    ordered = sorted(known, key=lambda name: (place.get(name, len(order)), name))
    numbered = [(str(nth), name) for nth, name in enumerate(ordered[:9], 1)]
    return [*numbered, *((key, name) for name, key in LETTERS.items())]
