"""Which check of the emulator rejected a call: the checks before it, its source, and the fact it's
based on.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..challenge_lab.checks import Check, Rejection
from ..ui.markup import breakable, card, escaped, state, table, words
from ..ui.stylesheet import styled

AT_AWS = "Only the emulator can show the check. AWS returns the error and keeps its code to itself."
# Marks have a text too, for readers who don't see them.
PASSED, FAILED = '<span aria-label="passed">✓</span>', '<span aria-label="rejected">✗</span>'


class CheckView:
    """Why the emulator rejected a call. A notebook shows it as a card, and its repr is the same as
    text.
    """

    def __init__(self, rejection: Rejection | None) -> None:
        self.rejection = rejection

    def __repr__(self) -> str:
        found = self.rejection
        if found is None:
            return AT_AWS
        way = "".join(f"{step} ✓  " for step in found.steps)
        marked = "\n".join(
            f"{'→' if line.marked else ' '} {line.number or '':4} {line.text}".rstrip()
            for line in found.lines
        )
        lines = [
            f"{way}{found.failed.about} ✗",
            _where(found),
            *([f"{found.documented}: {found.docstring}"] if found.docstring else []),
            marked,
            *([f"Values: {_values(found)}"] if found.values else []),
            _rests_on(found),
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return styled(self.markup())

    def markup(self) -> str:
        """The card, for a view that has the stylesheet."""
        found = self.rejection
        if found is None:
            return words(escaped(AT_AWS))
        steps = [f"<li>{escaped(step)} {PASSED}</li>" for step in found.steps]
        steps.append(f'<li class="cognito-failed">{_failed(found)}</li>')
        parts = [
            words("The checks, in order, up to the one that rejected it:"),
            f'<ol class="cognito-steps">{"".join(steps)}</ol>',
            words(_in_html(found)),
            _source(found),
            *([words(f"Values: {_values(found, _code)}")] if found.values else []),
            words(escaped(_rests_on(found))),
            _all_checks(found),
        ]
        shown = card("The check that rejected it, in the emulator's code", "".join(parts))
        return f'<div class="cognito-check cognito-fit">{shown}</div>'


def _failed(found: Rejection) -> str:
    return f"{state('bad', found.failed.about)} {FAILED} {escaped(found.failed.error)}"


def _where(found: Rejection) -> str:
    return f"{found.failed.function}, in local_cognito/{found.failed.module}.py, line {found.line}"


def _in_html(found: Rejection) -> str:
    way = " › ".join(f"<code>{escaped(name)}</code>" for name in found.through)
    docstring = "<br>".join(escaped(part) for part in found.docstring.split("\n"))
    told = f"<br><code>{escaped(found.documented)}</code>: {docstring}" if docstring else ""
    file = f"<code>local_cognito/{escaped(found.failed.module)}.py</code>"
    called = f" Called through {way}." if len(found.through) > 1 else ""
    return (
        f"The function is <code>{escaped(found.failed.function)}</code> in {file}, line"
        f" {found.line}.{called}{told}"
    )


def _source(found: Rejection) -> str:
    lines = []
    for line in found.lines:
        mark, kind = ("→", ' class="cognito-marked"') if line.marked else (" ", "")
        text = f"{mark} {line.number or '':>4}  {_breakable(line.text)}"
        lines.append(f"<code{kind}>{text}</code>")
    label = f"Source of {found.failed.function}, with the deciding lines marked by an arrow"
    return (
        f'<pre class="cognito-source" role="region" tabindex="0" aria-label="{escaped(label)}">'
        f"{''.join(lines)}</pre>"
    )


def _values(found: Rejection, code: Callable[[str], str] = str) -> str:
    return ", ".join(f"{code(name)} is {code(value)}" for name, value in found.values)


def _rests_on(found: Rejection) -> str:
    if found.row:
        text = found.row.text.replace("`", "").replace("**", "")
        return f"Based on BEHAVIOR.md {found.row.section} ({found.row.sure}): {text}"
    sections = ", ".join(found.sections)
    return f"Based on BEHAVIOR.md, {sections}." if sections else ""


def _all_checks(found: Rejection) -> str:
    rows = [
        (_mark(one), _named(one), _code(one.condition), escaped(one.error)) for one in found.checks
    ]
    counted = f"All {len(rows)} conditions, in order" if len(rows) > 1 else "The condition"
    listed = table(("", "check", "rejects if", "with"), rows)
    return f"<details><summary>{counted}</summary>{listed}</details>"


def _mark(check: Check) -> str:
    return PASSED if check.passed else FAILED


def _named(check: Check) -> str:
    function = f"{check.module}.{check.function}"
    return f"{escaped(check.about)}<br><small>{escaped(function)}</small>"


def _code(text: str) -> str:
    return f"<code>{_breakable(text)}</code>"


def _breakable(text: str) -> str:
    """Code whose long names may break between their words."""
    return "".join(breakable(part) for part in re.split(r"(\w+)", text))
