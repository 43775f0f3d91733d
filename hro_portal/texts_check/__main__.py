"""Says of every German text what breaks a rule; fails if one of the blocking ones is broken."""

import sys

from foundation.plain_german.rules import findings
from hro_portal.texts_check.sources import all_texts


def main() -> int:
    found = [finding for text in all_texts() for finding in findings(text)]
    blocking = [finding for finding in found if finding.blocks]
    for finding in found:
        level = "" if finding.blocks else "Hinweis "
        print(f"{finding.text.place}: {level}{finding.rule}: {finding.says}: {finding.text.words[:120]!r}")
    print(f"Texte: {len(blocking)} Verstöße, {len(found) - len(blocking)} Hinweise.")
    return 1 if blocking else 0


if __name__ == "__main__":
    sys.exit(main())
