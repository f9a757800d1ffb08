"""Tables of utterances: what is wrong with one is named by its line."""

from pathlib import Path

import pytest

from ivr_flows.understanding.answers import OPINIONS, Answer, Question
from ivr_flows.understanding.table import TableFault, confusion, read_table, score


def table(folder: Path, text: str) -> Path:
    file = folder / "answers.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_heading_stands_for_the_lines_below(tmp_path: Path) -> None:
    file = table(tmp_path, "# words\n== solved: no (negation)\n还 没 解决\n\n没 解决\n")
    rows = read_table(file)
    assert [row.utterance for row in rows] == ["还 没 解决", "没 解决"]
    assert {(row.question, row.right, row.kind) for row in rows} == {
        (Question.SOLVED, Answer.NO, "negation")
    }


def test_any_is_asked_with_every_question(tmp_path: Path) -> None:
    rows = read_table(table(tmp_path, "== any: person\n人工\n"))
    assert [row.question for row in rows] == list(OPINIONS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("没 解决\n", "1: a heading must come first"),
        ("== solved: nein\n", "1: 'nein'"),
        ("\n== weather: no\n", "2: 'weather'"),
        ("== solved: satisfied\n", "cannot be answered with satisfied"),
        ("== any: partly\n", "cannot be answered with partly"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(TableFault, match=says):
        read_table(table(tmp_path, text))


def test_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableFault, match="nothing"):
        read_table(tmp_path / "nothing.txt")


def test_costly_is_a_bad_answer_taken_for_a_good_one(tmp_path: Path) -> None:
    file = table(
        tmp_path,
        "== satisfied: dissatisfied\n满意\n== satisfied: satisfied\n不满意\n== satisfied: neutral\n嗯\n",
    )
    costly, harmless, asked = score(read_table(file), "zh")
    assert (costly.costly, costly.wrong, costly.correct) == (True, True, False)
    assert (harmless.costly, harmless.wrong) == (False, True)
    assert (asked.costly, asked.wrong, asked.correct) == (False, False, False)
    assert confusion([costly, harmless, asked]) == {
        (Answer.DISSATISFIED, Answer.SATISFIED): 1,
        (Answer.SATISFIED, Answer.DISSATISFIED): 1,
        (Answer.NEUTRAL, Answer.UNCLEAR): 1,
    }
