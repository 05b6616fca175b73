"""The command line: ``lockership route``, ``recognise``, ``ship``, ``label`` and the others.

Each command is a module with ``add(commands)``; to add one, write the module and name it here.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from importlib import metadata
from typing import TYPE_CHECKING

from lockership.cli import answer, book, demo, label, request, rules, ship
from lockership.cli.words import FAILED, GOOD, SOME_FAILED, fail
from lockership.errors import InputError, LockershipError
from lockership.files import UnreadableFile, UnwritableFile

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_COMMANDS = (answer, ship, book, label, request, rules, demo)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.exit(GOOD, f"lockership {metadata.version('lockership')}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status: 0, 1 when some records failed, 2 when all did."""
    parser = argparse.ArgumentParser(
        prog="lockership", description="Locker, counter or home: decide for each parcel, and say why."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add(commands)
    options = parser.parse_args(argv)
    try:
        return int(options.run(options))
    except InputError as error:
        return fail("; ".join(f"{p.field}: {p.message}" if p.field else p.message for p in error.problems))
    except (UnreadableFile, UnwritableFile, LockershipError) as error:
        return fail(str(error))
    except BrokenPipeError:
        # the reader of the pipe has gone; nothing more can be said to it, not even on leaving
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except OSError as error:
        why = error.strerror or str(error)
        return fail(f"{error.filename}: {why}" if error.filename else why)
    except KeyboardInterrupt:
        return fail("interrupted; no output file was left half written", FAILED)
