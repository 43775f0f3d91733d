from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class VaultConfig(AppConfig):
    name = "foundation.vault"

    def ready(self) -> None:
        # Each room says in a module of this name what it keeps sealed.
        autodiscover_modules("sealed")
