from django.apps import AppConfig


class FormsEngineConfig(AppConfig):
    name = "forms_engine"
    default_auto_field = "django.db.models.BigAutoField"
