"""The account pages under German addresses; the names are django-allauth's own, which it links by."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts import views
from accounts.organisations.views import act_for

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="profile"), name="account"),
    path("profil/", views.profile_page, name="profile"),
    path("loeschen/", views.leave_page, name="leave"),
    path("organisationen/", include("accounts.organisations.urls")),
    path("handeln-fuer/", act_for, name="act_for"),
    path("noch-da/", views.still_here, name="still_here"),
    path("zweiter-faktor/", mfa_views.index, name="mfa_index"),
    path("zweiter-faktor/anmelden/", mfa_views.authenticate, name="mfa_authenticate"),
    path("zweiter-faktor/bestaetigen/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("zweiter-faktor/einrichten/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("zweiter-faktor/ausschalten/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("zweiter-faktor/codes/", code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("zweiter-faktor/codes/neu/", code_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sitzungen/", list_usersessions, name="usersessions_list"),
    path("anmelden/", allauth_views.login, name="account_login"),
    path("abmelden/", allauth_views.logout, name="account_logout"),
    path("gesperrt/", allauth_views.account_inactive, name="account_inactive"),
    path("registrieren/", allauth_views.signup, name="account_signup"),
    path("bestaetigen/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("email/", allauth_views.email, name="account_email"),
    path("email-bestaetigen/", allauth_views.email_verification_sent, name="account_email_verification_sent"),
    path("email-bestaetigen/neu/", views.send_confirmation_again, name="send_confirmation_again"),
    re_path(r"^email-bestaetigen/(?P<key>[-:\w]+)/$", allauth_views.confirm_email, name="account_confirm_email"),
    path("passwort/", allauth_views.password_change, name="account_change_password"),
    path("passwort/setzen/", allauth_views.password_set, name="account_set_password"),
    path("passwort/vergessen/", allauth_views.password_reset, name="account_reset_password"),
    path("passwort/vergessen/gesendet/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passwort/neu/fertig/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
