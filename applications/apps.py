from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Vorgänge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications import (
            places,  # noqa: F401 - counts for the catalogue
            tasks,  # noqa: F401 - registers the effects
        )
        from applications.filling import signals  # noqa: F401 - listens for sign-ins
