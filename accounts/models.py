"""Who acts: users, the parties they act for, and the roles of staff."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from authorities.models import Authority, Department
from foundation.files.models import StoredFile
from foundation.ids import new_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A service account. The e-mail address is the name; what people tell about themselves is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254)
    profile = models.BinaryField(default=bytes, blank=True)
    language = models.CharField(max_length=2, default="de")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(db_default=Now())

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name, verbose_name_plural = "Konto", "Konten"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email",
                violation_error_message="Diese Adresse ist schon vergeben.",
            )
        ]


class Party(models.Model):
    """Whom an application is for: a person or an organisation. Owns drafts, applications, postbox items."""

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    user = models.OneToOneField(User, null=True, on_delete=models.CASCADE, related_name="party")
    name = models.CharField(max_length=1000, blank=True, help_text="nur bei Organisationen")
    register_key = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001 - null is "in no register"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person", user__isnull=False) | Q(kind="organisation", user__isnull=True),
                name="a_person_has_a_user_an_organisation_has_none",
            )
        ]


class LegalForm(models.TextChoices):
    """Legal forms, as forms of services name them too (`legal_form` in docs/form-definition.md)."""

    EK = "ek", _("Einzelunternehmen, im Handelsregister (e. K.)")
    GBR = "gbr", _("GbR")
    EGBR = "egbr", _("Eingetragene GbR (eGbR)")
    OHG = "ohg", _("OHG")
    KG = "kg", _("KG")
    GMBH_KG = "gmbh_kg", _("GmbH & Co. KG")
    PARTG = "partg", _("Partnerschaft (PartG)")
    GMBH = "gmbh", _("GmbH")
    UG = "ug", _("UG (haftungsbeschränkt)")
    AG = "ag", _("AG")
    EG = "eg", _("Genossenschaft (eG)")
    EV = "ev", _("Verein (e. V.)")
    OTHER = "andere", _("Eine andere Rechtsform")


class Organisation(models.Model):
    """What an organisation tells about itself, to be filled in for it. Nobody has checked it.

    So the register number is not `Party.register_key`, which is unique: whoever is first to type a number in
    must not keep the true company out.
    """

    party = models.OneToOneField(Party, primary_key=True, on_delete=models.CASCADE, related_name="organisation")
    legal_form = models.CharField(max_length=10, choices=LegalForm.choices)
    register_court = models.CharField(max_length=60, blank=True)
    register_number = models.CharField(max_length=20, blank=True)
    sites = models.BinaryField(help_text="versiegelte Liste von Anschriften, zuerst der Sitz")


class Membership(models.Model):
    """A user acts for an organisation, until it ends."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Verwaltung")
        MEMBER = "member", _("Mitglied")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "user"), condition=Q(until__isnull=True), name="one_open_membership"
            )
        ]


class Invitation(models.Model):
    """An owner asks somebody to act for the organisation. Written down whether or not there is such an account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=12, choices=Membership.Role.choices)
    invited_by_id = models.UUIDField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(Lower("email"), condition=Q(closed_at__isnull=True), name="open_invitations_of_email")]
        constraints = [
            models.UniqueConstraint(
                "organisation", Lower("email"), condition=Q(closed_at__isnull=True), name="one_open_invitation"
            )
        ]


class Document(models.Model):
    """A document that a person or an organisation keeps, to attach it again. It belongs to no authority.

    What it is called and when it was issued lies sealed, see `accounts.folder.details`.
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("Ausweis")
        REGISTRATION = "registration", _("Meldebescheinigung")
        TRADE = "trade", _("Gewerbeschein")
        REGISTER = "register", _("Handelsregisterauszug")
        SITE_PLAN = "site_plan", _("Lageplan")
        PROOF = "proof", _("Nachweis")
        OTHER = "other", _("Sonstiges")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="documents")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    details = models.BinaryField(help_text="versiegelt: Art, Bezeichnung, Dateiname, Daten")
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-kept_at", "-id")


class Mandate(models.Model):
    """One party lets another act for it (Vollmacht), for one service."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="mandates_given")
    to_party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="mandates_held")
    service_id = models.UUIDField(help_text="Leistung; eine Zeile je Leistung")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_party=models.F("to_party")), name="nobody_mandates_themselves"),
            models.UniqueConstraint(
                fields=("from_party", "to_party", "service_id"),
                condition=Q(revoked_at__isnull=True),
                name="one_open_mandate_per_service",
            ),
        ]


class StaffRole(models.Model):
    """What a user may do for an authority; without a department: in all of its departments."""

    class Role(models.TextChoices):
        CLERK = "clerk", "Sachbearbeitung"
        HEAD = "head", "Leitung"
        FORM_AUTHOR = "form_author", "Formulare"
        OPERATOR = "operator", "Betrieb"
        DATA_PROTECTION = "data_protection", "Datenschutz"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=15, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("user", "authority", "department", "role"), name="staff_role_once", nulls_distinct=False
            )
        ]
