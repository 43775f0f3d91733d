"""The web server's door."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hro_portal.settings")
application = get_wsgi_application()

from hro_portal.keys import require_all_or_exit  # noqa: E402 - its models exist only now
from hro_portal.role import require_obedient_or_exit  # noqa: E402

require_obedient_or_exit()
require_all_or_exit()
