"""The public page that says what was issued, and whether a file is genuine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.issuing.proof import proof_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    return render(request, "issuing/check.html", {})


@require_safe
@never_cache
def document(request: HttpRequest, token: str) -> HttpResponse:
    """What the city issued under this token. A token that we do not know says nothing else."""
    proof = proof_of(token)
    if proof is None:
        return render(request, "issuing/unknown.html", status=404)
    return render(request, "issuing/document.html", {"proof": proof, "authority": proof.authority})
