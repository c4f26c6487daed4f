"""The page that compares the tutorial with the six programs AWS publishes. `make notebooks` writes
it.

It states facts about the programs. None of their code is here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cognito_helpers.tutorial_pool.lessons import Lesson
from etc.tools.lessons import LESSONS

PATH = LESSONS[0].parent / "published_programs.md"
PROGRAMS = (".NET", "C++", "Java", "JavaScript", "Kotlin", "Python")
YES, NO = "yes", "–"

HEAD = (
    "# The six published programs\n"
    "\n"
    "AWS publishes one scenario, “sign up a user with a user pool that requires MFA”, in six"
    " languages. This tutorial takes every step of it, and continues where the programs stop. The"
    " request view shows each of your calls in all six languages.\n"
    "\n"
    f"“{NO}” means that a program leaves the step out."
)


class Step(NamedTuple):
    """A step of the scenario: where this tutorial takes it, its call, if it makes one, and what
    each program does. A program that isn't in `programs` does `others`.
    """

    title: str
    lesson: Lesson
    operation: str = ""
    programs: dict[str, str] = {}
    others: str = NO


STEPS = [
    Step(
        "Read the settings",
        Lesson.BUILD_AN_APP,
        "",
        {
            ".NET": "from a JSON file; prompts for what's missing",
            "JavaScript": "from a CSV file",
        },
        "from arguments",
    ),
    Step(
        "List the pools",
        Lesson.START_HERE,
        "ListUserPools",
        {".NET": YES, "Python": "in another example"},
    ),
    Step(
        "Sign up",
        Lesson.SIGN_UP,
        "SignUp",
        {
            "C++": "yes; asks for another name if it's taken",
            "JavaScript": "yes; names the missing value",
            "Python": "yes, with the secret hash, which it logs",
        },
        YES,
    ),
    Step(
        "Read the user",
        Lesson.SIGN_UP,
        "AdminGetUser",
        {"JavaScript": NO, "Python": "if the user exists"},
        YES,
    ),
    Step(
        "Request another code",
        Lesson.SIGN_UP,
        "ResendConfirmationCode",
        {"JavaScript": NO},
        "if you ask for it",
    ),
    Step("Confirm the sign-up", Lesson.SIGN_UP, "ConfirmSignUp", {}, YES),
    Step("List the users", Lesson.SIGN_UP, "ListUsers", {".NET": YES, "Python": YES}),
    Step(
        "Start the first sign-in",
        Lesson.SET_UP_MFA,
        "AdminInitiateAuth",
        {
            ".NET": "with `InitiateAuth`",
            "Python": "yes; fails with a `KeyError` if tokens are returned immediately",
        },
        YES,
    ),
    Step("Get the secret", Lesson.SET_UP_MFA, "AssociateSoftwareToken", {}, YES),
    Step(
        "Show the QR code",
        Lesson.SET_UP_MFA,
        "",
        {
            "C++": "as a file, if built with QR support",
            "JavaScript": "in the terminal",
            "Python": "as a file, which stays on the disk",
        },
    ),
    Step("Verify the first code", Lesson.SET_UP_MFA, "VerifySoftwareToken", {}, YES),
    Step("Finish the first sign-in", Lesson.SET_UP_MFA, "RespondToAuthChallenge"),
    Step("Start a second sign-in", Lesson.SIGN_IN, "AdminInitiateAuth", {}, YES),
    Step(
        "Send the code",
        Lesson.SIGN_IN,
        "AdminRespondToAuthChallenge",
        {
            "JavaScript": "also with `RespondToAuthChallenge`",
            "Python": "yes; asks again if the code was used before",
        },
        YES,
    ),
    Step("Verify the tokens", Lesson.USE_THE_TOKENS),
    Step("Refresh the tokens", Lesson.USE_THE_TOKENS, "InitiateAuth"),
    Step("Revoke the tokens", Lesson.USE_THE_TOKENS, "RevokeToken"),
    Step(
        "Confirm the device",
        Lesson.REMEMBER_A_DEVICE,
        "ConfirmDevice",
        {".NET": "in its wrapper, never called", "Python": YES},
    ),
    Step(
        "Sign in with the device",
        Lesson.REMEMBER_A_DEVICE,
        "RespondToAuthChallenge",
        {"Python": "yes, without the client secret"},
    ),
    Step("List and forget devices", Lesson.REMEMBER_A_DEVICE, "ListDevices"),
    Step(
        "Handle an error",
        Lesson.BUILD_AN_APP,
        "",
        {
            ".NET": "logs it",
            "JavaScript": "logs it, names the next command",
            "Kotlin": NO,
            "Python": "logs it, raises it again",
        },
        "prints the message, stops",
    ),
    Step("Delete the user", Lesson.CLEAN_UP, "DeleteUser", {"C++": "if you ask for it"}),
    Step("Delete the pool", Lesson.CLEAN_UP, "DeleteUserPool", {"Python": "reminds you to"}),
]

DIFFERENCES = [
    "No secret, code, password or token is written to a log or a file. The Python program logs the"
    " secret hash, and leaves its QR code, which is the secret, in a file.",
    "The QR code's link names the issuer and escapes the user name. Without that, authenticator"
    " apps show an entry without a name, or fail on `+`, `@` and spaces.",
    "The session goes from each response to the next request. The JavaScript program keeps it in"
    " its own process, where its next command can't see it.",
    "Device authentication uses pycognito. warrant, which the Python program names, has had no"
    " release since 2017.",
    "Errors are shown, explained and tried: wrong, used and late codes, old sessions, wrong"
    " secrets. Tokens are verified.",
]


def page() -> str:
    """The whole page, as Markdown."""
    head = ["step", "call", "lesson", *PROGRAMS]
    lines = [head, ["---"] * len(head), *map(list, map(_row, STEPS))]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    differences = "\n".join(f"- {difference}" for difference in DIFFERENCES)
    return f"{HEAD}\n\n{table}\n\n## What this tutorial does differently\n\n{differences}\n"


def _row(step: Step) -> Iterator[str]:
    yield step.title
    yield f"`{step.operation}`" if step.operation else ""
    yield f"[{step.lesson}]({step.lesson.stem}.ipynb)"
    for program in PROGRAMS:
        yield step.programs.get(program, step.others)


def main() -> None:
    PATH.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
