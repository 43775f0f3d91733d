from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Konten"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_used
        from allauth.usersessions.models import UserSession
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import pre_save

        from accounts import second_factor, sessions, trail
        from accounts.signing_in import complete_sign_in

        # Django would overwrite when they were here before; `complete_sign_in` reads it first and does the same.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(complete_sign_in, dispatch_uid="accounts.complete_sign_in")
        authenticator_added.connect(second_factor.note_new_factor, dispatch_uid="accounts.note_new_factor")
        authenticator_used.connect(second_factor.renew_session, dispatch_uid="accounts.renew_session")
        pre_save.connect(sessions.keep_little, sender=UserSession, dispatch_uid="accounts.keep_little")
        trail.listen()
