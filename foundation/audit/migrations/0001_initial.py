import django.db.models.deletion
from django.db import migrations, models

import foundation.ids
from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, AppendOnly, RowSecurity, any_of

# Whoever acts leaves a trace, also a person, who may not read it. Without a scope the cast fails.
IN_ANY_SCOPE = "current_setting('portal.authority')::uuid IS NOT NULL"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("scope", "0001_refuse_change")]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("authority_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("for_party_id", models.UUIDField(null=True)),
                ("action", models.CharField(max_length=80)),
                ("object_kind", models.CharField(max_length=40)),
                ("object_id", models.UUIDField()),
                ("refs", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["object_id", "at"], name="audit_event_of_object")],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "authority_id", "no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("authority_id", models.UUIDField()),
                ("no", models.BigIntegerField()),
                ("prev_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
                ("event", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="audit.auditevent")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("no__gt", 0)), name="audit_link_counts_from_one")
                ],
            },
        ),
        RowSecurity("audit_auditevent", using=any_of(BY_AUTHORITY, BY_SYSTEM), check=IN_ANY_SCOPE),
        RowSecurity("audit_auditlink", using=any_of(BY_AUTHORITY, BY_SYSTEM)),
        AppendOnly("audit_auditevent"),
        AppendOnly("audit_auditlink"),
    ]
