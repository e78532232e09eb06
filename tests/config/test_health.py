"""/healthz: what proxies and supervisors ask."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django.fixtures import Settings


def test_a_serving_process_with_a_database_is_healthy(client: Client, db: None) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_without_its_database_it_says_so(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", refuse)
        assert client.get("/healthz").status_code == 503


def test_a_supervisor_on_the_machine_asks_without_https(client: Client, db: None, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/m/").status_code == 301
