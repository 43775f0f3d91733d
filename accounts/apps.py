from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts.signing_in import complete_sign_in

        # Django would overwrite when they were here before; `complete_sign_in` reads it first and does the same.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(complete_sign_in, dispatch_uid="accounts.complete_sign_in")
