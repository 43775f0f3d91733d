from django.db import migrations

from foundation.scope.operations import ANYONE, BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of


class Migration(migrations.Migration):
    """Departments are public; only their own authority changes them."""

    dependencies = [("authorities", "0001_initial"), ("scope", "0001_refuse_change")]

    operations = [
        RowSecurity("authorities_department", using=ANYONE, check=any_of(BY_AUTHORITY, BY_SYSTEM)),
    ]
