"""Accounts and roles as values, and who asks now."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody does here; `console.permissions` says what that allows."""

    AGENT = "agent"
    SHIFT_MANAGER = "shift_manager"
    CAMPAIGN_MANAGER = "campaign_manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = frozenset(role.value for role in Role)


class Way(StrEnum):
    """By what the console knows who asks."""

    SESSION = "session"
    TOKEN = "token"
    MACHINE = "machine"


class AccountError(Exception):
    """A refusal about accounts; the message says what to do."""

    error_id = "account_refused"


class AccountUnknown(AccountError):
    """There is no such account or token."""

    error_id = "account_unknown"


class AccountExists(AccountError):
    """The name is taken."""

    error_id = "account_exists"


class LastAdministrator(AccountError):
    """Without him nobody could manage accounts in the browser."""

    error_id = "last_administrator"


class PasswordRefused(AccountError):
    """The password is too weak."""

    error_id = "password_refused"


class SecondFactorThere(AccountError):
    """A code is asked for already."""

    error_id = "second_factor_there"


class CodeRefused(AccountError):
    """The code is not that of the authenticator, or comes too late."""

    error_id = "code_refused"


class NoAccount(AccountError):
    """Who asks is a program, and has no account."""

    error_id = "no_account"


class PersonNotThere(AccountError):
    """The people table has no such person."""

    error_id = "person_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as others see it: no secret is in it.

    `person_id` names somebody of the people table, "" nobody; when he left, `works_here`
    is false and nobody can log in. `second_factor` tells whether a code is asked for
    after the password.
    """

    name: str
    role: Role
    person_id: str
    second_factor: bool
    created_at: datetime
    disabled_at: datetime | None
    works_here: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A program's access, without its secret. `scopes` are roles and operation ids."""

    id: str
    title: str
    scopes: tuple[str, ...]
    person_id: str
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who asks. `csrf` must come with every unsafe request; "" when he sent no cookie.

    `entry` is what his session or token is known by; "" when nobody can take it away.
    """

    name: str
    way: Way
    roles: frozenset[Role]
    operations: frozenset[str] = frozenset()
    person_id: str = ""
    csrf: str = ""
    entry: str = field(default="", repr=False)

    @property
    def account(self) -> str:
        """The account's name; "" for programs."""
        return self.name if self.way is Way.SESSION else ""


MACHINE = Identity(
    name="machine", way=Way.MACHINE, roles=frozenset({Role.ADMINISTRATOR})
)
"""Whoever can read the service's token file."""
