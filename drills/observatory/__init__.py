"""Ten pages over TLS, graded by MDN's HTTP Observatory: each must get A+.

Its scanner runs here as published (pinned in package-lock.json), against a portal behind a small proxy that ends TLS
with a certificate of its own, as a city's proxy would. What it grades are headers, cookies and the way to https.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from drills.observatory.proxy import TlsProxy
from drills.portal import folder, furnish
from drills.report import Report
from hro_portal.stack import Stack

HERE = Path(__file__).parent
PRELOADED = HERE / "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json"
PAGES = (
    *("/", "/leistungen/", "/leistungen/rostock/hundesteuer-anmelden/", "/konto/anmelden/", "/konto/registrieren/"),
    *("/vorgang/", "/hilfe/", "/datenschutz/", "/pruefen/", "/admin/"),
)


def drill(report: Report) -> None:
    if not _installed():
        report.skip("der Scanner lässt sich nicht installieren: npm oder sein Verzeichnis ist nicht erreichbar")
        return
    with folder() as place:
        furnish(place / "data")
        with TlsProxy(place) as proxy:
            given = {
                "PORTAL_BASE_URL": f"https://localhost:{proxy.https_port}",
                "PORTAL_TRUSTED_PROXIES": "1",
            }
            with Stack(
                place / "data", demo=True, only=("postgres", "redis", "web"), durable=False, given=given
            ) as stack:
                proxy.forward_to(int(stack.env["PORT"]))
                for page in _graded(proxy):
                    told = f"{page['path']}: {page['grade']} ({page['score']} Punkte)"
                    report.require(
                        page["grade"] == "A+" and not page["failed"], f"{told} {page['failed'] or ''}".strip()
                    )


def _installed() -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(command, cwd=HERE, stdin=subprocess.DEVNULL).returncode:
        return False
    # The scanner would fetch the browsers' list of preloaded hosts; localhost is not in it.
    PRELOADED.write_text("{}")
    return True


def _graded(proxy: TlsProxy) -> list[dict[str, object]]:
    done = subprocess.run(
        ["node", "scan.mjs", "localhost", str(proxy.https_port), str(proxy.http_port), *PAGES],
        cwd=HERE,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(proxy.certificate)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-800:])
    return [json.loads(line) for line in done.stdout.splitlines()]
