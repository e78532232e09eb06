"""Names of what other engines only hold keys of: one query, however many kinds."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

# Written out: every list asks this. Joining these tables to a list instead costs more planning than reading.
_NAMES = """
    SELECT id, name FROM registry_unit WHERE id = ANY(%s)
    UNION ALL SELECT id, name_masked FROM registry_person WHERE id = ANY(%s)
    UNION ALL SELECT id, name FROM registry_team WHERE id = ANY(%s)"""
Keys = Iterable[UUID | None]


def names_of(*, units: Keys = (), persons: Keys = (), teams: Keys = ()) -> dict[UUID, str]:
    """Key → name; persons masked. What does not exist is absent, None is passed over."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [list({key for key in keys if key}) for keys in (units, persons, teams)])
        return dict(cursor.fetchall())
