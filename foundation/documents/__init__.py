"""Documents that last: PDF/A-3a with tags, made from a Django template. For workers; needs Pango."""

from foundation.documents.rendering import RenderingError, Unavailable, render_pdf

__all__ = ["RenderingError", "Unavailable", "render_pdf"]
