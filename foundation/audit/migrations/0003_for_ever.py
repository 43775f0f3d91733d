from django.db import migrations

_TABLES = ("audit_auditevent", "audit_auditlink")


class Migration(migrations.Migration):
    """The trail knows no exception: nothing in it is sealed, nothing in it is erased."""

    dependencies = [("audit", "0002_find_new_events"), ("scope", "0002_reseal_and_erase")]

    operations = [
        migrations.RunSQL(
            sql=f"""CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change_for_ever();""",
            reverse_sql=f"""CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
                            FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();""",
        )
        for table in _TABLES
    ]
