from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "hro_portal.backup"
