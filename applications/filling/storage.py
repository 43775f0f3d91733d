"""django-formtools' idea of a storage, as a view on the draft: the answers are the only state there is."""

from typing import Any

from django.http import HttpRequest, HttpResponse


class DraftStorage:
    """What the wizard asks of its storage; the current step is the URL's, the data are the draft's.

    `get_step_data` is None on purpose: a step that is shown is not bound, its boxes come from the answers.
    """

    current_step: str | None = None
    current_step_data = current_step_files = None

    def __init__(self, prefix: str, request: HttpRequest | None = None, file_storage: Any = None) -> None:
        self.extra_data: dict[str, Any] = {}

    def get_step_data(self, step: str) -> None:
        return None

    get_step_files = get_step_data

    def set_step_data(self, step: str, answers: dict[str, Any]) -> None:
        self.keep(step, answers)  # the wizard calls this for a valid step only

    def set_step_files(self, step: str, files: Any) -> None:
        """Files were stored before the form was checked."""

    def keep(self, step: str, answers: dict[str, Any]) -> None:
        raise NotImplementedError  # the wizard puts its own here

    def update_response(self, response: HttpResponse) -> None:
        """Nothing of a draft is kept in the browser."""
