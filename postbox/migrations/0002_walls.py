from django.db import migrations

from foundation.scope.operations import BY_AUTHORITY, BY_PARTY, BY_SYSTEM, RowSecurity, any_of


class Migration(migrations.Migration):
    dependencies = [("postbox", "0001_initial"), ("scope", "0001_refuse_change")]

    operations = [RowSecurity("postbox_postboxitem", using=any_of(BY_AUTHORITY, BY_PARTY, BY_SYSTEM))]
