from django.db import migrations

from foundation.scope.operations import ANYONE, BY_AUTHORITY, BY_SYSTEM, AppendOnly, RowSecurity, any_of


class Migration(migrations.Migration):
    """Published versions are public and never change; what is not published yet is its authority's own."""

    dependencies = [("forms_engine", "0001_initial"), ("scope", "0001_refuse_change")]

    operations = [
        RowSecurity("forms_engine_form", using=ANYONE, check=any_of(BY_AUTHORITY, BY_SYSTEM)),
        RowSecurity(
            "forms_engine_formversion",
            using=any_of("published_at IS NOT NULL", BY_AUTHORITY, BY_SYSTEM),
            check=any_of(BY_AUTHORITY, BY_SYSTEM),
        ),
        AppendOnly("forms_engine_codelist"),
        migrations.RunSQL(
            sql="""CREATE TRIGGER published_version_stays BEFORE UPDATE OR DELETE ON forms_engine_formversion
                   FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION portal_refuse_change();""",
            reverse_sql="DROP TRIGGER published_version_stays ON forms_engine_formversion;",
        ),
    ]
