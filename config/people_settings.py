"""People in the settings: where the key of their recall numbers lies."""

from pathlib import Path

from config.section import Section


class PeopleSection(Section):
    """Recall numbers are sealed with the key; empty means `people-key` in `data_dir`."""

    key_file: Path | None = None
