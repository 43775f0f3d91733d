"""What a receipt costs against a page with one sentence, in the same process."""

import time
from collections.abc import Callable

from applications.delivering import receipt
from applications.delivering.use_cases import render_receipt
from applications.issuing.use_cases import check_url
from applications.models import Application
from foundation import documents, scope, sealing


def ratios() -> tuple[float, float, float]:
    """(milliseconds for one sentence, how many times that for the receipt of 18 answers, and for its seal)."""
    with scope.system("measure", read_only=True):
        application = Application.objects.for_pages().filter(offering__service__slug="messung")[0]
        data = receipt.embedded_data(application)
        sentence = _median(lambda: documents.render_pdf("documents/one_sentence.html", {}))
        whole = _median(lambda: render_receipt(application, data, check_url("measured")))
        pdf, keyset = render_receipt(application, data, check_url("measured")), application.authority.keyset
        seal = _median(lambda: sealing.seal_pdf(pdf, keyset=keyset))
    return sentence * 1000, whole / sentence, seal / sentence


def _median(work: Callable[[], object], times: int = 9) -> float:
    work()
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return sorted(taken)[times // 2]
