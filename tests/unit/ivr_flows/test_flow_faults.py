"""What the writer of a flow is told: the file, the line and the nearest word."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr_flows.finding import Finding
from ivr_flows.flow import FlowError, check_flow, load_flow
from ivr_flows.language import read_flow
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.yaml_problems import problem_of
from tests.unit.ivr_flows.flows import findings, flow_of, written

END = "  end: {do: hang_up}\n"

UNREADABLE = {
    "steps:\n  a:\n    do: men\n": "2: 'men' is no kind of step; did you mean 'menu'?",
    "steps:\n  a:\n    do: say\n    say: goodbye\n    thn: end\n" + END: (
        "5: 'thn' is no word of 'say'; did you mean 'then'?"
    ),
    "title: x\nstep:\n" + END: "2: 'step' is no word of a flow; did you mean 'steps'?",
    "steps:\n  a: {do: menu, keys: {1: end}, tries: many}\n" + END: (
        "2: tries is a whole number"
    ),
    "steps:\n  a:\n    do: menu\n    keys: {1: end}\n    tries: 9\n" + END: (
        "5: tries: it must be at most 5"
    ),
    "steps:\n  a: {do: menu, keys: {1: end}, timeout_seconds: .inf}\n" + END: (
        "2: timeout_seconds is a number of seconds"
    ),
    "steps:\n  a: {do: menu, keys: {1: end}, barge_in: maybe}\n" + END: (
        "2: barge_in is true or false"
    ),
    "steps:\n  a:\n    do: menu\n    keys:\n      x: end\n" + END: (
        "5: 'x' is no key of a telephone; keys are 0-9, '*' and '#'"
    ),
    "steps:\n  a:\n    do: menu\n    keys:\n      *: end\n": (
        "5: the keys '*' and '#' must be written in quotes"
    ),
    "steps:\n  a: &x {do: hang_up}\n  b: *x\n": (
        "3: references (*name) have no place in a flow; quote the key '*'"
    ),
    "steps:\n  a: {do: hang_up}\n  a: {do: hang_up}\n": "3: 'a' is already there in line 2",
    "steps:\n\ta: {do: hang_up}\n": "2: indent with spaces, not with tabs",
    "steps: @x\n": "1: no text begins with '@'; write it in quotes",
    "steps:\n  a: x: y\n": "2: a ':' too much, or a wrong indent",
    "steps:\n  a: {do: say\n": "3: a ',' or the closing '}' is missing",
    "steps:\n  a: 'x\n": "3: the quotes are not closed",
    "steps:\n  a:\n    b: 1\n   c: 2\n": "4: the indent does not fit the lines before",
    "steps:\n  a: {do: say}\n  b\n": "4: the ':' after a word is missing, or a wrong indent",
    "steps: - a\n": "1: no '-' may stand here",
    'steps: "\\q"\n': "1: there is no such escape after a backslash",
    "steps: |x\n": "1: nothing else may stand in the line after '|' or '>'",
    "steps: 1\n---\na: 1\n": "2: a flow is one document",
    "steps: }\n": "1: there should be a value here",
    "steps: !!python/object:os.system {}\n": "1: tags (!name) have no place in a flow",
    "": "1: a flow begins with 'steps:'",
    "- a\n": "1: a flow begins with 'steps:'",
    "steps:\n  a:\n": "2: a wants lines of 'word: value' under it",
    "steps:\n  A-b: {do: hang_up}\n": "2: 'A-b' is no name; names are small letters",
    "steps:\n  a: {do: transfer}\n" + END: "2: target is missing",
    "steps:\n  a: {do: transfer, target: bob}\n" + END: (
        "2: 'bob' cannot be called; write a number, or sip:name@host"
    ),
    "steps:\n  a: {do: enqueue, priority: 101}\n" + END: (
        "2: 101 is no priority; write 0 to 100, or emergency"
    ),
    "steps:\n  a: {do: enqueue, skills: {tax: expert}}\n" + END: (
        "2: tax is a whole number"
    ),
    "steps:\n  a:\n    do: enqueue\n    queue: general\n    leave_key: 9\n" + END: (
        "2: leave_key and left are written together"
    ),
    "steps:\n  a:\n    do: enqueue\n    queue: general\n    too_long: end\n" + END: (
        "2: max_wait_seconds and too_long are written together"
    ),
    "steps:\n  a: {do: collect, into: n, min_digits: 5, max_digits: 4}\n" + END: (
        "2: min_digits must not be more than max_digits"
    ),
    "steps:\n  a: {do: survey, answers: {1: good}}\n" + END: "2: answers has too few",
    "steps:\n  a: {do: hang_up, then: a}\n": (
        "2: nothing comes after hang_up; leave 'then' out"
    ),
    "steps:\n  a: {do: hang_up, say: {fr: adieu}}\n": (
        "2: 'fr' is no language here; known: zh, en"
    ),
    "steps:\n  a: {do: set, values: {language: fr}}\n" + END: (
        "2: 'fr' is no language here; known: zh, en"
    ),
    "language: eng\nsteps:\n" + END: "1: 'eng' is not known here; did you mean 'en'?",
    "steps:\n  a: {do: say, say: []}\n" + END: "2: write at least one sentence",
    "steps:\n  a: {do: say, say: {}}\n" + END: "2: write the sentence in at least one",
    "steps:\n  a: {do: say, say: true}\n"
    + END: "2: a sentence is a key of the prompts",
    "steps:\n  a:\n    do: opening_hours\n    closed: end\n    hours: {workday: 9-17}\n"
    + END: "5: '9-17' is no span of time; write one like '08:30-12:00'",
    "steps:\n  a:\n    do: opening_hours\n    closed: end\n    hours: {workday: '25:00-26:00'}\n"
    + END: "5: '25:00-26:00' is beyond the day",
    "steps:\n  a:\n    do: opening_hours\n    closed: end\n    hours:\n      wrkday: []\n"
    + END: "6: 'wrkday' is no word of 'opening_hours'; did you mean 'workday'?",
    "steps:\n  a:\n    do: opening_hours\n    closed: end\n    hours:\n      weekdays: {mondy: []}\n"
    + END: "6: 'mondy' is not known here; did you mean 'monday'?",
    "steps:\n  a:\n    do: opening_hours\n    closed: end\n    hours:\n      dates: {2026-02-30: []}\n"
    + END: "6: '2026-02-30' is no date; write one like 2027-02-05",
}

WRONG_STRUCTURE = {
    "steps:\n  a:\n    do: menu\n    keys: {1: persn}\n  person: {do: hang_up}\n": (
        "4: there is no step 'persn'; did you mean 'person'?"
    ),
    "steps:\n  a:\n    do: menu\n    keys: {1: end}\n    timeout: ende\n" + END: (
        "5: there is no step 'ende'; did you mean 'end'?"
    ),
    "steps:\n  a:\n    do: go_to\n    then: nowhere_near\n" + END: (
        "4: there is no step 'nowhere_near'; known: a, end"
    ),
    "start: ned\nsteps:\n" + END: "1: there is no step 'ned'; did you mean 'end'?",
    "steps:\n  a: {do: menu, keys: {1: a}}\n": (
        "2: menu 'a' has no way out on timeout, invalid; write then: STEP"
    ),
    "steps:\n  a: {do: say, say: goodbye}\n": (
        "2: nothing follows 'a'; write then: STEP, or a hang_up step after it"
    ),
    "steps:\n  a: {do: say, say: goodbye}\n  b: {do: go_to, then: a}\n": (
        "2: a caller who presses nothing goes round for ever: a -> b -> a"
    ),
    "steps:\n  a: {do: menu, keys: {1: end}, timeout: a}\n" + END: (
        "2: a caller who presses nothing goes round for ever: a -> a"
    ),
    "steps:\n  a: {do: enqueue, queue: general, nobody: a}\n" + END: (
        "2: a caller who presses nothing goes round for ever: a -> a"
    ),
    "steps:\n  a: {do: hang_up}\n" + END: "3: step 'end' is never reached",
}

WRONG_NAMES = {
    "steps:\n  a:\n    do: enqueue\n    queue: genral\n" + END: (
        "4: there is no queue 'genral'; did you mean 'general'?"
    ),
    "steps:\n  a:\n    do: hang_up\n    say: goodby\n": (
        "4: there is no sentence 'goodby'; did you mean 'goodbye'?"
    ),
    "steps:\n  a: {do: collect, into: number}\n  b: {do: hang_up, say: '{numbr}？'}\n": (
        "3: the sentence needs {numbr}, which no step sets; did you mean 'number'?"
    ),
    "steps:\n  a: {do: play, files: notice.wav}\n" + END: (
        "2: 'notice.wav' cannot be played: set ivr.prompts_dir to where it lies"
    ),
}


@pytest.mark.parametrize("text", [*UNREADABLE, *WRONG_STRUCTURE])
def test_fault_names_file_line_and_mend(tmp_path: Path, text: str) -> None:
    expected = {**UNREADABLE, **WRONG_STRUCTURE}[text]
    file = written(tmp_path, text)
    with pytest.raises(FlowError) as error:
        load_flow(file)
    assert f"{file}:{expected}" in str(error.value)


@pytest.mark.parametrize("text", WRONG_NAMES)
def test_name_that_the_house_does_not_know_is_a_fault(
    tmp_path: Path, text: str
) -> None:
    (finding,) = [found for found in findings(tmp_path, text) if found.fatal]
    assert str(finding).startswith(f"{tmp_path / 'f.yaml'}:{WRONG_NAMES[text]}")


def test_every_fault_has_a_line_of_its_own(tmp_path: Path) -> None:
    text = "steps:\n  a: {do: sya}\n  b: {do: hang_up, sya: goodbye}\n"
    with pytest.raises(FlowError) as error:
        load_flow(written(tmp_path, text))
    assert [line.split(":")[1] for line in str(error.value).splitlines()] == ["2", "3"]


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match=r"nowhere\.yaml:1: the file does not exist"):
        load_flow(tmp_path / "nowhere.yaml")


def test_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"\xff\xfe\x00steps")
    with pytest.raises(FlowError, match=r"f\.yaml:1: cannot be read"):
        load_flow(tmp_path / "f.yaml")


def test_recording_that_a_step_plays_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    text = "steps:\n  a: {do: play, files: notice.wav}\n" + END
    found = findings(tmp_path, text, prompts=Catalogue(tmp_path))
    assert f"there is no file {tmp_path / 'zh' / 'notice.wav'}" in str(found[0])


def test_caller_who_would_be_hung_up_on_is_a_warning(tmp_path: Path) -> None:
    text = "steps:\n  a: {do: say, say: closed}\n" + END
    (finding,) = findings(tmp_path, text)
    assert not finding.fatal
    assert ":3: warning: a caller who presses nothing is hung up on at 'end'" in str(
        finding
    )


def test_message_or_a_person_before_the_end_needs_no_warning(tmp_path: Path) -> None:
    message = "steps:\n  a: {do: record_message, say: leave_message}\n" + END
    person = "steps:\n  a: {do: enqueue, queue: general}\n" + END
    assert findings(tmp_path, message) == findings(tmp_path, person) == []


def test_number_that_no_trunk_serves_is_a_fault(tmp_path: Path) -> None:
    text = "steps:\n  a: {do: transfer, target: 0531-8888, failed: end}\n" + END
    with pytest.raises(FlowError, match="'0531-8888' cannot be called"):
        load_flow(written(tmp_path, text))
    text = text.replace("0531-8888", "053188886666")
    (fault,) = [found for found in _with_trunks(tmp_path, text) if found.fatal]
    assert str(fault) == (
        f"{tmp_path / 'f.yaml'}:2: no trunk serves '053188886666'; "
        "write one under [[trunks]], or a SIP URI"
    )
    for good in ("110", "12320", "sip:office@192.0.2.1"):
        served = text.replace("053188886666", f"'{good}'")
        assert not any(found.fatal for found in _with_trunks(tmp_path, served))


def _with_trunks(tmp_path: Path, text: str) -> list[Finding]:
    """What is found where a trunk serves short numbers that begin with 1."""
    return check_flow(
        read_flow(written(tmp_path, text)),
        queues=["general"],
        prompts=Catalogue(),
        is_served=lambda number: number.startswith("1"),
    )


def test_hours_in_a_year_of_unknown_holidays_are_a_warning(tmp_path: Path) -> None:
    text = """\
        steps:
          hours: {do: opening_hours, hours: {workday: 9:00-17:00}, closed: message}
          person: {do: enqueue, queue: general, then: end}
          message: {do: record_message}
          end: {do: hang_up}
        """
    assert findings(tmp_path, text, today=date(2026, 3, 2)) == []
    for today in (date(2090, 3, 2), date(2089, 11, 20)):
        warning = str(findings(tmp_path, text, today=today)[0])
        assert ":2: warning: the holidays of 20" in warning
        assert "are not known yet: plain weekdays will hold" in warning


def test_words_of_old_yaml_stay_what_they_are(tmp_path: Path) -> None:
    flow = flow_of(
        tmp_path,
        "steps:\n  a: {do: set, values: {answer: no, time: 12:30, code: 0531}}\n" + END,
    )
    values = flow.steps["a"].model_dump()["values"]
    assert values == {"answer": "no", "time": "12:30", "code": "0531"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        alphabet="steps: adohang_up{}[]\n-*&!'\"#1?|>%@\t\x00\ud7ff", max_size=60
    )
)
def test_no_text_breaks_the_reader(tmp_path: Path, text: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FlowError, match=r"f\.yaml:\d+: "):
        load_flow(file)


@pytest.mark.parametrize("text", ["[" * 400, "a: " + "9" * 5000, "\x00", "'"])
def test_strange_text_is_a_fault_and_no_crash(tmp_path: Path, text: str) -> None:
    with pytest.raises(FlowError, match=r"f\.yaml:\d+: "):
        load_flow(written(tmp_path, text))


def test_sentence_of_a_citys_own_need_not_be_there_in_korean(tmp_path: Path) -> None:
    for language in ("zh", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "texts.yaml").write_text("jinan: 泉城\n", "utf-8")
    text = "steps:\n  a: {do: say, say: jinan}\n  end: {do: hang_up}\n"
    found = findings(tmp_path, text, prompts=Catalogue(tmp_path))
    assert not any(finding.fatal for finding in found)


def test_reader_s_rare_words_are_told_as_its_own() -> None:
    told = problem_of("found something odd", "while scanning")
    assert str(told) == "the reader of YAML says: found something odd"
    assert str(problem_of("", "")) == "is no YAML"
