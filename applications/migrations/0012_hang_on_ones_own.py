from django.db import migrations

from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, any_of, by_parent

_OWN = f"({any_of(BY_AUTHORITY, BY_SYSTEM)})"
_APPLICATION = by_parent("applications_application")
_DECISION = by_parent("applications_decision", "decision_id")
_FILE = by_parent("files_storedfile", "file_id")
_OF_CASE_OR_DRAFT = f"({any_of(_APPLICATION, by_parent('applications_draft'))})"

#: table, what may be written from now on, what could be written before
CHECKS = (
    ("applications_attachment", f"{_OF_CASE_OR_DRAFT} AND ({_FILE})", _OF_CASE_OR_DRAFT),
    ("applications_receipt", f"({_APPLICATION}) AND ({_FILE})", _APPLICATION),
    ("applications_decision", f"{_OWN} AND ({_APPLICATION})", _OWN),
    ("applications_issueddocument", f"{_OWN} AND ({_APPLICATION}) AND ({_FILE})", _OWN),
    ("applications_payment", f"{_OWN} AND ({_DECISION})", _OWN),
    ("applications_revocation", f"{_OWN} AND ({_DECISION})", _OWN),
)


def _alter(position: int) -> str:
    return "".join(f"ALTER POLICY inserters ON {row[0]} WITH CHECK ({row[position]});\n" for row in CHECKS)


class Migration(migrations.Migration):
    """Nothing is hung on what its writer does not see.

    PostgreSQL checks foreign keys without policies: an authority could hang a row of its own on another's case, and a
    refusal told whether there is such a case. Policies are asked first, and say the same for both.
    """

    dependencies = [("applications", "0011_find_what_is_past_retention")]

    operations = [
        migrations.RunSQL(sql=_alter(1), reverse_sql=_alter(2)),
        migrations.RunSQL(
            sql=f"""ALTER POLICY inserters ON applications_searchterm WITH CHECK (({_APPLICATION}));""",
            reverse_sql=f"""ALTER POLICY inserters ON applications_searchterm
                            WITH CHECK ({any_of(BY_AUTHORITY, BY_SYSTEM, _APPLICATION)});""",
        ),
    ]
