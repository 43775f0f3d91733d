from django.db import migrations


class Migration(migrations.Migration):
    """Invitations that are over no longer say whom they were for; the code that closes them leaves the address out."""

    dependencies = [("accounts", "0006_german_names")]

    operations = [
        migrations.RunSQL(
            "UPDATE accounts_invitation SET email = '' WHERE closed_at IS NOT NULL AND email <> ''",
            migrations.RunSQL.noop,
        ),
    ]
