"""Background entry points: sign-in attempts and spent codes do not stay."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from huakai.registry import services


@app.periodic(cron="41 3 * * *")
@app.task(name="huakai.registry.forget", queue="chores", queueing_lock="registry_forget")
def forget(timestamp: int) -> None:
    """Once a night."""
    services.forget_attempts(now=datetime.fromtimestamp(timestamp, UTC))
