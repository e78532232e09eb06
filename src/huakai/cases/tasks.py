"""Background entry points of the case engine."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from huakai.cases import services


@app.periodic(cron="* * * * *")
@app.task(name="huakai.cases.expire_offers", queue="clocks", queueing_lock="expire_offers")
def expire_offers(timestamp: int) -> None:
    """Every minute: let unanswered offers lapse, so that their orders are offered on."""
    services.expire_offers(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(name="huakai.cases.climb", queue="clocks", queueing_lock="climb")
def climb(timestamp: int) -> None:
    """Every minute: take the rungs of the ladders that are due, and end pauses whose cap is used up."""
    now = datetime.fromtimestamp(timestamp, UTC)
    services.resume_exhausted(now=now)
    services.climb(now=now)


@app.periodic(cron="5 * * * *")
@app.task(name="huakai.cases.draw_call_backs", queue="clocks", queueing_lock="draw_call_backs")
def draw_call_backs(timestamp: int) -> None:
    """Every hour: draw the closed cases that are called about."""
    services.draw_call_backs(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="20 19 * * *")
@app.task(name="huakai.cases.index_missing", queue="clocks", queueing_lock="index_missing")
def index_missing(timestamp: int) -> None:
    """At night (03:20 in China): index what slipped through, such as the cases of before the index existed."""
    services.index_all(missing_only=True)
