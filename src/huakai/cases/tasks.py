"""Background entry points of the case engine."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from huakai.cases import services


@app.periodic(cron="* * * * *")
@app.task(name="huakai.cases.expire_offers", queue="clocks", queueing_lock="expire_offers")
def expire_offers(timestamp: int) -> None:
    """Every minute: let unanswered offers lapse, so that their orders are offered on."""
    services.expire_offers(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="20 19 * * *")
@app.task(name="huakai.cases.index_missing", queue="clocks", queueing_lock="index_missing")
def index_missing(timestamp: int) -> None:
    """At night (03:20 in China): index what slipped through, such as the cases of before the index existed."""
    services.index_all(missing_only=True)
