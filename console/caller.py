"""Who sends a request, without a secret in the name: a token's digest, or the peer."""

import hashlib

from starlette.datastructures import Headers
from starlette.types import Scope


def caller_of(scope: Scope) -> str:
    """The same for all requests of one account, one token, or one address."""
    identity = scope.get("state", {}).get("identity")
    if identity is not None and identity.account:
        return f"account {identity.account}"
    authorization = Headers(scope=scope).get("authorization", "")
    if authorization:
        return hashlib.sha256(authorization.encode()).hexdigest()[:32]
    return f"peer {peer_of(scope)}"


def peer_of(scope: Scope) -> str:
    """The address that the request came from."""
    return str(scope["client"][0]) if scope.get("client") else "unknown"
