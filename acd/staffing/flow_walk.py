"""A simulated citizen's way through his flow, as `ivr_flows/runner.py` leads him."""

from collections.abc import Callable
from functools import partial

from acd.staffing.plan import Ivr
from acd.staffing.virtual_floor import VirtualFloor
from ivr_flows.actions import (
    Action,
    AnswerHeard,
    DigitsRead,
    EnterQueue,
    HangUp,
    HeardOut,
    HearOut,
    Listen,
    MessageRecorded,
    Play,
    Played,
    QueueLeft,
    QueueOutcome,
    ReadDigits,
    RecordMessage,
    Request,
    Result,
    Transfer,
    TransferEnded,
)
from ivr_flows.interpreter import FlowState, advance, begin
from ivr_flows.language import Flow
from ivr_flows.steps import EnqueueStep
from ivr_flows.survey import SurveyStep

KEY_SECONDS = 0.5
MESSAGE_SECONDS = 20.0


class FlowWalk:
    """Goes on until the flow wants something of the hotline, which `wants` is told.

    He presses the `keys` at the questions of the flow, one word for each; when none are
    left, the first answer of a survey if he `rates`.
    """

    def __init__(
        self,
        ivr: Ivr,
        flow: Flow,
        keys: tuple[str, ...],
        floor: VirtualFloor,
        wants: Callable[[Request], None],
        *,
        rates: bool,
    ) -> None:
        self.flow = flow
        self._ivr, self._keys, self._floor = ivr, keys, floor
        self._wants, self._rates = wants, rates
        self._state: FlowState | None = None
        self._step = 0
        self.was_surveyed = False

    @property
    def is_rated(self) -> bool:
        """Whether he has answered a survey."""
        return bool(self._state and self._state.answers)

    @property
    def language(self) -> str:
        """The language spoken with him."""
        return self._state.language if self._state else ""

    def begin(self) -> None:
        """The line is up."""
        self._state, action = begin(self.flow, self._ivr.context, self._floor.now)
        self._do(action)

    def begin_in_queue(self, queue: str) -> EnterQueue | None:
        """He waits in a queue already: at the flow's step that leads there, at first or by key.

        None when no step of it does.
        """
        first = self._floor.queues[0]
        steps = {
            name: step
            for name, step in self.flow.steps.items()
            if isinstance(step, EnqueueStep)
        }
        at_first = [n for n, step in steps.items() if (step.queue or first) == queue]
        by_key = [n for n, step in steps.items() if queue in step.named_queues]
        names = at_first or by_key
        if not names:
            return None
        there = self.flow.beginning_at(names[0])
        self._state, action = begin(there, self._ivr.context, self._floor.now)
        return action if isinstance(action, EnterQueue) else None

    def queue_left(self, outcome: QueueOutcome) -> None:
        """He is out of the queue, or his talk is over."""
        self._later(0, QueueLeft(outcome=outcome))

    def transferred(self, *, connected: bool) -> None:
        """The talk with the other telephone is over, or never came about."""
        self._later(0, TransferEnded(connected=connected))

    def stop(self) -> None:
        """He has hung up: what was planned is void."""
        self._step += 1

    def _do(self, action: Action) -> None:
        match action:
            case Play():
                self._listen(action)
            case ReadDigits():
                self._press(action)
            case Listen():  # nobody hears him here: he is left to the keys
                self._later(0, AnswerHeard(deaf=True))
            case HearOut():
                self._speak(action)
            case RecordMessage():
                self._later(MESSAGE_SECONDS, MessageRecorded())
            case EnterQueue() | Transfer() | HangUp():
                self._wants(action)

    def _listen(self, play: Play) -> None:
        seconds = self._ivr.speech.of(play.sentences)
        word = self._word()
        cuts = bool(word) and word[:1] in set(play.interrupt_by)
        self._later(seconds / 2 if cuts else seconds, Played(interrupted=cuts))

    def _speak(self, asked: HearOut) -> None:
        """To an open question; who does not rate says nothing until its time is over."""
        seconds = self._ivr.speech.of(asked.sentences)
        speaks = min(MESSAGE_SECONDS, asked.max_seconds)
        seconds += speaks if self._rates else asked.max_seconds
        self._later(seconds, HeardOut(spoke=self._rates))

    def _press(self, asked: ReadDigits) -> None:
        word, self._keys = self._word(), self._keys[1:]
        self.was_surveyed = self.was_surveyed or self._survey() is not None
        if not word:
            self._later(asked.first_timeout_seconds, DigitsRead(digits=""))
            return
        digits = word.rstrip(asked.terminator)[: asked.max_digits] or word[:1]
        self._later(KEY_SECONDS * len(word), DigitsRead(digits=digits))

    def _word(self) -> str:
        """What he presses next, "" for nothing."""
        if self._keys:
            return self._keys[0]
        survey = self._survey()
        if not survey or not self._rates:
            return ""
        opinions = (k for k, name in survey.answers.items() if name in survey.opinions)
        return next(opinions, "")

    def _survey(self) -> SurveyStep | None:
        assert self._state, "a flow that asks has begun"
        step = self.flow.steps[self._state.step]
        return step if isinstance(step, SurveyStep) else None

    def _later(self, seconds: float, result: Result) -> None:
        self._step += 1
        self._floor.after(seconds, partial(self._go_on, self._step, result))

    def _go_on(self, step: int, result: Result) -> None:
        if step == self._step and self._state:
            self._state, action = advance(
                self.flow, self._state, result, self._floor.now
            )
            self._do(action)
