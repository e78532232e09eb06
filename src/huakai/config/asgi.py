"""ASGI entry point: Django behind one line of log per request."""

import os

from django.core.asgi import get_asgi_application

from huakai.config.request_log import RequestLog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huakai.config.settings")
application = RequestLog(get_asgi_application())
