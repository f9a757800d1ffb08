"""`hotline check` tells where results go, and never the secret."""

from pathlib import Path

import pytest

from config.settings import Settings
from config.webhook_settings import SECRET_VARIABLE, WebhookSection
from hotline.check_webhook import check_webhook
from hotline.finding import Verdict

SECRET = "a-secret-of-the-tests"


def settings(file: Path | None) -> Settings:
    """Results go to an order system; its secret is in this file."""
    url = "https://orders.example/hotline/results?key=123"
    return Settings(webhook=WebhookSection(url=url, secret_file=file))


def test_place_is_told_without_path_and_secret(tmp_path: Path) -> None:
    file = tmp_path / "webhook"
    file.write_text(SECRET, "utf-8")
    file.chmod(0o600)
    (finding,) = check_webhook(settings(file))
    assert finding.words == "results go to orders.example, signed"


def test_missing_secret_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    (finding,) = check_webhook(settings(None))
    assert finding.verdict is Verdict.FAULT
    assert "webhook.url needs a secret" in finding.words


def test_nothing_is_told_where_no_results_go() -> None:
    assert list(check_webhook(Settings())) == []
