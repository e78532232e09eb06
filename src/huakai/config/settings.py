"""Django settings: one file for every installation, differences are values of the environment."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

from csp.constants import SELF
from django.utils.translation import gettext_lazy as _

from huakai.config import env as environment
from huakai.kernel import crypto

ENV = environment.load()
BASE_DIR = Path(__file__).resolve().parents[1]

SECRET_KEY = ENV.signing_key()
crypto.install(ENV.key_bytes())
DEBUG = ENV.debug
DEMO = ENV.demo
HOTLINE = ENV.hotline
WEBHOOK_HTTP_HOSTS = frozenset(h.strip().lower() for h in ENV.webhook_http_hosts.split(",") if h.strip())
WEBHOOK_PRIVATE_HOSTS = frozenset(
    h.strip().lower() for h in ENV.webhook_private_hosts.split(",") if h.strip()
)
PACKS_ROOT = ENV.packs
FILES_ROOT = ENV.home / "files"
ALLOWED_HOSTS = [h for h in ENV.allowed_hosts.split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in ENV.trusted_origins.split(",") if o]

FLOORS = [  # top to bottom, see docs/map.md
    "huakai.scenarios",
    "huakai.publishing",
    "huakai.evaluation",
    "huakai.matching",
    "huakai.cases",
    "huakai.ledger",
    "huakai.files",
    "huakai.registry",
    "huakai.packs",
    "huakai.audit",
    "huakai.web",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "procrastinate.contrib.django",
    *FLOORS,
]
MIDDLEWARE = [
    "huakai.config.door.MachineDoor",  # API requests go no further
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "huakai.web.middleware.EdgeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "huakai.registry.access.AccessMiddleware",
    "huakai.web.middleware.RuleBrokenMiddleware",
]
ROOT_URLCONF = "huakai.config.urls"
ASGI_APPLICATION = "huakai.config.asgi.application"
WSGI_APPLICATION = "huakai.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "huakai.web.context.chrome",
            ],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    parts = urlparse(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "huakai",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query["host"][0] if "host" in query else (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": ENV.pool_max, "timeout": 10},
            # PostgreSQL spent more on planning our statements than on running them (docs/benchmarks.md).
            "server_side_binding": True,
            "prepare_threshold": 2,
        },
        "CONN_HEALTH_CHECKS": False,
        "TEST": {"NAME": ENV.test_db or None},
    }


# Without a URL the command line starts the embedded server and fills the variable in before Django is set up.
DATABASES = {"default": _database(ENV.database_url or "postgresql:///huakai")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "registry.Account"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "huakai.web.errors.csrf_failure"
LOGIN_URL = "/signin/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENV.https
SECURE_REDIRECT_EXEMPT = ["^healthz$"]  # asked by supervisors on this machine, behind the proxy
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]  # the engines' catalogues are found by themselves
LANGUAGE_COOKIE_NAME = "huakai_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
STATICFILES_DIRS: list[str] = []
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING_CONFIG = None  # structlog is configured in config/logs.py
