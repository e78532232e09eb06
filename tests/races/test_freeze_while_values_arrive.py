"""A value that arrives while the board is being frozen: either it is in the board, or it is refused. Never half."""

import threading
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from huakai.evaluation import services
from huakai.evaluation.models import Value
from huakai.evaluation.types import Cell, Reading
from huakai.kernel.errors import RuleBroken
from huakai.registry.types import Actor
from tests.cast import STREET
from tests.factories.evaluation import made_figures, open_board, stand_units


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("past_the_service", [False, True])
def test_a_late_value_waits_for_the_freeze_and_is_refused(
    cast: object, actor: Callable[[str], Actor], now: datetime, past_the_service: bool
) -> None:
    stand_units()
    clerk = actor("board_clerk")
    issue = open_board(clerk, now)
    services.put_values(issue_id=issue, cells=made_figures(), by=clerk, now=now)
    cell = Cell("trade_sales", "", STREET)
    outcome: list[BaseException] = []

    def arrive() -> None:
        try:
            if past_the_service:
                Value.objects.filter(issue=issue, part=cell.part, unit__code=STREET).update(value=99)
            else:
                services.put_value(issue_id=issue, cell=cell, reading=Reading(Decimal(99)), by=clerk, now=now)
        except (RuleBroken, IntegrityError) as refused:
            outcome.append(refused)
        finally:
            connection.close()

    late = threading.Thread(target=arrive)
    with transaction.atomic():
        services.freeze(issue_id=issue, by=clerk, now=now)
        late.start()
        late.join(timeout=0.5)
        assert late.is_alive(), "the value did not wait for the freeze"
    late.join(timeout=10)
    assert not late.is_alive()
    assert len(outcome) == 1
    assert Value.objects.get(issue=issue, part=cell.part, unit__code=STREET).value != 99
