"""What all commands of the portal have in common: how they are called is told in German, also when a call is wrong."""

import re
import sys
from functools import partial
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter

#: What argparse says of a wrong call, and how we say it.
_REFUSALS = (
    (r"the following arguments are required: (.+)", r"Es fehlt: \1."),
    (r"one of the arguments (.+) is required", r"Nennen Sie eines davon: \1."),
    (r"unrecognized arguments: (.+)", r"Das kennt der Befehl nicht: \1."),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 ist nicht eindeutig. Gemeint sein kann: \2."),
    (r"argument (.+): expected (?:one argument|at least one argument|\d+ arguments?)", r"Nach \1 fehlt eine Angabe."),
    (r"argument (.+): ignored explicit argument (.+)", r"\1 steht ohne Angabe, nicht mit \2."),
    (r"argument (.+): not allowed with argument (.+)", r"Nennen Sie \1 oder \2, nicht beides."),
    (r"argument (.+): invalid choice: (.+) \(choose from (.*)\)", r"\1: \2 gibt es nicht. Wählen Sie: \3."),
    (r"argument (.+): invalid \S+ value: (.+)", r"\1: \2 ist so nicht lesbar."),
    (r"argument (.+): (.+)", r"\1: \2"),
)


class PortalCommand(BaseCommand):
    """Base of every command of ours; what Django's options do stands in Django's own help."""

    suppressed_base_arguments = {
        *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"),
        "--skip-checks",
    }

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, formatter_class=_Help, add_help=False, **kwargs)
        parser.add_argument("-h", "--help", action="help", help="Zeigt diese Hilfe.")
        if getattr(self, "_called_from_command_line", False):
            # Django makes the parser itself, and asks no command for a class of it.
            parser.error = partial(_refuse, parser)  # type: ignore[method-assign]
        return parser


class _Help(DjangoHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = "Aufruf: ") -> None:
        super().add_usage(usage, actions, groups, "Aufruf: ")

    def start_section(self, heading: str | None) -> None:
        super().start_section({"positional arguments": "Angaben", "options": "Optionen"}.get(heading or "", heading))


def _refuse(parser: CommandParser, message: str) -> NoReturn:
    """Ends the process as argparse does, with what is wrong and where the help is."""
    parser.print_usage(sys.stderr)
    parser.exit(2, f"Der Aufruf stimmt nicht. {in_german(message)}\nHilfe: {parser.prog} --help\n")


def in_german(message: str) -> str:
    """What argparse says of a wrong call; what we do not know stays as it is."""
    for pattern, words in _REFUSALS:
        if match := re.fullmatch(pattern, message, flags=re.DOTALL):
            return match.expand(words)
    return message
