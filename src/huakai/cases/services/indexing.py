"""Writing what cases are found by: title, wish and result; no name, telephone or address."""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import connection, transaction

from huakai.cases import rules
from huakai.cases.models import Case
from huakai.cases.queries import search
from huakai.kernel import ids

BATCH = 1000
Report = Callable[[int, int], None]

# One writer at a time: whoever waits reads the texts after the other has committed, so no older text wins.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('cases.index_cases'))"
_WRITE = """
    INSERT INTO cases_casewords AS known (case_id, words)
    SELECT id, array_to_tsvector(string_to_array(lexemes, ' '))
      FROM unnest(%s::uuid[], %s::text[]) AS fresh (id, lexemes)
    ON CONFLICT (case_id) DO UPDATE SET words = excluded.words WHERE known.words <> excluded.words"""


def index_case(case_id: UUID) -> None:
    """Make the case found by its present texts."""
    index_cases((case_id,))


@transaction.atomic
def index_cases(cases: Collection[UUID]) -> int:
    """Make these cases found by their present texts, in one statement; returns how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        rows = Case.objects.filter(pk__in=cases).values_list("id", "title", "detail", "result_text")
        lexemes = {
            id_: " ".join(rules.lexemes(texts) | rules.blocks_of(ids.ms_of(id_))) for id_, *texts in rows
        }
        if lexemes:
            cursor.execute(_WRITE, [list(lexemes), list(lexemes.values())])
    return len(lexemes)


def index_all(*, missing_only: bool = False, report: Report | None = None) -> int:
    """(Re)index every case, or those that are not indexed yet, batch by batch; returns how many."""
    total = search.count_to_index(missing_only=missing_only)
    done = 0
    for batch in search.ids_to_index(missing_only=missing_only, batch=BATCH):
        done += index_cases(batch)
        if report is not None:
            report(done, total)
    return done
