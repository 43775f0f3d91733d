from django.db import migrations

from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of


class Migration(migrations.Migration):
    """Staff roles are seen and changed within their authority; a department belongs to the role's authority."""

    dependencies = [("accounts", "0001_initial"), ("authorities", "0002_walls")]

    operations = [
        migrations.RunSQL(
            sql="""ALTER TABLE accounts_staffrole ADD CONSTRAINT staff_role_department_of_its_authority
                   FOREIGN KEY (department_id, authority_id) REFERENCES authorities_department (id, authority_id);""",
            reverse_sql="ALTER TABLE accounts_staffrole DROP CONSTRAINT staff_role_department_of_its_authority;",
        ),
        RowSecurity("accounts_staffrole", using=any_of(BY_AUTHORITY, BY_SYSTEM)),
    ]
