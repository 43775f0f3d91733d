"""CPU time and memory of the stack's processes, by the kernel's own account."""

from dataclasses import dataclass

import psutil

from hro_portal.stack import Stack

PARTS = ("web", "worker", "documents", "beat", "postgres")


@dataclass(frozen=True)
class Usage:
    """CPU-seconds since the start of each part, ended children included; memory as proportional set size in MB."""

    cpu: dict[str, float]
    memory: dict[str, float]

    def since(self, earlier: "Usage") -> dict[str, float]:
        return {part: self.cpu[part] - earlier.cpu[part] for part in PARTS}


def usage(stack: Stack) -> Usage:
    families = {part: _family(stack.process(part).pid) for part in PARTS}
    return Usage(
        cpu={part: sum(_cpu(process) for process in family) for part, family in families.items()},
        memory={part: sum(_memory(process) for process in family) for part, family in families.items()},
    )


def _family(pid: int | None) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _cpu(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _memory(process: psutil.Process) -> float:
    return process.memory_full_info().pss / 1e6
