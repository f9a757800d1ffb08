"""When people who were recalled are there: the demo's minutes are short. Pure."""

from hotline.demo.rung import Rung

WAY_SECONDS = 10.0
"""Of the demo's ten minutes."""


class Arrivals:
    """Tells who of those who were recalled arrives, each once."""

    def __init__(self) -> None:
        self._said_at: dict[str, float] = {}
        self._there: set[str] = set()

    def now(self, rung: Rung, now: float) -> list[str]:
        """Who is there at this moment, and was not at the last."""
        for person, stories in rung.recalls.items():
            if any(story.is_soon_there for story in stories):
                self._said_at.setdefault(person, now)
        arrived = [
            person
            for person, said_at in self._said_at.items()
            if person not in self._there and now - said_at >= WAY_SECONDS
        ]
        self._there.update(arrived)
        return arrived
