"""`make faults`: breaks the portal on purpose, in every way that is listed; asks each time what was lost or doubled.

* `doors` knows every side effect of a process (write, commit, file, hint, mail, hand-over, rendering, answer).
* `enumeration` strikes at each door of the whole way from *absenden* to *delivered*, one after the other, in processes
  forked from a warm one.
* `registry` holds the named faults (F1 to F41); they get a `Town`: the whole stack as real processes, with a
  mail sink and a department that keep a journal.

Nothing of this is known to the portal: the doors are watched from outside, in the struck process only.

A new fault is one function in a module named in `registry.MODULES`:

    @fault("F7", "Redis is down for five minutes")
    def redis_is_down(town: Town) -> str:
        \"\"\"Submitting shows the reference; the work is done afterwards.\"\"\"
        ...
        return "3 sent without Redis, 3 done"

It returns what was tried, in words, and fails by `assert` or any other exception. Afterwards the runner waits until the
outbox is empty and asks the invariants; a fault leaves the town as it found it.
"""
