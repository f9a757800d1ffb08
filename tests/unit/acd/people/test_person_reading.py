"""People as lines of a file: read strictly, and written so that they read the same."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.people.person import Leave, Person, Post, Qualification, Wish
from acd.people.reading import PersonReader, PersonRecord, id_of, written
from acd.staffing.csv_lines import LineFault
from telephony.numbers import NumberPlan

READER = PersonReader(numbers=NumberPlan(country_code="86", area_code="0531"))
LINE = {
    "id": "1001",
    "name": "王芳",
    "posts": "phones; dispatch",
    "contact": "sip:1001@192.0.2.1",
    "queues": "general;tax",
    "skills": "tax=3;english",
    "qualifications": "上岗证=2027-06-30;手语",
    "recall_number": "138 1234 5678",
    "home_minutes": "25",
    "home_km": "7.5",
    "week_hours": "",
    "prefers": "early",
    "avoids": "night;sunday",
    "leave": "2026-12-24..2026-12-26;2026-12-01",
}
WANG = READER.read(LINE, None)


def test_line_becomes_a_person() -> None:
    person = WANG.person
    assert (person.id, person.name) == ("1001", "王芳")
    assert person.posts == (Post.PHONES, Post.DISPATCH)
    assert person.qualifications == (
        Qualification(name="上岗证", last_day=date(2027, 6, 30)),
        Qualification(name="手语"),
    )
    assert person.leave == (
        Leave(first=date(2026, 12, 1), last=date(2026, 12, 1)),
        Leave(first=date(2026, 12, 24), last=date(2026, 12, 26)),
    )
    assert (person.home_minutes, person.home_km, person.week_hours) == (25, 7.5, None)
    assert person.avoids == (Wish.NIGHT, Wish.SUNDAY)
    assert (WANG.queues, WANG.skills) == (("general", "tax"), {"tax": 3, "english": 1})
    assert WANG.recall_number == "+8613812345678"
    assert person.has_recall_number


def test_what_a_line_does_not_name_stays_and_what_is_empty_is_cleared() -> None:
    changed = READER.read({"id": "1001", "leave": "", "name": "王芳芳"}, WANG)
    assert (changed.person.leave, changed.person.name) == ((), "王芳芳")
    assert changed.recall_number == WANG.recall_number
    cleared = READER.read({"id": "1001", "recall_number": ""}, WANG)
    assert (cleared.recall_number, cleared.person.has_recall_number) == ("", False)


def test_who_leaves_the_phones_answers_no_queue() -> None:
    left = READER.read({"id": "1001", "posts": "quality"}, WANG)
    assert (left.person.is_agent, left.queues, left.skills) == (False, (), {})


def test_masked_number_that_comes_back_leaves_the_one_there_is() -> None:
    line = written(WANG)
    assert line["recall_number"] == "138****5678"
    assert READER.read(line, WANG) == WANG


def test_whole_line_reads_as_the_same_person() -> None:
    assert READER.read(written(WANG, full=True), None) == WANG


def test_number_is_not_in_what_is_printed_of_a_person() -> None:
    assert "12345678" not in repr(WANG)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"posts": ""}, "posts: "),
        ({"posts": "phones;cleaning"}, "'cleaning' is none of phones, dispatch"),
        ({"contact": "1001"}, "contact"),
        ({"contact": ""}, "queues and skills are those of an agent"),
        ({"skills": "tax=much"}, "write one like tax=3"),
        ({"skills": "tax=101"}, "skills"),
        ({"qualifications": "上岗证=2027-13-01"}, "no date; write one like 2026-12-01"),
        ({"qualifications": "上岗证=20270101"}, "no date"),
        ({"qualifications": "=2027-01-01"}, "qualifications"),
        ({"recall_number": "110"}, "no telephone number"),
        ({"recall_number": "139****5678"}, "no telephone number"),
        ({"home_minutes": "1.5"}, "no whole number"),
        ({"home_minutes": "nan"}, "home_minutes"),
        ({"home_km": "-1"}, "home_km"),
        ({"week_hours": "200"}, "week_hours"),
        ({"prefers": "lunch"}, "'lunch' is none of"),
        ({"prefers": "night"}, "night stands in prefers and in avoids"),
        ({"leave": "2026-12-05..2026-12-01"}, "ends before it begins"),
        ({"leave": "soon"}, "no date"),
        ({"salary": "1"}, "'salary' is unknown; known: id"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_line_that_is_wrong_is_refused_in_words(
    change: dict[str, str], words: str
) -> None:
    with pytest.raises(LineFault, match=words.replace("*", r"\*")) as refused:
        READER.read(LINE | change, None)
    assert "139****" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "a b", "x" * 41, "王"])
def test_id_that_no_phone_can_have_is_refused(name: str) -> None:
    with pytest.raises(LineFault, match="id: "):
        id_of({"id": name})


qualifications = st.builds(
    Qualification,
    name=st.sampled_from(("上岗证", "手语", "english")),
    last_day=st.none() | st.dates(),
)
people = st.builds(
    Person,
    id=st.just("7"),
    name=st.sampled_from(("", "Li", "=1+1", "-")),
    posts=st.lists(st.sampled_from(Post), min_size=1, unique=True).map(tuple),
    qualifications=st.lists(qualifications, unique_by=lambda q: q.name).map(tuple),
    leave=st.lists(st.dates().map(lambda d: Leave(first=d, last=d)), max_size=3).map(
        lambda each: tuple(sorted(each, key=lambda one: one.first))
    ),
    home_minutes=st.none() | st.integers(0, 1440),
    home_km=st.none() | st.integers(0, 20_000).map(lambda tenths: tenths / 10),
    prefers=st.lists(st.sampled_from(tuple(Wish)[:5]), unique=True).map(tuple),
    avoids=st.lists(st.sampled_from(tuple(Wish)[5:]), unique=True).map(tuple),
)


@settings(deadline=None)
@given(people)
def test_any_person_is_read_as_he_was_written(person: Person) -> None:
    record = PersonRecord(person=person)
    assert READER.read(written(record, full=True), None) == record
