"""Where the speech model is, and what is wrong with it, in words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

MODEL_OF: Final = {
    "zh": "vosk-model-small-cn-0.22",
    "en": "vosk-model-small-en-us-0.15",
    "ko": "vosk-model-small-ko-0.22",
}
"""The small Vosk model of each language, as its makers name it."""

_ACOUSTIC: Final = ("am/final.mdl", "final.mdl")
_GRAPH: Final = ("graph/Gr.fst", "Gr.fst")


def model_folder(data_dir: Path, language: str) -> Path:
    """Where the model of a language is expected when no setting names another place."""
    return data_dir / "models" / MODEL_OF[language]


def fault_of_model(folder: Path) -> str:
    """What is wrong with a model's folder, and what to do; "" when it looks good."""
    if not folder.is_dir():
        return f"there is no speech model in {folder}: get {folder.name} from the Vosk project's list of models, unpack it there, or set speech.recognition_model"
    if missing := list(_missing(folder)):
        inner = next((one.parent.parent for one in folder.glob("*/am/final.mdl")), None)
        hint = f"; it is in {inner}: name that folder" if inner else ": unpack it anew"
        return f"{folder} is no model for recognition with a grammar, it has no {' and no '.join(missing)}{hint}"
    return ""


def _missing(folder: Path) -> Iterator[str]:
    """A model without Gr.fst has one big graph: no grammar can be given to it."""
    for names in (_ACOUSTIC, _GRAPH):
        if not any((folder / name).is_file() for name in names):
            yield names[0]
