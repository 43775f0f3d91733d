"""Celery's door to the files."""

from celery import shared_task

from foundation import files
from foundation.files import waiting


@shared_task(name="files.remove_orphans")
def remove_orphans() -> None:
    """Once a day: bytes that no row knows."""
    files.remove_orphans()


@shared_task(name="files.scan_waiting")
def scan_waiting() -> None:
    """Every half minute: files that came while the scanner was away."""
    waiting.scan_waiting()
