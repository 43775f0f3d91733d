"""Handing a case over to a department's own program (Fachverfahren), once confirmed and always with the same bytes.

POST of JSON with `Idempotency-Key: <id of the case>`; the program answers 2xx and `{"received": "<reference>"}`, also
when it knows the case already. Everything else is tried again later. docs/operations.md tells what is sent.
"""

import json
import time
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models.functions import Now

from applications.delivering import line
from applications.delivering.receipt import digest, embedded_data
from applications.models import Application, Routing
from authorities import endpoints
from forms_engine import api as engine
from forms_engine.receiving import by_fim_ids
from foundation import audit, outbox, scope, strict_json
from foundation.errors import PortalError
from foundation.outbox.models import OutboxRow

if TYPE_CHECKING:
    import httpx

KIND = "hand_over"
TARGET = "endpoint"
#: Four days at least: longer than a weekend with a holiday on each side.
MOST_ATTEMPTS = 400
#: Together below the outbox's lease, so that nobody else begins while this one still waits.
CONNECT_SECONDS, STEP_SECONDS, WHOLE_SECONDS = 3.0, 4.0, 6.0
MOST_BYTES = 64_000


class NotHandedOver(PortalError):
    """The program did not confirm; `code` says why, in a word for the page of disturbances."""

    def __init__(self, code: str) -> None:
        super().__init__(code, "Das Fachverfahren hat den Vorgang nicht angenommen.", 502)


def want(application: Application) -> None:
    """Asks for the hand-over of a case that was routed just now, where its department has a program of its own.

    A test application never leaves: this is the one door to programs outside.
    """
    department = application.department
    if application.is_test or department is None or not department.endpoint:
        return
    Routing.objects.create(
        application=application,
        authority_id=application.authority_id,
        target=TARGET,
        department=department,
        delivered_at=None,
    )
    outbox.put(KIND, authority_id=application.authority_id, subject_id=application.pk)


def confirmed(application: Application) -> list[datetime]:
    """When the department's program confirmed the case: once or never."""
    handed_over = Routing.objects.filter(application=application, target=TARGET)
    return [at for at in handed_over.values_list("delivered_at", flat=True) if at is not None]


def ask(row: OutboxRow) -> outbox.Finish:
    """Sends the case to the program, in no transaction; out: what is to be written when it confirmed."""
    with scope.authority(row.authority_id, read_only=True):
        routing = Routing.objects.select_related("department").get(application_id=row.subject_id, target=TARGET)
        if routing.delivered_at is not None:
            return lambda: None
        payload = payload_of(Application.objects.for_pages().get(pk=row.subject_id))
        reference = json.loads(payload)["reference"]
    line.demand(routing.department_id)
    try:
        answer = _post(routing.department.endpoint, payload, key=row.subject_id)
        _demand_confirmation(answer, reference)
    except Exception:  # a program that drips its answer runs into the worker's time limit: that counts as well
        line.note_failure(routing.department_id)
        raise
    line.note_success(routing.department_id)
    return partial(_confirm, routing, digest(payload))


def payload_of(application: Application) -> bytes:
    """What is sent: made of what never changes after the submit, so each try sends the same bytes."""
    data: dict[str, Any] = json.loads(embedded_data(application)) | {
        "id": str(application.pk),
        "service": application.offering.service.slug,
    }
    if (under_fim_ids := by_fim_ids(engine.compiled(application.form_version), data["answers"])) is not None:
        data["fim"] = under_fim_ids
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _confirm(routing: Routing, payload_sha256: str) -> None:
    if not Routing.objects.filter(pk=routing.pk, delivered_at__isnull=True).update(delivered_at=Now()):
        return
    audit.record(
        "application.handed_over",
        authority_id=routing.authority_id,
        object_kind="application",
        object_id=routing.application_id,
        department=routing.department_id,
        sha256=payload_sha256,
    )


def _post(url: str, payload: bytes, *, key: UUID) -> bytes:
    """The body of a 2xx answer. Follows no redirect, uses no proxy, and connects to the address that was checked."""
    import httpx  # the web process never asks

    try:
        endpoints.check_endpoint(url)
        parts = urlsplit(url)
        address = endpoints.resolve(parts)
        limits = httpx.Timeout(STEP_SECONDS, connect=CONNECT_SECONDS)
        with (
            httpx.Client(timeout=limits, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST",
                httpx.URL(url).copy_with(host=address),
                content=payload,
                headers={
                    "Host": parts.netloc,
                    "Content-Type": "application/json",
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    "Idempotency-Key": str(key),
                },
                extensions={"sni_hostname": parts.hostname},
            ) as response,
        ):
            if not response.is_success:
                raise NotHandedOver(f"target-status-{response.status_code}")
            return _read(response, until=time.monotonic() + WHOLE_SECONDS)
    except httpx.TimeoutException:
        raise NotHandedOver("target-slow") from None
    except (httpx.HTTPError, OSError):
        raise NotHandedOver("target-unreachable") from None
    except (ValueError, ValidationError, httpx.InvalidURL):
        raise NotHandedOver("target-address") from None


def _read(response: "httpx.Response", *, until: float) -> bytes:
    body = b""
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise NotHandedOver("target-rubbish")
        if time.monotonic() > until:
            raise NotHandedOver("target-slow")
    return body


def _demand_confirmation(answer: bytes, reference: str) -> None:
    """A 2xx alone is no confirmation: a login page or a proxy answers 200 as well."""
    try:
        said = strict_json.parse(answer)
    except strict_json.NotStrict:
        said = None
    if not isinstance(said, dict) or said.get("received") != reference:
        raise NotHandedOver("target-rubbish")
