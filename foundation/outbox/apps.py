from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "foundation.outbox"
    verbose_name = "Warteschlange"

    def ready(self) -> None:
        # Every process knows all handlers: the web process needs the queue of a kind to hint at it.
        autodiscover_modules("tasks")
