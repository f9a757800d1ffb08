"""The interpreter, kind of step by kind of step."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr_flows.actions import (
    Action,
    DigitsRead,
    EnterQueue,
    HangUp,
    MessageRecorded,
    Play,
    Played,
    QueueLeft,
    QueueOutcome,
    ReadDigits,
    RecordMessage,
    Result,
    Transfer,
    TransferEnded,
)
from ivr_flows.interpreter import (
    FlowContext,
    FlowDefect,
    FlowState,
    StepLeft,
    UnexpectedResult,
    advance,
    begin,
)
from ivr_flows.language import Flow
from tests.unit.ivr_flows.flows import NOW, flow_of

END = "\n  end: {do: hang_up}\n"
NO_KEY = DigitsRead(digits="")
CITY = FlowContext(timezone=ZoneInfo("Asia/Shanghai"))


@dataclass
class Line:
    """A flow that a test drives by results, and the steps that it left."""

    flow: Flow
    now: datetime = NOW
    context: FlowContext = CITY
    left: list[StepLeft] = field(default_factory=list)

    def begin(self) -> Action:
        return self._note(begin(self.flow, self.context, self.now))

    def then(self, *results: Result) -> Action:
        for result in results:
            action = self._note(advance(self.flow, self.state, result, self.now))
        return action

    def _note(self, gone_on: tuple[FlowState, Action]) -> Action:
        self.state, action = gone_on
        self.left += self.state.left
        return action

    @property
    def results(self) -> dict[str, str]:
        return {left.step: left.result for left in self.left}


def keys(digits: str) -> DigitsRead:
    return DigitsRead(digits=digits)


def words(action: Action) -> list[tuple[str, str]]:
    assert isinstance(action, Play)
    return [(sentence.words, sentence.language) for sentence in action.sentences]


def line(folder: Path, steps: str, context: FlowContext = CITY) -> Line:
    return Line(flow_of(folder, f"steps:\n{steps}{END}"), context=context)


def test_sentence_is_said_and_the_flow_goes_on(tmp_path: Path) -> None:
    call = line(tmp_path, "  a: {do: say, say: [closed, 您好], interrupt_by: 12}")
    action = call.begin()
    assert words(action) == [("closed", "zh"), ("您好", "zh")]
    assert isinstance(action, Play)
    assert action.interrupt_by == "12"
    assert call.then(Played()) == HangUp()
    assert call.left == [StepLeft(step="a", kind="say", result="played")]


def test_sentence_cut_by_a_key_is_told_as_interrupted(tmp_path: Path) -> None:
    call = line(tmp_path, "  a: {do: say, say: closed, interrupt_by: 1}")
    call.begin()
    call.then(Played(interrupted=True))
    assert call.results == {"a": "interrupted"}


def test_recorded_file_is_played(tmp_path: Path) -> None:
    call = line(tmp_path, "  a: {do: play, files: [notice.wav, more.wav]}")
    assert words(call.begin()) == [("notice.wav", "zh"), ("more.wav", "zh")]
    assert call.then(Played()) == HangUp()


MENU = """\
  menu:
    do: menu
    say: greeting
    keys: {1: one, "#": hash}
    tries: 2
    timeout_seconds: 4
    say_timeout: no_key
    say_invalid: invalid_key
    timeout: late
    invalid: wrong
  one: {do: hang_up}
  hash: {do: hang_up}
  late: {do: hang_up}
  wrong: {do: go_to, then: end}
"""


def test_menu_listens_after_its_sentence_and_during_it(tmp_path: Path) -> None:
    call = line(tmp_path, MENU)
    action = call.begin()
    assert isinstance(action, Play)
    assert set(action.interrupt_by) == set("0123456789*#")
    assert call.then(Played(interrupted=True)) == ReadDigits(
        max_digits=1, first_timeout_seconds=4, next_timeout_seconds=4
    )


@pytest.mark.parametrize(("key", "step"), [("1", "one"), ("#", "hash")])
def test_key_of_a_menu_leads_to_its_step(tmp_path: Path, key: str, step: str) -> None:
    call = line(tmp_path, MENU)
    call.begin()
    assert call.then(Played(), keys(key)) == HangUp()
    assert call.state.step == step
    assert call.results == {"menu": "key"}


def test_menu_asks_again_with_the_reason_and_then_goes_on(tmp_path: Path) -> None:
    call = line(tmp_path, MENU)
    call.begin()
    assert words(call.then(Played(), NO_KEY)) == [("no_key", "zh"), ("greeting", "zh")]
    assert call.then(Played(), NO_KEY) == HangUp()
    assert call.state.step == "late"
    assert call.results == {"menu": "timeout"}


def test_wrong_key_is_forgotten_before_the_menu_asks_again(tmp_path: Path) -> None:
    call = line(tmp_path, MENU)
    call.begin()
    again = call.then(Played(), keys("7"))
    assert words(again) == [("invalid_key", "zh"), ("greeting", "zh")]
    assert isinstance(again, Play)
    assert again.clear_digits
    assert call.then(Played(), keys("8")) == HangUp()
    assert call.results == {"menu": "invalid", "wrong": "passed"}


def test_silent_menu_reads_at_once(tmp_path: Path) -> None:
    call = line(
        tmp_path, "  a: {do: menu, keys: {1: end}, tries: 2, timeout_seconds: 0}"
    )
    assert isinstance(call.begin(), ReadDigits)
    assert isinstance(call.then(NO_KEY), ReadDigits)
    assert call.then(NO_KEY) == HangUp()


def test_menu_without_barge_in_speaks_to_its_end(tmp_path: Path) -> None:
    call = line(
        tmp_path, "  a: {do: menu, say: greeting, keys: {1: end}, barge_in: false}"
    )
    action = call.begin()
    assert isinstance(action, Play)
    assert action.interrupt_by == ""


COLLECT = """\
  ask: {do: collect, say: no_key, into: code, min_digits: 3, max_digits: 6,
        between_seconds: 2, tries: 2, invalid: wrong}
  said: {do: say, say: "号码{code}", then: end}
  wrong: {do: hang_up}
"""


def test_collected_digits_can_be_said(tmp_path: Path) -> None:
    call = line(tmp_path, COLLECT)
    call.begin()
    assert call.then(Played()) == ReadDigits(
        max_digits=6, first_timeout_seconds=5, next_timeout_seconds=2, terminator="#"
    )
    said = call.then(keys("0531"))
    assert isinstance(said, Play)
    assert said.sentences[0].values["code"] == "0531"


def test_too_few_digits_are_asked_for_again_and_then_invalid(tmp_path: Path) -> None:
    call = line(tmp_path, COLLECT)
    call.begin()
    call.then(Played(), keys("12"))
    assert call.then(Played(), keys("#")) == HangUp()
    assert call.results == {"ask": "invalid"}
    assert call.state.step == "wrong"


def test_digits_show_in_no_text_about_a_call(tmp_path: Path) -> None:
    call = line(tmp_path, COLLECT)
    call.begin()
    said = call.then(Played(), keys("013800138000"))
    told = f"{said} {call.state} {call.left} {keys('013800138000')}"
    assert "013800138000" not in told
    with pytest.raises(UnexpectedResult) as error:
        call.then(keys("013800138000"))
    assert "013800138000" not in str(error.value)


QUEUE = """\
  wait: {do: enqueue, queue: general, priority: 5, skills: {tax: 2}, say: connecting,
         announce_position: false, max_wait_seconds: 60, too_long: sorry, leave_key: 9,
         left: gone, nobody: closed, then: opinion}
  sorry: {do: hang_up}
  gone: {do: hang_up}
  closed: {do: hang_up}
  opinion: {do: survey, say: survey_question, answers: {1: good, 2: bad}, timeout: end}
"""


def test_enqueue_asks_for_all_that_the_flow_wrote(tmp_path: Path) -> None:
    call = line(tmp_path, QUEUE)
    wish = call.begin()
    assert isinstance(wish, EnterQueue)
    assert (wish.queue, wish.priority, wish.language) == ("general", 5, "zh")
    assert wish.skills == {"tax": 2}
    assert [sentence.words for sentence in wish.announce] == ["connecting"]
    assert not wish.announce_position
    assert (wish.max_wait_seconds, wish.leave_key) == (60, "9")
    assert wish.leave_when_nobody


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        (QueueOutcome.TALKED, "opinion"),
        (QueueOutcome.TOO_LONG, "sorry"),
        (QueueOutcome.LEFT, "gone"),
        (QueueOutcome.NOBODY, "closed"),
    ],
)
def test_way_out_of_the_queue_leads_to_its_step(
    tmp_path: Path, outcome: QueueOutcome, step: str
) -> None:
    call = line(tmp_path, QUEUE)
    call.begin()
    call.then(QueueLeft(outcome=outcome))
    assert call.state.step == step
    assert call.results == {"wait": outcome.value}


def test_plain_queue_is_left_only_after_the_talk(tmp_path: Path) -> None:
    wish = line(tmp_path, "  a: {do: enqueue, queue: general}").begin()
    assert isinstance(wish, EnterQueue)
    assert (wish.max_wait_seconds, wish.leave_key) == (None, "")
    assert not wish.leave_when_nobody


def test_answer_of_a_survey_is_kept_by_its_name(tmp_path: Path) -> None:
    call = line(tmp_path, QUEUE)
    call.begin()
    call.then(QueueLeft(outcome=QueueOutcome.TALKED), Played(), keys("2"))
    assert call.state.answers == {"opinion": "bad"}


@pytest.mark.parametrize("digits", ["", "7"])
def test_silence_and_wrong_keys_are_no_answer_of_a_survey(
    tmp_path: Path, digits: str
) -> None:
    call = line(tmp_path, QUEUE)
    call.begin()
    call.then(QueueLeft(outcome=QueueOutcome.TALKED), Played(), keys(digits))
    assert call.state.answers == {}
    assert call.state.step == "end"


@pytest.mark.parametrize(("connected", "step"), [(True, "end"), (False, "sorry")])
def test_transfer_comes_about_or_fails(
    tmp_path: Path, connected: bool, step: str
) -> None:
    call = line(
        tmp_path,
        "  a: {do: transfer, say: connecting, target: 'sip:110@127.0.0.3', then: end, failed: sorry}\n"
        "  sorry: {do: hang_up, say: transfer_failed}",
    )
    assert words(call.begin()) == [("connecting", "zh")]
    assert call.then(Played()) == Transfer(target="sip:110@127.0.0.3")
    call.then(TransferEnded(connected=connected))
    assert call.state.step == step
    assert call.results == {"a": "connected" if connected else "failed"}


HOURS = """\
  hours: {do: opening_hours, hours: {workday: 9:00-17:00}, open: in, closed: out}
  in: {do: hang_up}
  out: {do: go_to, then: end}
"""


@pytest.mark.parametrize(("hour", "result"), [(1, "open"), (8, "open"), (9, "closed")])
def test_opening_hours_follow_the_clock_of_the_city(
    tmp_path: Path, hour: int, result: str
) -> None:
    call = line(tmp_path, HOURS)
    call.now = datetime(2026, 3, 2, hour, 0, tzinfo=UTC)
    assert call.begin() == HangUp()
    assert call.results["hours"] == result


def test_set_changes_the_language_from_there_on(tmp_path: Path) -> None:
    call = line(
        tmp_path,
        "  a: {do: say, say: closed}\n"
        "  b: {do: set, values: {language: en, office: tax}}\n"
        "  c: {do: say, say: [closed, {en: For {office}}, {zh: 中文}]}".replace(
            "For {office}", "'For {office}'"
        ),
    )
    assert words(call.begin()) == [("closed", "zh")]
    said = call.then(Played())
    assert words(said) == [("closed", "en"), ("For {office}", "en"), ("中文", "zh")]
    assert isinstance(said, Play)
    assert said.sentences[1].values["office"] == "tax"
    assert call.results == {"a": "played", "b": "set"}


def test_flow_begins_in_the_language_of_the_call(tmp_path: Path) -> None:
    context = FlowContext(variables={"language": "en"})
    call = line(tmp_path, "  a: {do: say, say: closed}", context)
    assert words(call.begin()) == [("closed", "en")]


@pytest.mark.parametrize(
    ("own", "spoken"), [("", "en"), ("language: zh\n", "zh"), ("language: en\n", "en")]
)
def test_flow_without_a_language_speaks_the_one_of_the_settings(
    tmp_path: Path, own: str, spoken: str
) -> None:
    flow = flow_of(tmp_path, f"{own}steps:\n  end: {{do: hang_up, say: goodbye}}\n")
    call = Line(flow, context=FlowContext(language="en"))
    assert words(call.begin()) == [("goodbye", spoken)]


def test_message_is_recorded_after_the_tone_until_a_key(tmp_path: Path) -> None:
    call = line(
        tmp_path, "  a: {do: record_message, say: leave_message, max_seconds: 30}"
    )
    action = call.begin()
    assert isinstance(action, Play)
    assert action.interrupt_by == "#"
    assert call.then(Played()) == RecordMessage(max_seconds=30, end_by="#")
    assert call.then(MessageRecorded()) == HangUp()
    assert call.results == {"a": "recorded"}


def test_last_words_are_said_before_hanging_up(tmp_path: Path) -> None:
    call = Line(flow_of(tmp_path, "steps:\n  end: {do: hang_up, say: goodbye}\n"))
    assert words(call.begin()) == [("goodbye", "zh")]
    assert call.then(Played()) == HangUp()


def test_flow_begins_where_start_says(tmp_path: Path) -> None:
    text = (
        "start: b\nsteps:\n  a: {do: hang_up}\n  b: {do: say, say: closed, then: a}\n"
    )
    call = Line(flow_of(tmp_path, text))
    call.begin()
    assert call.state.step == "b"


def test_result_that_answers_nothing_is_refused(tmp_path: Path) -> None:
    call = line(tmp_path, MENU)
    call.begin()
    with pytest.raises(UnexpectedResult, match="'menu' does not wait for DigitsRead"):
        call.then(keys("1"))
    assert call.then(Played(), keys("1")) == HangUp()
    with pytest.raises(UnexpectedResult):
        call.then(Played())


def test_unchecked_flow_that_goes_round_is_a_defect() -> None:
    flow = Flow.model_validate({"steps": {"a": {"do": "go_to", "then": "a"}}})
    with pytest.raises(FlowDefect, match="go round at 'a'"):
        begin(flow, CITY, NOW)


def test_unchecked_flow_without_an_end_is_a_defect() -> None:
    flow = Flow.model_validate({"steps": {"a": {"do": "set", "values": {"x": "y"}}}})
    with pytest.raises(FlowDefect, match="nothing follows step 'a'"):
        begin(flow, CITY, NOW)
