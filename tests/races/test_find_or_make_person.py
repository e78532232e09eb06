"""Two connections meet the same unknown phone at once: one person comes of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from huakai.registry import services
from huakai.registry.models import Person
from huakai.registry.types import SYSTEM

PHONE = "13812340000"


@pytest.mark.django_db(transaction=True)
def test_one_phone_is_one_person_under_a_race(now: datetime) -> None:
    start = Barrier(4)

    def meet(number: int) -> UUID:
        start.wait()
        try:
            return services.find_or_make_person(name=f"人{number}", phone=PHONE, by=SYSTEM, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(meet, range(4)))
    assert len(set(found)) == 1
    assert Person.objects.filter(phone_hash__isnull=False, pk=found[0]).count() == 1
