"""The standard form of the benchmark: three steps of six questions, and its 18 answers."""

from typing import Any

STEPS, QUESTIONS = 3, 6


def definition() -> dict[str, Any]:
    return {
        "format": 1,
        "key": "messung",
        "title": _text("Messung"),
        "steps": [
            {
                "key": f"schritt{step}",
                "title": _text(f"Schritt {step}"),
                "items": [_question(n) for n in _numbers(step)],
            }
            for step in range(STEPS)
        ],
    }


def answers(step: int) -> dict[str, str]:
    """What a person types into a step, by the name of the box."""
    return {f"frage{number}": f"Antwort Nummer {number} mit Umlauten: äöü ß" for number in _numbers(step)}


def _numbers(step: int) -> range:
    return range(step * QUESTIONS, (step + 1) * QUESTIONS)


def _question(number: int) -> dict[str, Any]:
    return {
        "type": "text",
        "key": f"frage{number}",
        "label": _text(f"Frage {number}"),
        "hint": _text("Ein kurzer Satz"),
    }


def _text(words: str) -> dict[str, str]:
    return {"de": words, "en": words}
