"""Jobs that send: at most one waits per peer.

They carry no lock of the queue: a killed worker would leave it held, and one job waiting behind it for ever. Who sends
is decided in the database, by a lock that ends with its connection.
"""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

SEND_TASK = "huakai.publishing.send"


def wake(peer_id: UUID) -> None:
    """Queue a job that sends the peer's letters, in the caller's transaction; one that already waits is enough."""
    job = app.configure_task(SEND_TASK, queue="webhooks", queueing_lock=f"webhook:{peer_id}")
    try:
        with transaction.atomic():
            job.defer(peer_id=str(peer_id))
    except AlreadyEnqueued:
        pass
