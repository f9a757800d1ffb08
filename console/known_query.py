"""A query parameter that a route does not know is refused: it was meant to do something."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant

from console.errors import ApiError


async def known_query(request: Request) -> None:
    """Refuse unknown parameters with 422 and the names of the known ones."""
    if not request.query_params:
        return
    known = sorted(_names(request.scope["route"].dependant))
    for name in request.query_params:
        if name not in known:
            words = f"There is no parameter {name!r} here; known: {', '.join(known) or 'none'}"
            raise ApiError(422, "invalid_request", words, field=name)


def _names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        yield parameter.alias
    for needed in dependant.dependencies:
        yield from _names(needed)
