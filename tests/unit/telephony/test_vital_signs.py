"""The watch over silent peers."""

from telephony.pjsua.vital_signs import ANSWER_SECONDS, Verdict, VitalSigns


def test_peer_that_sends_packets_is_alive() -> None:
    signs = VitalSigns(30, now=0)
    verdicts = [
        signs.check((second,), held=False, now=float(second))
        for second in range(1, 1000, 3)
    ]
    assert set(verdicts) == {Verdict.ALIVE}


def test_silent_peer_is_asked_once_and_is_dead_without_an_answer() -> None:
    signs = VitalSigns(30, now=0)
    assert signs.check((5,), held=False, now=1) is Verdict.ALIVE
    assert signs.check((5,), held=False, now=30) is Verdict.ALIVE
    assert signs.check((5,), held=False, now=31) is Verdict.ASK
    assert signs.asked
    assert signs.check((5,), held=False, now=35) is Verdict.ALIVE
    assert signs.check((5,), held=False, now=31 + ANSWER_SECONDS) is Verdict.DEAD


def test_muted_peer_that_answers_is_asked_again_only_later() -> None:
    signs = VitalSigns(30, now=0)
    signs.check((), held=False, now=30)
    signs.sign_of_life(31)
    assert not signs.asked
    assert signs.check((), held=False, now=60) is Verdict.ALIVE
    assert signs.check((), held=False, now=61) is Verdict.ASK


def test_packet_after_the_question_is_answer_enough() -> None:
    signs = VitalSigns(30, now=0)
    assert signs.check((), held=False, now=30) is Verdict.ASK
    assert signs.check((1,), held=False, now=31) is Verdict.ALIVE
    assert signs.check((1,), held=False, now=45) is Verdict.ALIVE


def test_peer_that_holds_us_may_be_silent_for_hours() -> None:
    signs = VitalSigns(30, now=0)
    assert signs.check((), held=True, now=7200) is Verdict.ALIVE
    assert signs.check((), held=False, now=7210) is Verdict.ALIVE
    assert signs.check((), held=False, now=7230) is Verdict.ASK
