"""The scenario's user at a terminal: questions at a prompt, and the QR code drawn with block
characters.
"""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import replace
from getpass import getpass
from typing import NoReturn

import qrcode
from botocore.exceptions import ClientError

from ..actions import CodeDelivery
from ..errors import LessonError
from ..explanations.service_errors import explained
from ..local_cognito import LocalCognito
from ..sign_in.authenticator import STEP, Phone, authenticator_link, key_groups
from ..text import visible
from ..tutorial_pool.settings import ISSUER, random_password
from ..ui import fields
from ..ui.fields import Field, Start
from ..views.response import Response

# Type this instead of a code to have another one sent
NEW = "new"
# The options that answer a question in advance, by the question's name
OPTIONS = {
    "username": "--username",
    "email": "--email",
    "password": "--password-file",
    "remember_device": "--remember-device",
    "delete_user": "--delete-user",
}


def say(text: object) -> None:
    """Print at once."""
    print(visible(text), flush=True)


class Prompt:
    """Asks a question until the answer is valid. `given` are answers given in advance; each is used
    once.
    """

    def __init__(self, given: dict[str, str]) -> None:
        self._given = dict(given)
        # Without a user, the end of the input counts as Enter until that's an error.
        self.takes_end_for_enter = not sys.stdin.isatty()

    def ask(self, name: str, field: Field, hint: str = "") -> str:
        """The answer to the question of this name. Raises `LessonError` if there's no one to answer
        it.
        """
        while True:
            text = field.tidy(
                self._given.pop(name) if name in self._given else self._typed(name, field, hint)
            )
            if not text and field.start is not None:
                return field.start() if callable(field.start) else field.start
            problem = field.check(text) if text else "Type something, or press Ctrl-C to stop."
            if problem is None:
                return text
            say(problem)

    def _typed(self, name: str, field: Field, hint: str) -> str:
        start = f" [{field.start}]" if isinstance(field.start, str) and not field.secret else ""
        question = visible(f"{field.label}{f' ({hint})' if hint else ''}{start}: ")
        try:
            return getpass(question) if field.secret and sys.stdin.isatty() else input(question)
        except EOFError:
            print()
        if field.start is None or not self.takes_end_for_enter:
            _no_answer(name, field)
        return ""


def _no_answer(name: str, field: Field) -> NoReturn:
    how = (
        f"give {OPTIONS[name]}, or answer at the prompt"
        if name in OPTIONS
        else "answer it at the prompt"
    )
    raise LessonError(f"There's no answer to “{field.label}”: {how}.")


def in_lines(response: Response) -> str:
    """A response with its parts explained, in lines that fit the terminal: the explanations beside
    the values, or below them.
    """
    beside = str(response)
    if max(map(len, beside.splitlines())) < shutil.get_terminal_size().columns:
        return beside
    lines = []
    for row in response.rows:
        margin = "  " * row.depth
        lines += [
            f"{margin}{row.name}  {row.value}".rstrip(),
            *([f"{margin}    {row.explanation}"] if row.explanation else []),
        ]
    return "\n".join(lines)


class AtTerminal:
    """The scenario's user. With the emulator, pressing Enter uses its inbox, and a phone that lives
    as long as the program.
    """

    def __init__(self, prompt: Prompt, emulator: LocalCognito | None = None) -> None:
        self._prompt, self._emulator = prompt, emulator
        self._phone = Phone({}, emulator.clock.now) if emulator else None
        self._codes_used: set[str] = set()

    def username(self) -> str:
        return self._prompt.ask("username", fields.username("ana" if self._emulator else None))

    def email(self, username: str) -> str:
        return self._prompt.ask(
            "email", fields.email("ana@example.com" if self._emulator else None)
        )

    def password(self, username: str) -> str:
        start, hint = (
            (random_password, "not shown; Enter for a generated one")
            if self._emulator
            else (None, "not shown")
        )
        return self._prompt.ask(
            "password", fields.password(start, label=f"Password of {username}"), hint
        )

    def new_password(self, username: str) -> str:
        return self._prompt.ask(
            "new_password", fields.password(label=f"New password for {username}"), "not shown"
        )

    def continues_as(self, username: str, status: str) -> bool:
        return self._agrees(
            "known",
            f"{username} is in the pool already, and {status}. Continue as {username}?",
            "no",
        )

    def email_code(self, username: str, sent: CodeDelivery | None) -> str:
        if sent:
            say(f"\nThe code went by {sent['DeliveryMedium']} to {sent['Destination']}.")
        start: Start = None
        if self._emulator:
            newest = self._emulator.inbox(username)[-1]
            start = newest.code
            say(f"The emulator's inbox: {newest.subject}. {newest.body}")
        six_digits = fields.code(start, label="Confirmation code")
        field = replace(
            six_digits,
            secret=False,
            check=lambda text: None if text == NEW else six_digits.check(text),
        )
        code = self._prompt.ask("email_code", field, f"“{NEW}” for another")
        return "" if code == NEW else code

    def scan(self, secret: str, username: str) -> None:
        link = authenticator_link(secret, account=username, issuer=ISSUER)
        if sys.stdout.isatty():
            print(f"\n{drawn(link)}")
            say(f"Scan this with an authenticator app, or type the key:\n  {key_groups(link)}")
            say("The picture and the key contain the secret. Clear this terminal when you're done.")
        elif self._phone is None:
            raise LessonError(
                "The secret for your authenticator app is only shown on a terminal: run this in"
                " one."
            )
        if self._phone:
            self._phone.add(link)
            say("The phone inside this program has it too.")

    def app_code(self, username: str) -> str:
        start = (lambda: self._phone_code(username)) if self._phone else None
        hint = (
            "Enter to use the phone inside this program"
            if self._phone
            else "six digits, not used before"
        )
        field = replace(fields.code(start, label="Code on the phone"), secret=False)
        say("")
        code = self._prompt.ask("app_code", field, hint)
        self._codes_used.add(code)
        return code

    def first_factor(self, username: str, offered: list[str]) -> str:
        return self._chosen("first_factor", f"How does {username} sign in?", offered)

    def second_factor(self, username: str, offered: list[str]) -> str:
        return self._chosen("second_factor", f"Second factor of {username}", offered)

    def sent_code(self, username: str, challenge: str, destination: str) -> str:
        say(f"\n{challenge}: the code went to {destination}.")
        start: Start = None
        if self._emulator:
            newest = self._emulator.inbox(username)[-1]
            start = newest.code
            say(f"The emulator's outbox: {newest.body}")
        field = replace(fields.code(start, label="Code that was sent"), secret=False)
        return self._prompt.ask("sent_code", field)

    def signed(self, options: str) -> str:
        raise LessonError("A terminal has no passkeys. Choose another factor.")

    def own_answer(self, parameters: dict[str, str]) -> str:
        told = ", ".join(f"{name}: {value}" for name, value in parameters.items())
        say(f"\nThe pool's own challenge. {told}")
        return self._prompt.ask("own_answer", Field("Your answer", None, lambda text: None))

    def wants_device_remembered(self) -> bool:
        return self._agrees(
            "remember_device", "Remember this device, so that it signs in without a code?", "yes"
        )

    def wants_to_leave(self, username: str) -> bool:
        return self._agrees("delete_user", f"Delete {username}?", "yes" if self._emulator else "no")

    def again(self, error: ClientError) -> None:
        self._prompt.takes_end_for_enter = False
        meaning = explained(error)
        say(f"Error: {meaning.line()}")
        if advice := meaning.advice():
            say(advice)

    def _chosen(self, name: str, question: str, offered: list[str]) -> str:
        options = {factor: factor for factor in offered}
        hint = ", ".join(offered)
        return self._prompt.ask(name, fields.choice(options, offered[0], question), hint)

    def _agrees(self, name: str, question: str, start: str) -> bool:
        say("")
        return self._prompt.ask(name, fields.yes_no(start, label=question)) == "yes"

    def _phone_code(self, username: str) -> str:
        assert self._phone and self._emulator
        if self._phone.code(username) in self._codes_used:
            # Each code works once, and the emulator's clock can be moved instead of waiting.
            self._emulator.clock.advance(STEP)
            say(
                "30 seconds later by the emulator's clock: this phone shows a new code, and is"
                " ahead of any other."
            )
        return self._phone.code(username)


class _AnyTerminal(io.StringIO):
    """Text for a terminal, as qrcode wants it."""

    def isatty(self) -> bool:
        return True


def drawn(link: str) -> str:
    """The QR code of a link for a terminal: two modules to a character, dark on light in any
    terminal colors; text if it can't be drawn.
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(link)
    code.make()
    width = code.modules_count + 2 * code.border
    if shutil.get_terminal_size().columns < width:
        return (
            f"(The QR code needs a terminal of {width} columns: make this one wider, or type the"
            " key.)"
        )
    picture = _AnyTerminal()
    code.print_ascii(picture, tty=True)
    try:
        picture.getvalue().encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return "(This terminal has no characters to draw the QR code with: type the key.)"
    return picture.getvalue()
