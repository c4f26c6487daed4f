"""The flow: the calls made so far as a sequence and as states, as Mermaid text for JupyterLab and
as plain text. Drawn from the recorded requests alone. States are those of one user; a sequence
shows all calls.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from .owners import name_in, of_last_user, of_user, others
from .recorder import Exchange

START, SIGNED_IN, SIGNED_OUT = "start", "signed in", "signed out"

# The state after a successful call. A call that isn't here, and returns neither challenge nor
# tokens, changes none.
AFTER = {
    "CreateUserPool": "a pool",
    "SetUserPoolMfaConfig": "a pool with its second factor set",
    "CreateUserPoolClient": "a pool with an app client",
    "SignUp": "UNCONFIRMED",
    "ConfirmSignUp": "CONFIRMED",
    "AdminConfirmSignUp": "CONFIRMED",
    "ConfirmDevice": "signed in, device remembered",
    "ForgetDevice": SIGNED_IN,
    "GlobalSignOut": SIGNED_OUT,
    "AdminUserGlobalSignOut": SIGNED_OUT,
    "RevokeToken": SIGNED_OUT,
    "DeleteUser": "user deleted",
    "AdminDeleteUser": "user deleted",
    "DeleteUserPoolClient": "app client deleted",
    "DeleteUserPool": "pool deleted",
}
# With the session of a sign-in these are steps of it; with an access token they aren't.
AFTER_IN_SESSION = {
    "AssociateSoftwareToken": "MFA_SETUP, secret given",
    "VerifySoftwareToken": "MFA_SETUP, code verified",
}


class Step(NamedTuple):
    """One call: who made it, about whom, its outcome, and the state before and after. Sessions are
    numbered from 1 in the order they came.
    """

    number: int
    operation: str
    who: str
    about: str
    outcome: str
    well: bool
    before: str
    after: str
    session_sent: int
    session_given: int


def steps(calls: Sequence[Exchange]) -> list[Step]:
    """The learner's calls, oldest first, each with what it changed."""
    found: list[Step] = []
    sessions: dict[str, int] = {"": 0}
    state = START
    for call in calls:
        if call.number is None:
            continue
        before, state = state, _state(call, state)
        sent, given = (
            sessions.setdefault(mark, len(sessions))
            for mark in (call.session_sent, call.session_given)
        )
        well = call.status is not None and not call.error
        who = "server" if call.signed else "app"
        found.append(
            Step(
                call.number,
                call.operation,
                who,
                name_in(call.request),
                _outcome(call),
                well,
                before,
                state,
                sent,
                given,
            )
        )
    return found


def _state(call: Exchange, state: str) -> str:
    answer = call.answer
    if call.status is None or call.error or not isinstance(answer, dict):
        return state
    if answer.get("ChallengeName"):
        return _clean(str(answer["ChallengeName"]))
    if "AuthenticationResult" in answer:
        return SIGNED_IN
    if call.session_sent:
        return AFTER_IN_SESSION.get(call.operation, state)
    if answer.get("UserConfirmed") is True:
        return AFTER["ConfirmSignUp"]
    return AFTER.get(call.operation, state)


def _outcome(call: Exchange) -> str:
    answer = call.answer
    if call.status is None:
        return f"no answer: {call.trouble}"
    if call.error:
        return _clean(call.error, longest=60)
    if not isinstance(answer, dict):
        return "an answer"
    if "AuthenticationResult" in answer:
        return "tokens"
    for name in ("ChallengeName", "UserStatus", "Status"):
        if answer.get(name):
            return _clean(str(answer[name]))
    return _clean(", ".join(name for name in answer if name != "Session"), longest=60) or "done"


def present_state(calls: Sequence[Exchange]) -> str:
    """The state the last call left its user in, in words."""
    return _reached(of_last_user(calls))


def reached(calls: Sequence[Exchange], username: str | None = None) -> str:
    """The state of one user, in words. By default, of the user with the most calls."""
    return _reached(of_user(calls, username))


def _reached(calls: Sequence[Exchange]) -> str:
    taken = steps(calls)
    return taken[-1].after if taken else START


def other_users(calls: Sequence[Exchange], username: str | None = None) -> str:
    """The other users with calls, who aren't in the state diagram, in one sentence; empty if there
    are none.
    """
    rest = others(calls, of_user(calls, username))
    named = ", ".join(f"{_clean(name)} ({calls_of})" for name, calls_of in rest.items())
    return f"Calls of other users, not shown here: {named}." if rest else ""


# As text


def sequence_rows(calls: Sequence[Exchange]) -> list[tuple[str, ...]]:
    """The calls as a table, header first: call and user, who made it, its outcome, which session
    went in and out.
    """
    taken = steps(calls)
    return [
        ("call", "made by", "answer", "session"),
        *((_numbered(step), step.who, _result(step), _sessions(step)) for step in taken),
    ]


def states_rows(calls: Sequence[Exchange], username: str | None = None) -> list[tuple[str, ...]]:
    """The states of one user as a table, header first: each call, and the state it led to, in
    order.
    """
    rows = [
        (_numbered(step), step.before, step.after if step.well else f"error: {step.outcome}")
        for step in _turns(of_user(calls, username))
    ]
    return [("call", "in the state", "led to"), *rows]


def sequence_text(calls: Sequence[Exchange]) -> str:
    """The calls as text."""
    return _table(sequence_rows(calls), present_state(calls))


def states_text(calls: Sequence[Exchange], username: str | None = None) -> str:
    """The states of one user as text."""
    told = _table(states_rows(calls, username), reached(calls, username))
    return "\n".join(filter(None, (told, other_users(calls, username))))


def _turns(calls: Sequence[Exchange]) -> list[Step]:
    """The calls that changed the state, and those that failed."""
    return [step for step in steps(calls) if step.after != step.before or not step.well]


def _numbered(step: Step) -> str:
    return f"{step.number}. {_call(step)}"


def _call(step: Step) -> str:
    return f"{step.operation} ({_clean(step.about)})" if step.about else step.operation


def _result(step: Step) -> str:
    return step.outcome if step.well else f"error: {step.outcome}"


def _sessions(step: Step) -> str:
    return " ".join(
        [f"sends {step.session_sent}"] * bool(step.session_sent)
        + [f"gets {step.session_given}"] * bool(step.session_given)
    )


def _table(rows: list[tuple[str, ...]], here: str) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, f"You are here: {here}."])


# As Mermaid


def sequence_mermaid(calls: Sequence[Exchange]) -> str:
    """A sequence diagram: what your app and your server sent to Cognito, and what came back."""
    taken = steps(calls)
    who = {step.who for step in taken}
    # Cognito is between the two, so that no arrow crosses a lifeline.
    actors = [
        ("app", "Your app"),
        ("cognito", "Amazon Cognito"),
        ("server", "Your server, with IAM credentials"),
    ]
    drawn = ["sequenceDiagram", *_titles("The calls so far", sequence_text(calls))]
    drawn += [
        f"participant {name} as {label}" for name, label in actors if name in who | {"cognito"}
    ]
    for step in taken:
        sent, given = (
            f", session {number}" if number else ""
            for number in (step.session_sent, step.session_given)
        )
        drawn.append(f"{step.who}->>cognito: {_safe(f'{_numbered(step)}{sent}')}")
        drawn.append(
            f"cognito--{'>>' if step.well else 'x'}{step.who}: {_safe(_result(step) + given)}"
        )
    drawn.append(f"Note over cognito: {_safe(f'You are here: {present_state(calls)}')}")
    return "\n".join(drawn)


def states_mermaid(calls: Sequence[Exchange], username: str | None = None) -> str:
    """A state diagram of one user: the states reached, the calls that led there, the errors, and
    the current state marked by text and frame.
    """
    taken = _turns(of_user(calls, username))
    states = list(dict.fromkeys(state for step in taken for state in (step.before, step.after)))
    names = {
        state: "[*]" if state == START else f"s{number}" for number, state in enumerate(states)
    }
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in taken:
        if step.well:
            # A non-breaking space keeps the number with its name.
            arrows.setdefault((step.before, step.after), []).append(
                _safe(f"{step.number}.\u00a0{step.operation}")
            )
    here = reached(calls, username)
    titles = _titles("The states so far", states_text(calls, username))
    drawn = ["stateDiagram-v2", *titles, "direction TB"]
    drawn += [
        f"{names[state]} : {_inside(state, taken, here)}" for state in states if state != START
    ]
    drawn += [
        f"{names[before]} --> {names[after]} : {'<br>'.join(labels)}"
        for (before, after), labels in arrows.items()
    ]
    if here == START:
        drawn.append("s0 : No call has been made yet")
    else:
        drawn += ["classDef here stroke-width:4px,font-weight:bold", f"class {names[here]} here"]
    return "\n".join(drawn)


def _inside(state: str, taken: list[Step], here: str) -> str:
    """The content of a state's box. Errors are listed there by their numbers: as arrows from the
    state to itself they would cover the others.
    """
    errors = [str(step.number) for step in taken if not step.well and step.before == state]
    calls = "call" if len(errors) == 1 else "calls"
    return (
        _safe(state)
        + (f"<br>rejected: {calls} {', '.join(errors)}" if errors else "")
        + ("<br>You are here" if state == here else "")
    )


def _titles(title: str, text: str) -> list[str]:
    """What a screen reader says of a diagram: a name, and the text version."""
    described = "; ".join(" ".join(line.split()) for line in text.splitlines() if line)
    return [f"accTitle: {title}", f"accDescr: {_safe(described)}"]


def _clean(text: str, longest: int = 32) -> str:
    """A name from a user or a server on one line, shortened, without invisible characters."""
    seen = "".join(
        character if not unicodedata.category(character).startswith(("C", "Z")) else " "
        for character in text
    )
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}…"


def _safe(text: str) -> str:
    """Text for a Mermaid label: whatever could have a meaning in Mermaid or HTML, by its number."""
    # One colon is text; two or three are Mermaid syntax.
    return re.sub(
        r":{2,}|[^\w ,.:()…-]",
        lambda found: "".join(f"#{ord(character)};" for character in found[0]),
        text,
    )
