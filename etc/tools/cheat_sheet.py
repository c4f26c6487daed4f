"""The cheat sheet: every call of the lessons on one page, from the lessons, botocore's model and
the tables that the lessons explain answers with.

`make notebooks` writes it; a test says when that was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cognito_helpers.explanations.error_rows import ROWS
from cognito_helpers.explanations.responses import MEMBERS
from cognito_helpers.explanations.service_errors import CHEAT_SHEET
from etc.tools.lessons import LESSONS, MODEL, calls

PATH = LESSONS[0].parent / CHEAT_SHEET

HEAD = (
    "# Cheat sheet\n"
    "\n"
    "Every call that the lessons make: who may make it, what it needs, what it gives, and how"
    " it can be refused. Below the calls, every refusal with its cause. Calls come in three kinds:"
    " signed with IAM credentials, with the user's access token, and with neither.\n"
    "\n"
    "This page is generated from the lessons and from the tables behind their explanations: "
    "`make notebooks` writes it."
)


def page() -> str:
    """The whole page, as Markdown."""
    made = _made()
    refusals = sorted({refusal for operation in made for refusal in _refusals(operation)})
    parts = [
        HEAD,
        "## The calls",
        *_index(made),
        *(_call(operation, *made[operation]) for operation in made),
        "## The refusals",
    ]
    return "\n\n".join([*parts, *(_refusal(name, made) for name in refusals)]) + "\n"


def _made() -> dict[str, tuple[list[Path], set[str]]]:
    """Each operation, in the order of the lessons: the lessons that make it, and all parameters
    that they give it.
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


def _refusals(operation: str) -> list[str]:
    return [error["shape"] for error in MODEL["operations"][operation].get("errors", [])]


def _index(made: dict[str, tuple[list[Path], set[str]]]) -> Iterator[str]:
    rows = [
        f"| [{operation}](#{operation}) | {who_may_call(operation)} | {_lessons(lessons)} |"
        for operation, (lessons, _) in made.items()
    ]
    yield "\n".join(["| call | who may make it | lessons |", "|---|---|---|", *rows])


def _lessons(lessons: list[Path]) -> str:
    return ", ".join(f"[{path.stem[:2]}]({path.name})" for path in lessons)


def who_may_call(operation: str) -> str:
    """Who may make a call, as the model says it: by whether it is signed, and by what it takes."""
    takes = _shape(operation, "input").get("members", {})
    if MODEL["operations"][operation].get("authtype") != "none":
        return "signed with IAM credentials; boto3 does it"
    if "AccessToken" in takes:
        return "with the user's access token" + (
            ", or the session of a sign-in" if "Session" in takes else ""
        )
    if {"RefreshToken", "Token"} & takes.keys():
        return "with neither: the refresh token is enough"
    if "ChallengeName" in takes:
        return "with neither: the session of a sign-in is enough"
    return "with neither"


def _call(operation: str, lessons: list[Path], given: set[str]) -> str:
    takes, gives = _shape(operation, "input"), _shape(operation, "output").get("members", {})
    always = takes.get("required", [])
    also = [name for name in takes.get("members", {}) if name in given and name not in always]
    needs = f"**needs** {_names(always)}" + (
        f"; the lessons also send {_names(also)}" if also else ""
    )
    # Where nothing is always needed, it is one of several that is.
    lines = [f"- {needs if always else f'**needs** {_names(also)}, as the lessons send it'}"]
    lines.append("- **gives** " + ("; ".join(map(_member, gives)) or "an empty answer"))
    refusals = ", ".join(f"[{name}](#{name})" for name in _refusals(operation))
    return "\n".join(
        [
            f"### {operation}",
            "",
            f"Called {who_may_call(operation)}.",
            "",
            *lines,
            f"- **refused with** {refusals}",
        ]
    )


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _member(name: str) -> str:
    explained = MEMBERS.get(name)
    return f"`{name}`" + (f" ({explained})" if explained else "")


def _refusal(name: str, made: dict[str, tuple[list[Path], set[str]]]) -> str:
    causes = [row for row in ROWS if row.code == name]
    otherwise = "anything else" if len(causes) > 1 else "anything"
    said = [f"“{row.beginning} …”" if row.beginning else otherwise for row in causes]
    rows = [
        f"| {message} | {row.why} | {row.what_to_do} |"
        for message, row in zip(said, causes, strict=True)
    ]
    by = ", ".join(
        f"[{operation}](#{operation})" for operation in made if name in _refusals(operation)
    )
    return "\n".join(
        [
            f"### {name}",
            "",
            "| it says | why | what now |",
            "|---|---|---|",
            *rows,
            "",
            f"Calls that may get it: {by}.",
        ]
    )


def main() -> None:
    PATH.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
