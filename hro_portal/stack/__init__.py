"""The one supervisor: starts PostgreSQL, Redis, web, worker and beat, keeps them alive and stops them all.

`make run`, the test session, the browser journeys, the fault suite and the benchmark use this `Stack`.
"""

from hro_portal.stack.refusal import StackRefusal
from hro_portal.stack.stack import Stack

__all__ = ["Stack", "StackRefusal"]
