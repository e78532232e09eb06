"""Who reacts to what, as committed: reactions cannot appear or vanish unnoticed."""

import os

from huakai.audit import queries as audit
from tests.architecture import checks

TABLE = checks.TESTS / "snapshots/events.txt"


def as_text(table: dict[str, list[str]]) -> str:
    """One line per event."""
    return "".join(f"{name} -> {', '.join(keys)}\n" for name, keys in table.items())


def test_a_new_reaction_changes_the_text() -> None:
    before = as_text({"case.opened": ["matching.propose"]})
    assert as_text({"case.opened": ["matching.propose", "x"]}) != before


def test_events_and_their_handlers_are_as_committed() -> None:
    found = as_text(audit.handlers_table())
    if os.environ.get("WRITE_SNAPSHOTS"):
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(found, encoding="utf-8")
    assert found == TABLE.read_text(encoding="utf-8")
