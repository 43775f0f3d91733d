"""Settings of the portal; everything that differs between installations comes from the environment.

`docs/operations.md` lists the variables. What protects people has no default that weakens it: without
`SECRET_KEY` and `DATABASE_URL` the portal refuses to start.
"""

import uuid
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO = env.bool("PORTAL_DEMO", default=False)
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
FILES_DIR = DATA_DIR / "files"
QUARANTINE_DIR = DATA_DIR / "quarantine"
KEYS_DIR = Path(env.str("PORTAL_KEYS_DIR", default=str(DATA_DIR / "keys")))
# {"rostock": {"sealing": {…}, "searching": {…}}}, each as Tink writes it; wins over the files.
KEYSETS: dict[str, dict[str, dict]] = env.json("PORTAL_KEYSETS", default={})
# One of them for manage.py backup and restore: the key as text, or the file that holds it.
BACKUP_KEY = env.str("PORTAL_BACKUP_KEY", default="")
BACKUP_KEY_FILE = env.str("PORTAL_BACKUP_KEY_FILE", default="")
SEAL_PASSPHRASE = env.str("PORTAL_SEAL_PASSPHRASE", default="")
# PORTAL_SEAL_BAD_DOBERAN is the seal (PKCS#12 in base64) of the keyset bad-doberan.
SEALS = {
    name.removeprefix("PORTAL_SEAL_").lower().replace("_", "-"): content
    for name, content in env.ENVIRON.items()
    if name.startswith("PORTAL_SEAL_") and name != "PORTAL_SEAL_PASSPHRASE"
}

BASE_URL = env.str("PORTAL_BASE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
HOME_AUTHORITY = env.str("PORTAL_HOME_AUTHORITY", default="rostock")
ALLOWED_HOSTS = env.list(
    "PORTAL_ALLOWED_HOSTS", default=[environ.urlparse(BASE_URL).hostname, "localhost", "127.0.0.1", "[::1]"]
)

# --- Rooms -----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "hro_portal.admin.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "formtools",
    "foundation.scope",
    "foundation.audit",
    "foundation.outbox",
    "foundation.vault",
    "foundation.erasure",
    "foundation.files",
    "foundation.documents",
    "foundation.sealing",
    "foundation.mail",
    "authorities",
    "accounts",
    "forms_engine",
    "catalogue",
    "postbox",
    "applications",
    "backoffice",
    "hro_portal.health",
    "hro_portal.invariants",
    "hro_portal.backup",
    "hro_portal.moving",
    "hro_portal.demo",
]

MIDDLEWARE = [
    # Headers come first: static files, redirects and error pages carry them too.
    "hro_portal.headers.TellTheBrowser",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.requests.RefuseMalformedInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "foundation.requests.StoreNothingPersonal",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "foundation.files.middleware.ReceiveFiles",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sittings.KeepSitting",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.second_factor.AskForSecondFactor",
    "foundation.errors.PortalErrorMiddleware",
    "foundation.contention.TryAgain",
]

ROOT_URLCONF = "hro_portal.urls"
WSGI_APPLICATION = "hro_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hro_portal.page.frame",
                "accounts.organisations.acting.acting_for",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", engine="django.db.backends.postgresql")}
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
# Whoever waits for a row is told to come back before they give up by themselves; work is tried again (fault F10).
DATABASES["default"]["OPTIONS"] = {"options": "-c lock_timeout=10s"} | DATABASES["default"].get("OPTIONS", {})
DATABASE_ROLE = DATABASES["default"]["USER"]
if env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = env.db_url("DATABASE_OWNER_URL", engine="django.db.backends.postgresql")
    # FORCE binds the owner too, and PostgreSQL checks a new foreign key with a query: migrations need a scope.
    NOBODY = uuid.UUID(int=0)
    DATABASES["owner"]["OPTIONS"] = DATABASES["owner"].get("OPTIONS", {}) | {
        "options": f"-c portal.authority={NOBODY} -c portal.party={NOBODY} -c portal.code= -c portal.system=migration"
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Django throws out a third of 300 entries by default: limits on tries would be forgotten.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL

# Address space of each process of a worker; a document that wants more ends with an error. 0: without limit.
WORKER_MEMORY_BYTES = env.int("PORTAL_WORKER_MEMORY_MB", default=1_500) * 1_000_000

CLAMD_URL = env.str("CLAMD_URL", default="")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:////{DATA_DIR}/mail")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("PORTAL_FROM_EMAIL", default="Serviceportal <noreply@example.org>")

# Whom to tell of a weakness: `mailto:…` or `https://…`, for /.well-known/security.txt.
SECURITY_CONTACT = env.str("PORTAL_SECURITY_CONTACT", default="mailto:sicherheit@example.org" if DEMO else "")

# --- People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# The address is unique by an index on its lower case, which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/antraege/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
# The demo's staff share a public password; a second factor that everybody knows would protect nothing.
STAFF_MFA = env.bool("PORTAL_STAFF_MFA", default=not DEMO)
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Serviceportal"
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ConfirmByCodeForm",
    "activate_totp": "accounts.forms.ActivateForm",
    "deactivate_totp": "accounts.forms.DeactivateForm",
    "generate_recovery_codes": "accounts.forms.NewCodesForm",
}
# Counted in the database cache, so all web processes count together.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "20/m/ip",
    "confirm_email": "1/180s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PORTAL_TRUSTED_PROXIES", default=0)
# How often one address may begin, send and upload in ten minutes; 0: no limit. In the demo everybody is localhost.
LIMIT_PER_ADDRESS = env.int("PORTAL_LIMIT_PER_ADDRESS", default=0 if DEMO else 120)

SESSION_ENGINE = "accounts.sealed_sessions"
SITTING_SECONDS = 30 * 60
SITTING_SECONDS_IN_ALL = 12 * 60 * 60
SESSION_COOKIE_AGE = SITTING_SECONDS + 60  # the last request is noted once a minute, see accounts.sittings
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = HTTPS, True, "Lax"
THEME_COOKIE_NAME = "__Host-theme" if HTTPS else "theme"
CSRF_FAILURE_VIEW = "hro_portal.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Pages -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("Deutsch")), ("en", _("Englisch"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Days are written one way in each language, wherever a page or a document names one.
FORMAT_MODULE_PATH = "hro_portal.formats"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "static_build"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# No page uses a device or a sense of it, is shared or paid in the browser, or asks who else the person is.
# Security keys are asked for by our own pages; writing to the clipboard keeps the browser's default.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        *("accelerometer", "gyroscope", "magnetometer", "geolocation"),
        *("camera", "microphone", "display-capture", "autoplay", "encrypted-media", "fullscreen", "picture-in-picture"),
        *("hid", "midi", "serial", "usb", "gamepad", "xr-spatial-tracking"),
        *("browsing-topics", "interest-cohort", "identity-credentials-get", "idle-detection", "storage-access"),
        *("clipboard-read", "keyboard-map", "local-fonts", "payment", "screen-wake-lock"),
        *("sync-xhr", "window-management"),
    )
} | {"publickey-credentials-create": ["self"], "publickey-credentials-get": ["self"]}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and env.bool("PORTAL_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked inside the machine, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["foundation.files.arriving.Quarantine"]
# Below this much free room no file is taken, so that the rest of the portal goes on.
FILES_RESERVE_BYTES = env.int("PORTAL_FILES_RESERVE_MB", default=500) * 1_000_000
UPLOADS_PER_DAY_BYTES = env.int("PORTAL_UPLOADS_PER_DAY_MB", default=20_000) * 1_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "weasyprint.progress", "fontTools", "pikepdf")},
}
