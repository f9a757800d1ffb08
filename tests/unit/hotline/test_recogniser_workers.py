"""How many processes recognise speech, as the console is told."""

from pathlib import Path

from console.view import Workers
from hotline.recognition import Recognisers
from telephony.speech.recognition import Recogniser


def test_model_that_could_not_be_used_counts_as_a_worker_who_is_missing() -> None:
    idle = Recogniser(Path("nowhere"), workers=2)  # not entered: no process runs
    found = Recognisers(by_language={"zh": idle}, failed=["ko"])
    assert found.workers() == {
        "zh": Workers(running=0, wanted=2),
        "ko": Workers(running=0, wanted=1),
    }


def test_language_without_a_model_wants_no_worker() -> None:
    assert Recognisers().workers() == {}
