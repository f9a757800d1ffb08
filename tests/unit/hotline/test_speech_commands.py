"""`hotline speech` for people: what a text means, and how well a table is understood."""

from pathlib import Path

from typer.testing import CliRunner

from hotline.speech_commands import app

RUNNER = CliRunner()
TABLES = Path(__file__).parents[2] / "data" / "answers"


def test_meaning_of_a_text_is_told_with_its_reason() -> None:
    told = RUNNER.invoke(app, ["understand", "不太 满意"])
    assert told.exit_code == 0
    assert told.stdout.startswith("dissatisfied (0.95): 满意")


def test_question_and_language_can_be_chosen() -> None:
    told = RUNNER.invoke(
        app,
        ["understand", "해결 안 됐어요", "--question", "solved", "--language", "ko"],
    )
    assert told.stdout.startswith("no ")


def test_table_is_scored_with_its_sums() -> None:
    told = RUNNER.invoke(app, ["score", str(TABLES / "zh_frozen.txt")])
    assert told.exit_code == 0
    assert "costly: a bad answer taken for a good one: 0 of 705" in told.stdout


def test_bad_answer_taken_for_a_good_one_is_a_fault(tmp_path: Path) -> None:
    table = tmp_path / "table.txt"
    table.write_text("== satisfied: dissatisfied\n满意\n", encoding="utf-8")
    told = RUNNER.invoke(app, ["score", str(table)])
    assert told.exit_code == 1
    assert "taken as satisfied" in told.stdout


def test_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    told = RUNNER.invoke(app, ["score", str(tmp_path / "none.txt")])
    assert told.exit_code == 1
    assert "none.txt cannot be read" in told.stderr
