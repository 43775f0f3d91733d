from django.db import migrations


class Migration(migrations.Migration):
    """The table behind `settings.CACHES`.

    A migration and not `createcachetable`, so that the portal's role is granted it like every other table.
    """

    dependencies = [("health", "0001_heartbeat")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE TABLE IF NOT EXISTS portal_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX IF NOT EXISTS portal_cache_expires ON portal_cache (expires);
            """,
            reverse_sql="DROP TABLE portal_cache;",
        ),
    ]
