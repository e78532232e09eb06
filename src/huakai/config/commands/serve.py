"""The web server: one process, threads for pages, the event loop for server-sent events."""

import uvicorn

from huakai.config import env as environment
from huakai.config import logs, session


def run(*, host: str, port: int) -> None:
    """Serve until told to stop; open streams are cut after a short grace."""
    env = environment.load()
    logs.configure(env.log_level)
    session.stop_on_sigterm()
    with session.database(env):
        uvicorn.run(
            "huakai.config.asgi:application",
            host=host,
            port=port or env.port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=30,
        )
