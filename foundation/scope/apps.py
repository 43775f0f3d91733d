from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ScopeConfig(AppConfig):
    name = "foundation.scope"
    label = "scope"

    def ready(self) -> None:
        from foundation.scope.grants import grant_portal_role

        post_migrate.connect(grant_portal_role, sender=self)
