"""The background worker: takes jobs from PostgreSQL, finishes what it does before it stops."""

from huakai.config import env as environment
from huakai.config import logs, session, work


def run(*, jobs: int) -> None:
    """Work until told to stop."""
    env = environment.load()
    logs.configure(env.log_level)
    with session.database(env):
        session.set_up_django()
        work.run(jobs=jobs)
