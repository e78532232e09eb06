"""Background entry points of the case engine."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from huakai.cases import services


@app.periodic(cron="* * * * *")
@app.task(name="huakai.cases.expire_offers", queue="clocks", queueing_lock="expire_offers")
def expire_offers(timestamp: int) -> None:
    """Every minute: let unanswered offers lapse, so that their orders are offered on."""
    services.expire_offers(now=datetime.fromtimestamp(timestamp, UTC))
