from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hro_portal.health import checks


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is alive; says nothing about what it depends on."""
    return JsonResponse({"ok": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """People can be served: 200, else 503. `needs_attention` names what operators have to look at, at either."""
    answers = checks.answers()
    ok = checks.can_serve(answers)
    status = HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ok": ok, "needs_attention": checks.for_people(answers), **answers}, status=status)
