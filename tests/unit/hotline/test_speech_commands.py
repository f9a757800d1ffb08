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


def settings_file(folder: Path, *lines: str) -> Path:
    file = folder / "hotline.toml"
    text = [f'[hotline]\ndata_dir = "{folder}"', "[speech]", *lines]
    file.write_text("\n".join(text) + "\n", encoding="utf-8")
    return file


def test_check_says_where_the_mandarin_model_belongs(tmp_path: Path) -> None:
    told = RUNNER.invoke(app, ["check", "--config", str(settings_file(tmp_path))])
    assert told.exit_code == 0
    assert "off, answers are given by keys" in told.stdout
    assert str(tmp_path / "models" / "vosk-model-small-cn-0.22") in told.stdout


def test_model_that_is_set_and_not_there_is_a_fault(tmp_path: Path) -> None:
    file = settings_file(tmp_path, f'recognition_model = "{tmp_path / "none"}"')
    told = RUNNER.invoke(app, ["check", "--config", str(file)])
    assert told.exit_code == 1
    assert "there is no speech model in" in told.stdout


def test_every_language_has_a_model_of_its_own(tmp_path: Path) -> None:
    file = settings_file(
        tmp_path, f'recognition_models = {{ko = "{tmp_path / "none"}"}}'
    )
    told = RUNNER.invoke(app, ["check", "--config", str(file)])
    assert told.exit_code == 1
    assert "recognition (zh): off, answers are given by keys" in told.stdout
    assert (
        f"recognition (ko): there is no speech model in {tmp_path / 'none'}"
        in told.stdout
    )
    assert "(en)" not in told.stdout, "English needs none unless it is set"


def test_file_that_is_no_recording_is_told(tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_bytes(b"no")
    told = RUNNER.invoke(app, ["recognise", str(tmp_path / "no.wav"), "--model", "x"])
    assert told.exit_code == 1
    assert len(told.stderr.strip().splitlines()) == 1
