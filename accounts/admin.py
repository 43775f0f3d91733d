"""What operators do to accounts: lock, sign out everywhere, take a lost second factor away. They read nothing."""

from typing import Any, ClassVar, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts import sessions, trail
from accounts.models import User
from foundation import scope
from foundation.operators import asked, rendered, said

# Sealed secrets, sittings and addresses are nothing to type in; who works where is told by staff roles.
admin.site.unregister([Authenticator, UserSession, EmailAddress, Group])

_RIGHTS = ("is_staff", "is_superuser")


class UserForm(forms.ModelForm):
    """The three rights that an operator sets."""

    class Meta:
        model = User
        fields = ("is_active", "is_staff", "is_superuser")
        labels: ClassVar = {
            "is_active": "Darf sich anmelden",
            "is_staff": "Darf in den Betrieb",
            "is_superuser": "Darf alles im Betrieb",
        }
        help_texts: ClassVar = dict.fromkeys(fields, "")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Not every operator looks at people: who may, Django's own rights say."""

    form = UserForm
    readonly_fields = (
        said("E-Mail-Adresse", "email"),
        said("Zuletzt angemeldet", "last_login"),
        said("Konto seit", "date_joined"),
    )
    fields = (readonly_fields[0], "is_active", "is_staff", "is_superuser", *readonly_fields[1:])
    list_display = (readonly_fields[0], "may_sign_in", "may_enter", "has_second_factor")
    list_filter = (
        ("is_active", asked("Darf sich anmelden", admin.BooleanFieldListFilter)),
        ("is_staff", asked("Darf in den Betrieb", admin.BooleanFieldListFilter)),
    )
    search_fields = ("=email",)
    ordering = ("email",)
    actions = ("sign_out_everywhere", "take_second_factor_away")

    @admin.display(description="Darf sich anmelden", boolean=True, ordering="is_active")
    def may_sign_in(self, user: User) -> bool:
        return user.is_active

    @admin.display(description="Darf in den Betrieb", boolean=True, ordering="is_staff")
    def may_enter(self, user: User) -> bool:
        return user.is_staff

    @admin.display(description="Zweiter Faktor", boolean=True)
    def has_second_factor(self, user: User) -> bool:
        return Authenticator.objects.filter(user=user).exists()

    @admin.action(description="Überall abmelden", permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, users: QuerySet[User]) -> None:
        ended = 0
        for user in users:
            ended += sessions.end_all(user)
            trail.note("account.sittings_ended", user, actor=_operator(request))
        messages.success(request, f"Beendete Sitzungen: {ended}")

    @admin.action(description="Zweiten Faktor wegnehmen (Gerät verloren)", permissions=["change"])
    def take_second_factor_away(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            Authenticator.objects.filter(user=user).delete()
            sessions.end_all(user)
            trail.note("account.factor_taken", user, actor=_operator(request))
        messages.success(request, "Der zweite Faktor ist weg. Beim nächsten Anmelden wird ein neuer eingerichtet.")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with scope.system("an operator changes an account"):
            return rendered(super().changeform_view(request, object_id, form_url, extra_context))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Rights are given by those who have all of them: others could make themselves what they are not."""
        return self.readonly_fields if _operator(request).is_superuser else (*self.readonly_fields, *_RIGHTS)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        trail.record("account.rights_changed" if obj.is_active else "account.locked", obj, actor=_operator(request))
        if not obj.is_active:
            sessions.end_all(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _operator(request: HttpRequest) -> User:
    return cast(User, request.user)
