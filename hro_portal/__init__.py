"""Wires the rooms together. Celery's app is made here, so that every process sends its hints to the right broker."""

from hro_portal.celery import app as celery_app

__all__ = ["celery_app"]
