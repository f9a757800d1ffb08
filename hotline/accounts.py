"""The console's accounts and server, as the settings say."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from config.database import Database
from config.key_file import load_or_make_key
from config.settings import Settings
from console.accounts.desk import AccountDesk
from console.accounts.doorkeeper import Doorkeeper
from console.accounts.enrolment import Enrolling
from console.accounts.entrance import Entrance, Limits
from console.accounts.locks import Locks
from console.accounts.own_password import OwnPassword
from console.accounts.passwords import Passwords
from console.accounts.store import AccountStore
from console.app import create_app
from console.audit.trail import AuditTrail
from console.server import HttpServer, TlsFiles
from console.view import ConsoleView

utc_now = partial(datetime.now, UTC)


def console_accounts(settings: Settings, database: Database) -> dict[str, Any]:
    """Who may enter, and where calls are looked up, for its view. `KeyFileError`."""
    key = load_or_make_key(settings.console_key_file)
    store, passwords = AccountStore(database), Passwords()
    trail = AuditTrail(database, utc_now)
    limits = Limits(
        idle=timedelta(minutes=settings.console.session_idle_minutes),
        whole=timedelta(hours=settings.console.session_hours),
    )
    entrance = Entrance(store, passwords, trail, key, utc_now, limits)
    return {
        "screen_pop": settings.console.screen_pop,
        "entrance": entrance,
        "doorkeeper": Doorkeeper(entrance),
        "enrolling": Enrolling(store, key, utc_now),
        "own_password": OwnPassword(store, passwords, Locks(store, utc_now)),
        "accounts": AccountDesk(store, passwords, key, utc_now),
        "audit": trail,
        "tls": settings.console.tls,
    }


def console_server(settings: Settings, view: ConsoleView) -> HttpServer:
    """The server of the console that shows the view."""
    console = settings.console
    return HttpServer(create_app(view), console.address, console.port, _tls(settings))


def _tls(settings: Settings) -> TlsFiles | None:
    certificate = settings.console.tls_certificate
    private_key = settings.console.tls_private_key
    if certificate is None or private_key is None:
        return None
    return TlsFiles(certificate=certificate, private_key=private_key)
