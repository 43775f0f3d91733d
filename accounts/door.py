"""Pages that belong to an account."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase

from accounts import people
from accounts.people import Applicant
from accounts.signing_in import sign_in_first


def for_account(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view gets the signed-in person; everybody else signs in first and comes back here."""

    @wraps(view)
    def with_person(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        person = people.who(request)
        if not isinstance(person, Applicant):
            return sign_in_first(request)
        return view(request, person, **kwargs)

    return with_person
