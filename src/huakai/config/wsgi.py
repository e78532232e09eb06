"""WSGI entry point, for servers that have no ASGI; server-sent events need the ASGI one."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huakai.config.settings")
application = get_wsgi_application()
