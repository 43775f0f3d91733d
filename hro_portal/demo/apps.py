from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "hro_portal.demo"
    default_auto_field = "django.db.models.BigAutoField"
