from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications.deciding import tasks  # noqa: F401 - registers the effects of a decision
        from applications.following import handlers  # noqa: F401 - registers the mails of a case
