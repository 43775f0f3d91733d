from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import AppConfig

if TYPE_CHECKING:
    from forms_engine.models import FormVersion


class CatalogueConfig(AppConfig):
    name = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalogue.carried import settle
        from catalogue.use_cases import order_posters_of
        from forms_engine.publishing import about_to_publish, was_published

        def follow(version: FormVersion, by: UUID | None, only_try: bool, said_anew: bool, **_signal: object) -> None:
            settle(version, by=by, only_try=only_try, said_anew=said_anew)

        about_to_publish.connect(follow, weak=False, dispatch_uid="catalogue.carried")

        def tell(version: FormVersion, **_signal: object) -> None:
            order_posters_of(version.form_id)

        was_published.connect(tell, weak=False, dispatch_uid="catalogue.poster")
