"""Background entry points: follow the record for every peer, send the letters of one."""

from datetime import UTC, datetime
from uuid import UUID

from procrastinate.contrib.django import app

from huakai.kernel.clock import SystemClock
from huakai.publishing import services
from huakai.publishing.services.waking import SEND_TASK


@app.periodic(cron="* * * * * */10")
@app.task(name="huakai.publishing.gather", queue="webhooks", queueing_lock="webhooks")
def gather(timestamp: int) -> None:
    """Every ten seconds: write down what peers want to hear, and wake senders whose next try is due."""
    services.gather_letters(now=datetime.fromtimestamp(timestamp, UTC))


@app.task(name=SEND_TASK, queue="webhooks")
def send(peer_id: str) -> None:
    """Send a peer's letters; a second job for the same peer finds it taken and ends at once."""
    services.send_letters(peer_id=UUID(peer_id), clock=SystemClock())
