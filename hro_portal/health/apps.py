from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "hro_portal.health"
    default_auto_field = "django.db.models.BigAutoField"
