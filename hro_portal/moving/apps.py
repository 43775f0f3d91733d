from django.apps import AppConfig


class MovingConfig(AppConfig):
    name = "hro_portal.moving"
