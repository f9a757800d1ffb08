"""What stands in the header's row, and what in its menu."""

import pytest

from console.accounts.account import Identity, Role, Way
from console.pages.navigation import FIRST, ROW, header_of


def header(role: Role) -> tuple[list[str], list[str]]:
    """The pages of the row and of the menu that a role sees."""
    who = Identity(name="x", way=Way.SESSION, roles=frozenset({role}))
    row, menu = header_of(who)
    return [place.page for place in row], [place.page for place in menu]


def test_administrator_finds_what_is_seldom_needed_in_the_menu() -> None:
    row, menu = header(Role.ADMINISTRATOR)
    assert len(row) <= ROW
    assert "page_shift_desk" in row
    assert {"page_accounts", "page_tokens", "page_audit"} <= set(menu)


@pytest.mark.parametrize("role", Role)
def test_row_has_room_for_all_that_a_role_needs_often(role: Role) -> None:
    row, menu = header(role)
    assert 0 < len(row) <= ROW
    assert FIRST[role][0] in row
    assert not set(row) & set(menu)


def test_who_has_few_pages_has_no_menu() -> None:
    assert header(Role.CAMPAIGN_MANAGER)[1] == []
    assert header(Role.AGENT)[1] == []
