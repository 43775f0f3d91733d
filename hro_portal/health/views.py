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
    """The portal can take and do work: 200, else 503 with what is missing."""
    answers = checks.answers()
    ok = all(answer["ok"] for answer in answers.values())
    return JsonResponse({"ok": ok, **answers}, status=HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE)
