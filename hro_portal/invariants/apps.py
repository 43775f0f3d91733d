from django.apps import AppConfig


class InvariantsConfig(AppConfig):
    name = "hro_portal.invariants"
