"""A person as a line of a file says him: read strictly, one by one.

What a line does not name stays as it is; what it names and leaves empty is cleared.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import ValidationError

from acd.people.person import Leave, Person, Post, Qualification, Wish
from acd.staffing.csv_lines import Line, LineFault, count_of, number_of, words_of
from config.agent_settings import AgentSection
from config.setting_errors import in_words
from telephony.numbers import NumberPlan, mask

FIELDS = (
    *("id", "name", "posts", "contact", "queues", "skills", "qualifications"),
    *("recall_number", "home_minutes", "home_km", "week_hours", "prefers"),
    *("avoids", "leave"),
)
NEEDED = ("id",)
ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")
LONGEST_NAME, LONGEST_QUALIFICATION = 80, 80
MOST_MINUTES, MOST_KM, MOST_HOURS = 24 * 60, 2000, 168

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """A person with all that is kept of him. `queues` and `skills` are the agent's.

    The recall number stays out of what is printed of the value.
    """

    person: Person
    queues: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    recall_number: str = field(default="", repr=False)

    @property
    def agent(self) -> AgentSection:
        """Him as an agent; `LineFault` when that cannot be."""
        try:
            return AgentSection(
                id=self.person.id,
                name=self.person.name,
                contact=self.person.contact,
                queues=self.queues,
                skills=dict(self.skills),
            )
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            raise LineFault(in_words(fault, AgentSection)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReader:
    """Reads people; recall numbers are brought into the kept form by the plan."""

    numbers: NumberPlan

    def read(self, given: Mapping[str, Any], old: PersonRecord | None) -> PersonRecord:
        """The person as he is wanted; `LineFault` says what to mend."""
        line = _line(given)
        new = old or PersonRecord(person=_new(line))
        for name in line:
            new = self._with(new, name, line)
        if not (new.person.is_agent or line.get("queues") or line.get("skills")):
            new = replace(new, queues=(), skills={})
        _check(new)
        return new

    def _with(self, old: PersonRecord, name: str, line: Line) -> PersonRecord:
        match name:
            case "id":
                return old
            case "queues":
                return replace(old, queues=words_of(line, name))
            case "skills":
                return replace(old, skills=_skills(line))
            case "recall_number":
                number = self._number(line[name], old.recall_number)
                person = replace(old.person, has_recall_number=bool(number))
                return replace(old, person=person, recall_number=number)
        person = replace(old.person, **{name: READ[name](line, name)})
        return replace(old, person=person)

    def _number(self, text: str, old: str) -> str:
        """A number that is masked like the one there is stays as it is."""
        if not text or (old and text == mask(old)):
            return old if text else ""
        number = self.numbers.normalise(text)
        if not number.startswith("+"):
            raise LineFault("recall_number: this is no telephone number to ring him at")
        return number


def _line(given: Mapping[str, Any]) -> Line:
    for name, value in given.items():
        if name not in FIELDS:
            raise LineFault(f"{name!r} is unknown; known: {', '.join(FIELDS)}")
        if not isinstance(value, str):
            raise LineFault(f"{name}: write text, as it would stand in the file")
    return {name: value.strip() for name, value in given.items()}


def id_of(given: Mapping[str, Any]) -> str:
    """Of whom a line tells."""
    found = str(given.get("id", "")).strip()
    if not ID.fullmatch(found):
        raise LineFault("id: write 1 to 40 letters, digits, _, . or -, like 1001")
    return found


def _new(line: Line) -> Person:
    if not line.get("posts"):
        raise LineFault("posts: a new person needs one at least, like phones;dispatch")
    return Person(id=line["id"], name="", posts=())


def _check(record: PersonRecord) -> None:
    person = record.person
    if not person.posts:
        raise LineFault("posts: name one at least, like phones;dispatch")
    if both := set(person.prefers) & set(person.avoids):
        raise LineFault(f"{min(both)} stands in prefers and in avoids")
    if person.is_agent:
        _ = record.agent
    elif record.queues or record.skills:
        raise LineFault(
            "queues and skills are those of an agent: give him the phones post and a contact"
        )


def _name(line: Line, name: str) -> str:
    if len(line[name]) > LONGEST_NAME:
        raise LineFault(f"{name}: longer than {LONGEST_NAME} characters")
    return line[name]


def _skills(line: Line) -> dict[str, int]:
    skills: dict[str, int] = {}
    for word in words_of(line, "skills"):
        skill, _, level = word.partition("=")
        if level and not (level.isascii() and level.isdigit()):
            raise LineFault(f"skills: {word!r}: write one like tax=3")
        skills[skill.strip()] = int(level or 1)
    return skills


def _words_of(kind: type[W]) -> Callable[[Line, str], tuple[W, ...]]:
    def read(line: Line, name: str) -> tuple[W, ...]:
        words = words_of(line, name)
        for word in words:
            if word not in list(kind):
                raise LineFault(f"{name}: {word!r} is none of {', '.join(kind)}")
        return tuple(dict.fromkeys(map(kind, words)))

    return read


def _qualifications(line: Line, name: str) -> tuple[Qualification, ...]:
    found: dict[str, Qualification] = {}
    for word in words_of(line, name):
        what, _, last = (part.strip() for part in word.partition("="))
        if not what or len(what) > LONGEST_QUALIFICATION:
            raise LineFault(f"{name}: {word!r}: write one like 上岗证=2027-06-30")
        last_day = day_of(last, name) if last else None
        found[what] = Qualification(name=what, last_day=last_day)
    return tuple(found.values())


def _leave(line: Line, name: str) -> tuple[Leave, ...]:
    found = []
    for word in words_of(line, name):
        first, _, last = word.partition("..")
        leave = Leave(first=day_of(first, name), last=day_of(last or first, name))
        if leave.last < leave.first:
            raise LineFault(f"{name}: {word!r} ends before it begins")
        found.append(leave)
    return tuple(sorted(found, key=lambda each: (each.first, each.last)))


def day_of(text: str, name: str) -> date:
    """A date like 2026-12-01; `LineFault` for anything else."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or len(text.strip()) != len("2026-12-01"):
        raise LineFault(f"{name}: {text!r} is no date; write one like 2026-12-01")
    return day


def _minutes(line: Line, name: str) -> int | None:
    return count_of(line, name, least=0, most=MOST_MINUTES)


READ: Mapping[str, Callable[[Line, str], Any]] = {
    "name": _name,
    "contact": lambda line, name: line[name],
    "posts": _words_of(Post),
    "qualifications": _qualifications,
    "leave": _leave,
    "home_minutes": _minutes,
    "home_km": lambda line, name: number_of(line, name, least=0, most=MOST_KM),
    "week_hours": lambda line, name: number_of(line, name, least=0, most=MOST_HOURS),
    "prefers": _words_of(Wish),
    "avoids": _words_of(Wish),
}
"""How each field of a person is read."""


def written(record: PersonRecord, *, full: bool = False) -> dict[str, str]:
    """The line that reads as this person; his number masked unless `full`."""
    person = record.person
    number = record.recall_number if full else mask(record.recall_number)
    return {
        "id": person.id,
        "name": person.name,
        "posts": ";".join(person.posts),
        "contact": person.contact,
        "queues": ";".join(record.queues),
        "skills": ";".join(f"{name}={n}" for name, n in record.skills.items()),
        "qualifications": ";".join(map(_qualification, person.qualifications)),
        "recall_number": number,
        "home_minutes": _figure(person.home_minutes),
        "home_km": _figure(person.home_km),
        "week_hours": _figure(person.week_hours),
        "prefers": ";".join(person.prefers),
        "avoids": ";".join(person.avoids),
        "leave": ";".join(f"{each.first}..{each.last}" for each in person.leave),
    }


def _qualification(each: Qualification) -> str:
    return f"{each.name}={each.last_day}" if each.last_day else each.name


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"
