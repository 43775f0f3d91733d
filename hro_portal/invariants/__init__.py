"""What must hold for every case at any time, whatever died in between: one checker for tests, drills and operators.

`check()` looks at the whole installation and answers with the breaches; an empty list is the good news. It reads
only, and may run while the portal serves.
"""

from hro_portal.invariants.rules import Breach, Span, check

__all__ = ["Breach", "Span", "check"]
