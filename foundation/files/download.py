"""How a stored file leaves the portal: as a download that no browser runs."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from foundation.files.models import StoredFile
from foundation.files.storage import read


def as_download(stored: StoredFile, name: str) -> HttpResponse:
    """The file as an attachment under this name; raises what `files.read` raises.

    Nothing sniffs its type, no other site may embed it, and the sandbox takes scripts and origin from whatever still
    opens it in place.
    """
    response = HttpResponse(
        read(stored),
        content_type=stored.media_type,
        headers={
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response
