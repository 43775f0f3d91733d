from django.db import migrations

from foundation.scope.operations import ANYONE, BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of

_OWN = any_of(BY_AUTHORITY, BY_SYSTEM)


class Migration(migrations.Migration):
    """What is offered is public; who works on it is the authority's own."""

    dependencies = [("catalogue", "0001_initial"), ("authorities", "0002_walls")]

    operations = [
        RowSecurity("catalogue_offering", using=ANYONE, check=_OWN),
        RowSecurity("catalogue_routerule", using=_OWN),
        migrations.RunSQL(
            sql="""ALTER TABLE catalogue_routerule ADD CONSTRAINT route_department_of_its_authority
                   FOREIGN KEY (department_id, authority_id) REFERENCES authorities_department (id, authority_id);""",
            reverse_sql="ALTER TABLE catalogue_routerule DROP CONSTRAINT route_department_of_its_authority;",
        ),
    ]
