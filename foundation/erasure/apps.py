from django.apps import AppConfig


class ErasureConfig(AppConfig):
    name = "foundation.erasure"
