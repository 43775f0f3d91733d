"""The public page that says what was issued, and whether a file is genuine. It asks for no name and keeps no file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.issuing.forms import FileForm
from applications.issuing.proof import proof_of
from foundation import limits
from foundation.sealing.checking import verify_in_child

TRIES = {"tries": 20, "seconds": 15 * 60}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "issuing/check.html", {"form": FileForm()})
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "issuing/check.html", {"form": form}, status=422)
    if not limits.allow("check-file", limits.client_address(request), **TRIES):
        form.refuse_for_now()
        refusal = render(request, "issuing/check.html", {"form": form}, status=429)
        refusal["Retry-After"] = str(limits.wait(TRIES["seconds"]))
        return refusal
    verdict = verify_in_child(form.cleaned_data["file"].read())
    return render(request, "issuing/check.html", {"form": FileForm(), "verdict": verdict})


@require_safe
@never_cache
def document(request: HttpRequest, token: str) -> HttpResponse:
    """What the city issued under this token. A token that we do not know says nothing else."""
    proof = proof_of(token)
    if proof is None:
        return render(request, "issuing/unknown.html", status=404)
    return render(request, "issuing/document.html", {"proof": proof, "authority": proof.authority})
