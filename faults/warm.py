"""Imported once by the fork server, so that a forked process begins with everything at hand.

Opens no connection: a forked process must not share one.
"""

import django

django.setup()

import weasyprint  # noqa: E402
from celery import current_app  # noqa: E402

import hro_portal.celery  # noqa: E402
import hro_portal.wsgi  # noqa: E402
from foundation.outbox import working  # noqa: E402

__all__ = ["current_app", "hro_portal", "weasyprint", "working"]

# What is looked up on first use: fonts and the style sheets of documents.
weasyprint.HTML(string="<p>Ein Satz.</p>").write_pdf()
