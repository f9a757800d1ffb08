"""The audit trail as the console writes and reads it."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from config.database import Database
from console.accounts.account import Identity
from console.audit.line import AuditLine, NewLine
from console.audit.store import keep, page
from telephony.numbers import mask

NUMBER = re.compile(r"\+?\d{7,}")
LONGEST = 80


class AuditTrail:
    """Adds lines; what looks like a telephone number is masked before."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    async def note(
        self,
        identity: Identity | None,
        *,
        peer: str,
        operation: str,
        result: str,
        of: Mapping[str, object] | None = None,
        name: str = "",
    ) -> None:
        """Add a line: who did what to which object, and how it ended.

        `name` is for somebody who is not known yet. `DatabaseError`.
        """
        line = NewLine(
            at=self._now(),
            who=_plain(identity.name if identity else name),
            way=identity.way.value if identity else "",
            peer=peer,
            operation=operation,
            object=" ".join(f"{k}={_plain(str(v))}" for k, v in (of or {}).items()),
            result=result,
        )
        await keep(self._database, line)

    async def lines(
        self, *, limit: int, before_id: int | None, who: str = "", operation: str = ""
    ) -> list[AuditLine]:
        """The newest lines first."""
        return await page(
            self._database,
            limit=limit,
            before_id=before_id,
            who=who,
            operation=operation,
        )


def _plain(text: str) -> str:
    """Short, on one line, and without a whole telephone number."""
    printable = "".join(c for c in text[:LONGEST] if c.isprintable())
    return NUMBER.sub(lambda found: mask(found[0]), printable)
