"""Jobs that send: at most one waits per peer, and one works."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

SEND_TASK = "huakai.publishing.send"


def wake(peer_id: UUID) -> None:
    """Queue a job that sends the peer's letters, in the caller's transaction; one that already waits is enough."""
    key = f"webhook:{peer_id}"
    job = app.configure_task(SEND_TASK, queue="webhooks", lock=key, queueing_lock=key)
    try:
        with transaction.atomic():
            job.defer(peer_id=str(peer_id))
    except AlreadyEnqueued:
        pass
