"""A question that is answered by voice or key: what is asked next. Pure."""

from pathlib import Path

import pytest

from ivr_flows.actions import (
    Action,
    AnswerHeard,
    DigitsRead,
    HangUp,
    Listen,
    Play,
    Played,
    ReadDigits,
    Result,
    Said,
)
from ivr_flows.interpreter import FlowContext, FlowState, advance, begin
from ivr_flows.language import FlowError
from ivr_flows.understanding.answers import Answer, Question
from tests.unit.ivr_flows.flows import NOW, flow_of

FLOW = """\
steps:
  solved:
    do: survey
    say: 请按键
    say_spoken: 请说
    say_timeout: 没听见
    say_invalid: 没听清
    spoken: solved
    answers: {1: "yes", 2: "no", 0: person, 9: opted_out}
    tries: 2
    person: agent
    refuses: bye
    timeout: silent
    invalid: silent
  unsolved:
    do: answered
    any_of: {solved: ["no", partly]}
    then: sorry
    otherwise: thanks
  thanks: {do: hang_up, say: 谢谢}
  sorry: {do: hang_up, say: 抱歉}
  agent: {do: enqueue}
  bye: {do: hang_up, say: 再见}
  silent: {do: hang_up, say: 稍后再联系}
"""
SILENCE, DEAF = AnswerHeard(), AnswerHeard(deaf=True)


def said(answer: Answer) -> AnswerHeard:
    """Something was said and understood so."""
    return AnswerHeard(said=Said(answer=answer, confidence=0.9, transcript="…"))


def key(digit: str) -> AnswerHeard:
    """A key was pressed while it was listened."""
    return AnswerHeard(digits=digit)


class Talk:
    """The flow with a citizen who speaks Mandarin; `hears`: whether we understand it."""

    def __init__(self, folder: Path, *, hears: bool = True) -> None:
        self._flow = flow_of(folder, FLOW)
        languages = frozenset({"zh"} if hears else {"ko"})
        context = FlowContext(hears=languages)
        self.state: FlowState
        self.action: Action
        self.state, self.action = begin(self._flow, context, NOW)

    def goes_on(self, *results: Result) -> "Talk":
        """What happened, one thing after the other."""
        for result in results:
            self.state, self.action = advance(self._flow, self.state, result, NOW)
        return self

    @property
    def says(self) -> list[str]:
        """The sentences of the present action."""
        assert isinstance(self.action, Play | Listen)
        return [sentence.words for sentence in self.action.sentences]


def test_question_is_asked_by_voice_where_it_can_be_heard(tmp_path: Path) -> None:
    talk = Talk(tmp_path)
    assert isinstance(talk.action, Listen)
    assert (talk.action.question, talk.action.language) == (Question.SOLVED, "zh")
    assert talk.says == ["请说"]


def test_question_is_asked_by_keys_where_nobody_hears(tmp_path: Path) -> None:
    talk = Talk(tmp_path, hears=False)
    assert (type(talk.action), talk.says) == (Play, ["请按键"])
    talk.goes_on(Played())
    assert isinstance(talk.action, ReadDigits)
    talk.goes_on(DigitsRead(digits=""))
    assert talk.says == ["没听见", "请按键"]
    talk.goes_on(Played(), DigitsRead(digits=""))
    assert talk.says == ["稍后再联系"]


@pytest.mark.parametrize(
    ("reply", "answer", "step"),
    [
        (said(Answer.YES), "yes", "thanks"),
        (said(Answer.PARTLY), "partly", "sorry"),
        (said(Answer.NO), "no", "sorry"),
        (key("1"), "yes", "thanks"),
        (key("2"), "no", "sorry"),
        (said(Answer.PERSON), "person", "agent"),
        (key("0"), "person", "agent"),
        (said(Answer.REFUSES), "refuses", "bye"),
        (said(Answer.OPT_OUT), "opted_out", "bye"),
        (key("9"), "opted_out", "bye"),
    ],
)
def test_answer_leads_on_however_it_was_given(
    tmp_path: Path, reply: AnswerHeard, answer: str, step: str
) -> None:
    talk = Talk(tmp_path).goes_on(reply)
    assert (talk.state.answers, talk.state.step) == ({"solved": answer}, step)


def test_silence_is_asked_once_more_then_by_keys_then_left(tmp_path: Path) -> None:
    talk = Talk(tmp_path).goes_on(SILENCE)
    assert (type(talk.action), talk.says) == (Listen, ["没听见", "请说"])
    talk.goes_on(SILENCE)
    assert (type(talk.action), talk.says) == (Play, ["没听见", "请按键"])
    talk.goes_on(Played(), DigitsRead(digits=""))
    assert (talk.state.step, talk.state.answers) == ("silent", {})


def test_unclear_words_are_asked_once_more_and_then_by_keys(tmp_path: Path) -> None:
    talk = Talk(tmp_path).goes_on(said(Answer.UNCLEAR))
    assert (type(talk.action), talk.says) == (Listen, ["没听清", "请说"])
    talk.goes_on(said(Answer.UNCLEAR))
    assert (type(talk.action), talk.says) == (Play, ["没听清", "请按键"])
    talk.goes_on(Played(), DigitsRead(digits="2"))
    assert (talk.state.step, talk.state.answers) == ("sorry", {"solved": "no"})


def test_wrong_key_is_asked_once_more_by_voice(tmp_path: Path) -> None:
    talk = Talk(tmp_path).goes_on(key("7"))
    assert (type(talk.action), talk.says) == (Listen, ["没听清", "请说"])


def test_question_falls_to_the_keys_when_the_recogniser_dies(tmp_path: Path) -> None:
    talk = Talk(tmp_path).goes_on(DEAF)
    assert (type(talk.action), talk.says) == (Play, ["请按键"])
    assert isinstance(talk.action, Play)
    assert not talk.action.clear_digits, "a key that was pressed meanwhile counts"
    talk.goes_on(Played(), DigitsRead(digits=""))
    assert talk.says == ["没听见", "请按键"]
    talk.goes_on(Played(), DigitsRead(digits="1"))
    assert talk.state.answers == {"solved": "yes"}


def test_death_at_the_second_asking_leaves_one_by_keys(tmp_path: Path) -> None:
    talk = Talk(tmp_path).goes_on(SILENCE, DEAF)
    assert talk.says == ["请按键"]
    talk.goes_on(Played(), DigitsRead(digits=""))
    assert isinstance(talk.goes_on(Played()).action, HangUp)


@pytest.mark.parametrize(
    ("survey", "told"),
    [
        ("spoken: solved, refuses: end, answers: {1: 'yes', 2: 'no'}", "person: STEP"),
        ("spoken: solved, person: end, answers: {1: 'yes', 2: 'no'}", "refuses: STEP"),
        ("answers: {1: good, 0: person}", "person: STEP"),
        ("answers: {1: good, 2: bad}, say_spoken: 请说", "say_spoken needs spoken"),
        (
            "spoken: solved, person: end, refuses: end, answers: {1: 'yes', 2: good}",
            "'good' is no answer to solved; known: no, opted_out, partly, person",
        ),
        (
            "spoken: satisfaction, person: end, refuses: end, answers: {1: a, 2: b}",
            "'contacted', 'solved', 'satisfied', 'offer', 'opt_out' or 'comes'",
        ),
    ],
)
def test_survey_that_leads_somebody_nowhere_is_refused(
    tmp_path: Path, survey: str, told: str
) -> None:
    with pytest.raises(FlowError, match=told):
        flow_of(
            tmp_path, f"steps:\n  a: {{do: survey, {survey}}}\n  end: {{do: hang_up}}\n"
        )


@pytest.mark.parametrize(
    ("any_of", "told"),
    [
        ("{b: [good]}", "there is no survey 'b'"),
        ("{end: [good]}", "there is no survey 'end'"),
        ("{a: [god]}", "'god' is never answered there; did you mean 'good'"),
    ],
)
def test_answer_that_a_step_looks_for_must_be_possible(
    tmp_path: Path, any_of: str, told: str
) -> None:
    text = f"""\
steps:
  a: {{do: survey, answers: {{1: good, 2: bad}}}}
  was: {{do: answered, any_of: {any_of}, otherwise: end}}
  end: {{do: hang_up}}
"""
    with pytest.raises(FlowError, match=rf"f.yaml:3: {told}"):
        flow_of(tmp_path, text)
