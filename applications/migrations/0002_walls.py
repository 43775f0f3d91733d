from django.db import migrations

from foundation.scope.operations import (
    BY_AUTHORITY,
    BY_CODE,
    BY_PARTY,
    BY_SYSTEM,
    AppendOnly,
    RowSecurity,
    any_of,
    by_parent,
)

_APPLICATION = by_parent("applications_application")
_DRAFT = by_parent("applications_draft")
_FILE_OF_DRAFT = by_parent("applications_draft", "subject_id")
_FILE_OF_APPLICATION = by_parent("applications_application", "subject_id")


class Migration(migrations.Migration):
    """A draft is its owner's alone; an application is its owner's and its authority's; the rest follows the parent."""

    dependencies = [
        ("applications", "0001_initial"),
        ("files", "0001_initial"),
        ("authorities", "0002_walls"),
        ("scope", "0001_refuse_change"),
    ]

    operations = [
        RowSecurity("applications_draft", using=any_of(BY_PARTY, BY_CODE, BY_SYSTEM)),
        RowSecurity("applications_application", using=any_of(BY_AUTHORITY, BY_PARTY, BY_CODE, BY_SYSTEM)),
        RowSecurity("applications_transition", using=_APPLICATION),
        RowSecurity("applications_attachment", using=any_of(_APPLICATION, _DRAFT)),
        RowSecurity("applications_routing", using=_APPLICATION),
        RowSecurity("applications_receipt", using=_APPLICATION),
        RowSecurity("applications_correctionrequest", using=_APPLICATION),
        RowSecurity("applications_correctionanswer", using=by_parent("applications_correctionrequest", "request_id")),
        RowSecurity("applications_decision", using=_APPLICATION, check=any_of(BY_AUTHORITY, BY_SYSTEM)),
        RowSecurity(
            "applications_searchterm",
            using=any_of(BY_AUTHORITY, BY_SYSTEM),
            check=any_of(BY_AUTHORITY, BY_SYSTEM, _APPLICATION),
        ),
        migrations.RunSQL(
            sql=f"""
            CREATE POLICY people ON files_storedfile FOR SELECT
                USING (({_FILE_OF_DRAFT}) OR ({_FILE_OF_APPLICATION}));
            CREATE POLICY people_add ON files_storedfile FOR INSERT
                WITH CHECK (({_FILE_OF_DRAFT}) OR ({_FILE_OF_APPLICATION}));
            CREATE POLICY people_remove_from_drafts ON files_storedfile FOR DELETE USING ({_FILE_OF_DRAFT});
            """,
            reverse_sql="""
            DROP POLICY people ON files_storedfile; DROP POLICY people_add ON files_storedfile;
            DROP POLICY people_remove_from_drafts ON files_storedfile;
            """,
        ),
        AppendOnly("applications_transition"),
        AppendOnly("applications_legaltransition"),
        AppendOnly("applications_receipt"),
        AppendOnly("applications_decision"),
        AppendOnly("applications_correctionanswer"),
    ]
