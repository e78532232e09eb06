"""ASGI entry point: Django behind one line of log per request."""

import gc
import os

import django

from huakai.config.request_log import RequestLog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huakai.config.settings")
django.setup(set_prefix=False)

from huakai.config import handler  # noqa: E402 - settings come first
from huakai.config.settings import ENV  # noqa: E402

application = RequestLog(handler.Handler(threads=ENV.pool_max))

# What start-up left behind lives as long as the process: the collector need not walk it on every round.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
