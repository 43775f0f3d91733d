from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    name = "authorities"
    verbose_name = "Behörden"
    default_auto_field = "django.db.models.BigAutoField"
