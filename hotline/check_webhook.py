"""Can results be delivered to the order system? Its secret must be there."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from config.setting_errors import SettingsError
from config.settings import Settings
from config.webhook_settings import secret_of
from hotline.finding import Finding, fault


def check_webhook(settings: Settings) -> Iterator[Finding]:
    """Tells where results go, or why they cannot; nothing without an address.

    Nothing is sent: what answers there would take it for a result.
    """
    if not settings.webhook.url:
        return
    try:
        secret_of(settings.webhook)
    except SettingsError as error:
        yield fault("webhook", str(error))
    else:
        host = urlsplit(settings.webhook.url).netloc
        yield Finding(what="webhook", words=f"results go to {host}, signed")
