from dataclasses import dataclass, field


@dataclass
class Report:
    """What a drill has seen. `require` goes on after a failure, so that one run shows all of them."""

    name: str
    seconds: float = 0.0
    skipped: str = ""
    failures: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return not self.failures

    @property
    def result(self) -> str:
        if self.skipped:
            return f"übersprungen: {self.skipped}"
        return f"gescheitert: {'; '.join(self.failures)}" if self.failures else "gehalten"

    def say(self, sentence: str) -> None:
        print(f"  {sentence}", flush=True)

    def require(self, holds: object, sentence: str) -> None:
        """Notes whether it holds, in words that say what should be so."""
        if not holds:
            self.failures.append(sentence)
        self.say(f"{'ok    ' if holds else 'FEHLER'} {sentence}")

    def skip(self, reason: str) -> None:
        self.skipped = reason
        self.say(f"Übersprungen: {reason}")
