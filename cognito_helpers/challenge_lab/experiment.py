"""An experiment: an operation and the choices for it. It can be shown, edited by hand, sent, and
copied as a cell that does the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from ..errors import LessonError
from ..redact import redact_message
from .check_trace import Trace
from .checks import Rejection, rejection
from .choice_fields import Choices, Field
from .conditions import CodeIs, PasswordIs, SessionIs
from .operations import OPERATIONS, fields, operations
from .placeholders import Part, as_sent, as_shown, as_text, at_hand, call, from_text
from .sending import SENDING_FAILS, TOO_MANY, Result, why_unprepared, why_unsent

if TYPE_CHECKING:
    from .tutorial_lab import TutorialLab

# At AWS this many rejected guesses are enough, in as many seconds: more may lock a user.
ENOUGH, WHILE = 3, 15 * 60
GUESSED = ("NotAuthorizedException", "CodeMismatchException")
# Right choices aren't guesses.
NO_GUESS = (PasswordIs.RIGHT, CodeIs.NOW, SessionIs.NEWEST)


def cell_of(operation: str, request: dict[str, Any]) -> str:
    """The boto3 cell that sends a request and shows the response."""
    return f"reply = {call(xform_name(operation), request)}\nshow(reply)"


class Experiment:
    """One experiment in a lab. `choices` holds a value for each of the `fields`; set a choice by
    `choose`.
    """

    def __init__(
        self, lab: TutorialLab, operation: str = "RespondToAuthChallenge", **choices: str
    ) -> None:
        self._lab = lab
        self._edited: dict[str, Any] | None = None
        self._guesses: list[float] = []
        self.operation = ""
        self.choices: Choices = {}
        self.set(operation, **choices)

    def __repr__(self) -> str:
        return (
            f"Experiment({self.operation},"
            f" {self.choices}{', edited by hand' if self.edited else ''})"
        )

    # Choosing

    @property
    def operations(self) -> list[str]:
        """The available operations."""
        return operations(self._lab.backend.may_create_users)

    @property
    def fields(self) -> list[Field]:
        """The available fields."""
        return fields(self.operation, self.choices, self._lab.backend.may_create_users)

    @property
    def edited(self) -> bool:
        """Whether the request was edited by hand."""
        return self._edited is not None

    def set(self, operation: str, **choices: str) -> None:
        """Set everything again: an operation, and the choices that differ from the defaults. Raises
        `LessonError` for an unavailable one.
        """
        if operation not in self.operations:
            where = "the lab" if operation not in OPERATIONS else "the lab, at AWS,"
            raise LessonError(
                f"{operation} isn't one of the calls {where} offers: {', '.join(self.operations)}."
            )
        self.operation, self.choices, self._edited = operation, {}, None
        self._complete()
        # A choice can open another field.
        left = dict(choices)
        while key := next((one.key for one in self.fields if one.key in left), None):
            self.choose(key, left.pop(key))
        if left:
            raise LessonError(f"{operation} offers no choice of {', '.join(left)} here.")

    def choose(self, key: str, value: str) -> None:
        """Choose a value for a field; edits by hand are discarded. Raises `LessonError` for an
        unavailable one.
        """
        options = next((one.options for one in self.fields if one.key == key), ())
        if value not in options:
            raise LessonError(
                f"{self.operation} doesn't offer “{value}” for {key}. It offers"
                f" {', '.join(options) or 'no such choice'}."
            )
        before = self.fields
        self.choices[key] = value
        self._edited = None
        # A field with a new meaning returns to its default.
        changed = {one.key for one in before} - {one.key for one in self.fields if one in before}
        self.choices = {
            chosen: value for chosen, value in self.choices.items() if chosen not in changed
        }
        self._complete()

    def _complete(self) -> None:
        """A value for every field, and for no other. Fields can follow each other."""
        while True:
            offered = self.fields
            completed = {
                one.key: (
                    self.choices[one.key]
                    if self.choices.get(one.key) in one.options
                    else one.options[0]
                )
                for one in offered
            }
            if completed == self.choices:
                return
            self.choices = completed

    # The request

    @property
    def _request(self) -> dict[str, Any]:
        return (
            self._edited
            if self._edited is not None
            else OPERATIONS[self.operation].request(self.choices)
        )

    @property
    def signed(self) -> bool:
        """Whether boto3 will sign it with IAM credentials."""
        return bool(
            self._lab.cognito.meta.service_model.operation_model(self.operation).auth_type != "none"
        )

    def shown(self) -> str:
        """The request as JSON, as it will be sent; words in parentheses replace secrets."""
        return as_shown(self._request, self._lab)

    def text(self) -> str:
        """The request as JSON to edit; the values the lab inserts are in braces, as Python
        expressions.
        """
        request = self._request
        self._know(request)
        return as_text(request)

    def edit(self, text: str) -> None:
        """Set a request edited by hand. It's sent exactly as typed; braces from `text` keep their
        meaning.

        Raises `LessonError`, one sentence, if it isn't a JSON object, and keeps the earlier
        request.
        """
        self._know(self._request)
        try:
            self._edited = from_text(text, self._lab.test_data.parts, self._typed)
        except ValueError as error:
            raise LessonError(str(error)) from None
        self._know(self._edited)

    def _know(self, tree: Any) -> None:
        if isinstance(tree, Part):
            self._lab.test_data.parts[tree.in_json] = tree
        elif isinstance(tree, dict | list):
            for member in tree.values() if isinstance(tree, dict) else tree:
                self._know(member)

    def _typed(self, text: str) -> Part:
        return at_hand(
            "typed",
            self._lab.test_data.keep_typed(text),
            words=f"what you typed, {len(text)} characters",
        )

    def cell(self) -> str:
        """The boto3 cell that does the same. It has no secrets: it asks the lab for each."""
        return cell_of(self.operation, self._request)

    @property
    def request(self) -> dict[str, Any]:
        """The request, with a part for each value the lab inserts."""
        return self._request

    @property
    def unusual(self) -> Choices:
        """The choices that aren't the first of their field."""
        firsts = {one.key: one.options[0] for one in self.fields}
        return {key: value for key, value in self.choices.items() if value != firsts[key]}

    def repeat(self, operation: str, choices: Choices, edited: dict[str, Any] | None) -> None:
        """Make the same choices as another experiment, with its request if that was edited."""
        self.set(operation, **choices)
        self._edited = edited

    # Sending

    def send(self) -> Result:
        """Send the request, and return the result. No error of Cognito or boto3 is raised."""
        data = self._lab.test_data
        data.said.clear()
        if self._is_one_guess_too_many():
            return Result(unsent=TOO_MANY)
        try:
            request = as_sent(self._request, self._lab)
        except (ClientError, LessonError, BotoCoreError) as trouble:
            return self._unsent(why_unprepared(trouble))
        trace = Trace()
        try:
            with trace:
                answer = getattr(self._lab.cognito, xform_name(self.operation))(**request)
        except ClientError as error:
            return self._rejected(error, request, rejection(self.operation, trace, request))
        except SENDING_FAILS as trouble:
            return self._unsent(why_unsent(trouble))
        self._guesses.clear()
        return Result(answer=answer, said=tuple(data.said))

    def _rejected(
        self, error: ClientError, request: dict[str, Any], check: Rejection | None
    ) -> Result:
        details = error.response["Error"]
        if details["Code"] in GUESSED:
            self._guesses.append(self._lab.now())
        # Cognito quotes some values it rejects.
        message = redact_message(details["Message"], json.dumps(request, default=str))
        return Result(
            error=(details["Code"], message, error.operation_name),
            said=tuple(self._lab.test_data.said),
            rejection=check,
        )

    def _is_one_guess_too_many(self) -> bool:
        recent = [moment for moment in self._guesses if moment > self._lab.now() - WHILE]
        guess = self.edited or any(
            self.choices.get(key, "right") not in NO_GUESS
            for key in ("password", "code", "session", "token")
        )
        return not self._lab.backend.may_create_users and guess and len(recent) >= ENOUGH

    def _unsent(self, sentence: str) -> Result:
        return Result(unsent=sentence, said=tuple(self._lab.test_data.said))
