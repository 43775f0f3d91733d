from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts.signing_in import complete_sign_in

        user_logged_in.connect(complete_sign_in, dispatch_uid="accounts.complete_sign_in")
