"""A spoken answer over a real SIP call: recorded by PJSIP, recognised as it grows."""

import asyncio
import logging
from pathlib import Path

import pytest

from ivr_flows.understanding.answers import Answer, Question
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.meaning import understand
from telephony.speech.recognition import Recogniser
from tests import korean
from tests.sip.conftest import Desk

pytestmark = pytest.mark.sip

logger = logging.getLogger(__name__)


@pytest.mark.parametrize(
    ("said", "question", "answer"),
    [
        ("네", Question.CONTACTED, Answer.YES),
        ("아니요", Question.SOLVED, Answer.NO),
        ("매우 만족 합니다", Question.SATISFIED, Answer.VERY_SATISFIED),
    ],
)
async def test_answer_that_is_spoken_in_a_call_is_understood(
    desk: Desk,
    tmp_path: Path,
    said: str,
    question: Question,
    answer: Answer,
) -> None:
    async with Recogniser(korean.model()) as recogniser:
        call = await (await desk.phone()).dial()
        leg = await desk.call()
        await leg.answer()
        await call.got_response("INVITE", 200)
        await leg.start_recording(tmp_path / "citizen.wav")
        await asyncio.sleep(0.5)
        phrases = lexicon("ko").grammar(question)

        async def heard() -> Answer | None:
            file = tmp_path / "citizen.wav"
            async with recogniser.listen(file, phrases) as listening:
                ended_at = call.voice.say(korean.spoken(said))
                async with asyncio.timeout(60):
                    told = await listening.heard
            after = asyncio.get_running_loop().time() - ended_at
            logger.info("from the end of speech to the answer: %.2f s", after)
            assert listening.began.done()
            how = told.confidence
            return understand(told.text, question, "ko", heard_confidence=how).answer

        found = await heard()
        if (
            found is not answer
        ):  # a busy machine loses sound: who is asked again says it again
            found = await heard()
        await leg.hang_up()
    assert found is answer
