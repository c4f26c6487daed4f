"""The reference: every call of the lessons and the errors it can raise, generated from the lessons,
botocore's model, and the tables behind the explanations. `make notebooks` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cognito_helpers.explanations.error_rows import ROWS
from cognito_helpers.explanations.error_rows.row import Row
from cognito_helpers.explanations.responses import MEMBERS
from cognito_helpers.explanations.service_errors import REFERENCE
from etc.tools.lessons import LESSONS, MODEL, calls

PATH = LESSONS[0].parent / REFERENCE

HEAD = (
    "# Reference\n"
    "\n"
    "Every call in the lessons: who can make it, its parameters, its response, and the errors it"
    " can raise. The errors, with cause and fix, follow the calls. To print one page, use the"
    " [cheat sheet](cheat_sheet.md).\n"
    "\n"
    "There are three kinds of calls: signed with IAM credentials, with the user's access token, and"
    " with neither.\n"
    "\n"
    "This page is generated from the lessons: `make notebooks` writes it."
)


def page() -> str:
    """The whole page, as Markdown."""
    made = calls_of_lessons()
    # An explained error links here, whichever call raised it.
    errors = sorted(
        {row.code for row in ROWS} | {error for operation in made for error in _errors(operation)}
    )
    parts = [
        HEAD,
        "## The calls",
        *_index(made),
        *(_call(operation, *made[operation]) for operation in made),
        "## The errors",
    ]
    return "\n\n".join([*parts, *(_error(name, made) for name in errors)]) + "\n"


def calls_of_lessons() -> dict[str, tuple[list[Path], set[str]]]:
    """Each operation in the order of the lessons, with the lessons that call it and the parameters
    they send.
    """
    made: dict[str, tuple[list[Path], set[str]]] = {}
    for path in LESSONS:
        for operation, parameters in calls(path).items():
            lessons, given = made.setdefault(operation, ([], set()))
            lessons.append(path)
            given |= parameters
    return made


def _shape(operation: str, kind: str) -> dict[str, Any]:
    named = MODEL["operations"][operation].get(kind)
    shape: dict[str, Any] = MODEL["shapes"][named["shape"]] if named else {}
    return shape


def _errors(operation: str) -> list[str]:
    return [error["shape"] for error in MODEL["operations"][operation].get("errors", [])]


def _index(made: dict[str, tuple[list[Path], set[str]]]) -> Iterator[str]:
    rows = [
        f"| [{operation}](#{operation}) | {who_may_call(operation)} | {_lessons(lessons)} |"
        for operation, (lessons, _) in made.items()
    ]
    yield "\n".join(["| call | who can make it | lessons |", "|---|---|---|", *rows])


def _lessons(lessons: list[Path]) -> str:
    return ", ".join(f"[{path.stem[:2]}]({path.name})" for path in lessons)


def who_may_call(operation: str) -> str:
    """Who can make a call, from the model: whether it's signed, and its parameters."""
    takes = _shape(operation, "input").get("members", {})
    if MODEL["operations"][operation].get("authtype") != "none":
        return "anyone with IAM credentials"
    if "AccessToken" in takes:
        session = ", or with the session of a sign-in" if "Session" in takes else ""
        return f"anyone with the user's access token{session}"
    if {"RefreshToken", "Token"} & takes.keys():
        return "anyone with the refresh token"
    if "ChallengeName" in takes:
        return "anyone with the session of a sign-in"
    return "anyone"


def _call(operation: str, lessons: list[Path], given: set[str]) -> str:
    takes, gives = _shape(operation, "input"), _shape(operation, "output").get("members", {})
    always = takes.get("required", [])
    also = [name for name in takes.get("members", {}) if name in given and name not in always]
    # If no parameter is always required, one of several is.
    sent = f"{_names(also)}, as the lessons send them"
    needs = f"{_names(always)}; the lessons also send {_names(also)}" if also else _names(always)
    errors = ", ".join(f"[{name}](#{name})" for name in _errors(operation))
    return "\n".join(
        [
            f"### {operation}",
            "",
            f"Who can call it: {who_may_call(operation)}.",
            "",
            f"- **parameters** {needs if always else sent}",
            f"- **response** {'; '.join(map(_member, gives)) or 'empty'}",
            f"- **errors** {errors}",
        ]
    )


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _member(name: str) -> str:
    explained = MEMBERS.get(name)
    return f"`{name}`" + (f" ({explained})" if explained else "")


def _message(row: Row) -> str:
    """How the message begins, and its operations if it isn't for all; empty for any message."""
    operations = f" ({', '.join(row.operations)})" if row.operations else ""
    return f"“{row.beginning} …”{operations}" if row.beginning else ""


def _error(name: str, made: dict[str, tuple[list[Path], set[str]]]) -> str:
    causes = [row for row in ROWS if row.code == name]
    otherwise = "any other message" if len(causes) > 1 else "any message"
    said = [_message(row) or otherwise for row in causes]
    rows = [
        f"| {message} | {row.why} | {row.what_to_do} |"
        for message, row in zip(said, causes, strict=True)
    ]
    by = ", ".join(
        f"[{operation}](#{operation})" for operation in made if name in _errors(operation)
    )
    table = ["| message | why | what to do |", "|---|---|---|", *rows]
    none = "No call of the lessons raises it."
    raised = f"Calls of the lessons that can raise it: {by}." if by else none
    return "\n".join([f"### {name}", "", *table, "", raised])


def main() -> None:
    PATH.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
