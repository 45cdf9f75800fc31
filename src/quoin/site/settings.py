"""Settings. What differs between installations comes from the environment; docs/operations.md lists it."""

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from quoin.site.database import database_settings, state_dir


def _secret_key() -> str:
    given = os.environ.get("QUOIN_SECRET_KEY")
    if given:
        return given
    path = state_dir() / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text().strip()


def _flag(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


BASE_DIR = Path(__file__).resolve().parents[3]
DEBUG = _flag("QUOIN_DEBUG")
IS_SECURE = _flag("QUOIN_HTTPS")
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("QUOIN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("QUOIN_ORIGINS", "").split(",") if origin]
ROOT_URLCONF = "quoin.site.urls"
WSGI_APPLICATION = "quoin.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

APPS = [
    "base", "accounts", "people", "ledger", "clients", "catalog", "sales", "projects", "resourcing", "timesheets",
    "billing", "revenue", "field", "governance", "insights", "portal", "integrations", "imports", "compliance",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    # Ahead of the libraries, so that our templates replace theirs.
    "quoin.base.ui",
    *(f"quoin.{app}" for app in APPS),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "quoin.site",
]
MIDDLEWARE = [
    "quoin.site.observe.Observe",
    "quoin.base.http.compress.CompressText",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "quoin.base.http.middleware.RequestActor",
]
QUOIN_DOORMAN = "quoin.accounts.queries.doorman.Doorman"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "quoin.accounts.web.frame.frame",
            ],
        },
    }
]

DATABASES = database_settings()

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "quoin.accounts.web.adapter.AccountAdapter"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Whose wrong passwords are counted: behind a proxy the address that it names, else all would be one client.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("QUOIN_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_SECURE
QUOIN_SLOW_MS = int(os.environ.get("QUOIN_SLOW_MS", "500"))
QUOIN_METRICS_TOKEN = os.environ.get("QUOIN_METRICS_TOKEN", "")
QUOIN_URL = os.environ.get("QUOIN_URL", "http://127.0.0.1:8000")
# The sign-in library notes when recovery codes are first shown.
QUOIN_WRITES_ON_GET = ("/two-factor/recovery-codes/",)
# Whoever holds a link is its client or its calendar, even in a browser that is signed in to some firm.
QUOIN_LINK_PATHS = ("/c/", "/change/", "/ical/")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Only a proxy that always sets or removes this header itself may be believed.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("QUOIN_PROXY_HTTPS") else None
SESSION_ENGINE = "quoin.base.http.sessions"
SESSION_COOKIE_AGE = 7 * 24 * 3600
QUOIN_IDLE_SECONDS = int(os.environ.get("QUOIN_IDLE_SECONDS", str(8 * 3600)))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "object-src": [SELF],
        "frame-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "en"
# Offered are languages whose messages are complete; en-us only writes days and numbers its own way.
LANGUAGES = [
    ("en", _("English")), ("en-us", _("English (United States)")), ("de", _("German")),
]  # fmt: skip
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# Compiled at set-up from src/quoin/locale by quoin.site.messages.
LOCALE_PATHS = [BASE_DIR / "build" / "locale"]

STATIC_URL = "/static/"
ASSETS_DIR = Path(os.environ.get("QUOIN_ASSETS", BASE_DIR / "build" / "static"))
ASSET_MANIFEST = ASSETS_DIR / "manifest.json"
FONTS_DIR = BASE_DIR / "build" / "fonts"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("QUOIN_SMTP_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = os.environ.get("QUOIN_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("QUOIN_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("QUOIN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QUOIN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("QUOIN_SMTP_TLS", "1")
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("QUOIN_MAIL_FROM", "Quoin <quoin@localhost>")

# Sustained requests per second of one API token, and how many it may send at once.
QUOIN_API_PER_SECOND = int(os.environ.get("QUOIN_API_PER_SECOND", "50"))
QUOIN_API_BURST = int(os.environ.get("QUOIN_API_BURST", "500"))
# Counts failed sign-ins for all processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "base_cache"}}

QUOIN_TENANTS = "quoin.accounts.queries.standing.tenant_ids"
QUOIN_TENANT_NOW = "quoin.accounts.queries.standing.tenant_now"
QUOIN_TENANT_LOCALE = "quoin.accounts.queries.standing.tenant_locale"
QUOIN_JOB_ACTOR = "quoin.accounts.queries.standing.actor_of_user"
QUOIN_DEMO_ACCOUNTS = "quoin.site.demo.accounts"
# Heads of the audit chain; copy this folder to a place that cannot be rewritten.
QUOIN_ANCHORS = os.environ.get("QUOIN_ANCHORS", str(state_dir() / "anchors"))
# Seal what must be read again, as keys of webhooks: the first seals, all open. Without any, the secret key serves.
QUOIN_SEAL_KEYS = [key for key in os.environ.get("QUOIN_SEAL_KEYS", "").split(",") if key] or [SECRET_KEY]
# Private networks that webhooks may reach, as 10.1.0.0/16; none unless an operator says so.
QUOIN_WEBHOOK_NETWORKS = [part for part in os.environ.get("QUOIN_WEBHOOK_NETWORKS", "").split(",") if part]
QUOIN_DOCTOR = "quoin.site.doctor.examine"
PROCRASTINATE_IMPORT_PATHS = ["quoin.site.jobs"]
IS_DEMO = _flag("QUOIN_DEMO")
