"""The experiments that were sent: to repeat them, compare two of them, and export them as a
script.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from ..errors import LessonError
from .choice_fields import Choices
from .experiment import Experiment, cell_of
from .placeholders import LAB, as_words
from .practice_settings import Settings
from .sending import Result

# Older ones aren't kept.
MOST = 200
HEAD = f'''"""Experiments from the playground. Run it with the Python of the tutorial."""

from cognito_helpers import Playground, attempt, open_lab, show

playground = Playground(open_lab(needs="a user with an authenticator app"))
{LAB} = playground.lab
'''


class Difference(NamedTuple):
    """One part of two experiments, and whether it differs."""

    part: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        return self.left != self.right


@dataclass(frozen=True)
class Entry:
    """An experiment as it was sent, with its result. `unusual` are the choices that aren't the
    first of their field. `settings` is None at AWS.
    """

    number: int
    operation: str
    choices: Choices
    unusual: Choices
    edited: bool
    request: dict[str, Any] = field(repr=False)
    settings: Settings | None
    result: Result

    @property
    def outcome(self) -> str:
        """What came back, in a word: an error's name, a challenge, tokens."""
        if self.result.error:
            return self.result.error[0]
        if self.result.unsent:
            return "not sent"
        answer = self.result.answer or {}
        if "AuthenticationResult" in answer:
            return "tokens"
        return str(answer.get("ChallengeName", "accepted"))

    @property
    def title(self) -> str:
        """The number, the operation, the choices that aren't the first of their field, and the
        result.
        """
        chosen = ", ".join(f"{key}: {value}" for key, value in self.unusual.items())
        said = "edited by hand" if self.edited else chosen
        return f"{self.number}. {self.operation}{f' ({said})' if said else ''} → {self.outcome}"

    def cell(self) -> str:
        """The boto3 cell that sends the same."""
        return cell_of(self.operation, self.request)


class Log:
    """The experiments that were sent, oldest first."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._sent = 0

    def __repr__(self) -> str:
        return "\n".join(entry.title for entry in self.entries) or "Nothing was sent yet."

    def add(self, experiment: Experiment, settings: Settings | None, result: Result) -> Entry:
        """Keep an experiment that was sent."""
        self._sent += 1
        entry = Entry(
            self._sent,
            experiment.operation,
            dict(experiment.choices),
            experiment.unusual,
            experiment.edited,
            experiment.request,
            settings,
            result,
        )
        self.entries = [*self.entries, entry][-MOST:]
        return entry

    def get(self, number: int) -> Entry:
        """The experiment of this number, from the newest if it's negative. Raises `LessonError` if
        there is none.
        """
        wanted = self._sent + 1 + number if number < 0 else number
        found = next((entry for entry in self.entries if entry.number == wanted), None)
        if found is None:
            raise LessonError(f"No experiment has the number {number}. Send one first.")
        return found

    def script(self) -> str:
        """A Python script that sends them all again, in a new pool. No secret is in it."""
        lines, settings = [HEAD], Settings()
        for entry in self.entries:
            changed = entry.settings.differing(settings) if entry.settings else {}
            if changed and entry.settings:
                given = ", ".join(f'{name}="{value}"' for name, value in changed.items())
                lines.append(f"\nplayground.set({given})")
                settings = entry.settings
            lines.append(f"\n# {entry.title}\nwith attempt():")
            lines += [f"    {line}".rstrip() for line in entry.cell().splitlines()]
        return "\n".join(lines).replace("    show(reply)", "    print(show(reply))") + "\n"


def compared(left: Entry, right: Entry) -> list[Difference]:
    """Two experiments side by side, part by part."""
    of_left, of_right = dict(_parts(left)), dict(_parts(right))
    names = dict.fromkeys(chain(of_left, of_right))
    return [Difference(name, of_left.get(name, ""), of_right.get(name, "")) for name in names]


def _parts(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.settings:
        yield "MFA", entry.settings.mfa
        yield "App client", entry.settings.app_client
        yield "Phone's clock", entry.settings.phone_clock
    yield "Operation", entry.operation
    yield from _members(as_words(entry.request), "")
    yield "Result", entry.outcome
    if entry.result.error:
        yield "Message", entry.result.error[1]
    if rejection := entry.result.rejection:
        yield "Checks passed", ", ".join(rejection.steps)
        yield "Rejected by", f"{rejection.failed.about}: {rejection.failed.condition}"


def _members(request: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(request, dict):
        for key, member in request.items():
            yield from _members(member, str(key))
    else:
        yield name, str(request)
