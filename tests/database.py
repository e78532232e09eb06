"""What only tests may do to the database: empty append-only tables, and tamper with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection


@pytest.fixture(scope="session", autouse=True)
def flush_past_guards() -> Iterator[None]:
    """Let the flush after a transaction test pass the triggers that refuse TRUNCATE."""
    operations = type(connection.ops)
    plain = operations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        plain(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush)
        yield


@contextmanager
def guards_off() -> Iterator[None]:
    """Act as a database superuser who switches the triggers off (to prove that the tampering is found)."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")
