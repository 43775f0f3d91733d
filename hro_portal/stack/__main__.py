"""`make run`: the portal with everything that it needs, until Ctrl-C or SIGTERM."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from hro_portal.stack import Stack, StackRefusal
from hro_portal.stack.environment import given_from_outside
from hro_portal.stack.portal import ROOT

DEMO_SIGN_INS = (
    ("buerger1@example.org", "Bürgerin"),
    ("buerger2@example.org", "Bürger"),
    ("firma@example.org", "Inhaber einer Bäckerei"),
    ("sachbearbeitung@example.org", "Sachbearbeitung, Rostock"),
    ("leitung@example.org", "Amtsleitung, Rostock"),
    ("sachbearbeitung.schwerin@example.org", "Sachbearbeitung, Schwerin"),
    ("formulare@example.org", "Formulare, Rostock"),
    ("betrieb@example.org", "Betrieb"),
    ("datenschutz@example.org", "Datenschutz, Rostock"),
)
DEMO_PASSWORD = "hro-demo-2026"


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    begun = time.monotonic()
    try:
        stack = Stack(
            Path(os.environ.get("DATA_DIR") or ROOT / "var"),
            port=_port(os.environ.get("PORT") or "8000"),
            demo=True,
            given=given_from_outside(),
            say=_say,
        )
        with stack:
            _welcome(stack.base_url, time.monotonic() - begun)
            signal.pause()
    except StackRefusal as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        _say("Das Portal ist beendet. Die Daten bleiben erhalten.")
    return 0


def _interrupt(number: int, frame: object) -> NoReturn:
    # One signal is enough: the next ones would only disturb the orderly end.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    _say("Das Portal wird beendet …")
    raise KeyboardInterrupt


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 <= int(text) <= 65535:
        return int(text)
    raise StackRefusal("PORT ist keine Zahl von 0 bis 65535. Wählen Sie zum Beispiel: PORT=8001 make run.")


def _welcome(address: str, seconds: float) -> None:
    _say(f"\nDas Portal ist bereit (nach {seconds:.1f} Sekunden):\n\n    {address}/\n")
    _say(f"Anmelden können Sie sich mit dem Kennwort {DEMO_PASSWORD} und einer dieser Adressen:\n")
    for email, who in DEMO_SIGN_INS:
        _say(f"    {email:38}{who}")
    _say(f"\nE-Mails verlassen diesen Rechner nicht. Sie stehen hier:\n\n    {address}/demo/post/")
    _say(f"\nEin Rundgang in sechs Bildern:\n\n    {address}/rundgang/")
    _say("\nBeenden mit Strg+C.")


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
