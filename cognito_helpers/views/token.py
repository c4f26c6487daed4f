"""The token view: the claims of a token, what it's for, and the checks it passes."""

from __future__ import annotations

import json
from typing import Any

import ipywidgets

from ..explanations.responses import HEADER, TOKEN_USES
from ..lab.lab import Lab
from ..sign_in.tokens import Check, claims_of, header_of, step_by_step, with_claims
from ..text import visible
from ..ui.markup import card, escaped, state, table
from ..ui.widget import FIELD, WHOLE, WIDE, View, button
from .response import Response, Row, show_claims

MARKS = {True: "✓ passed", False: "✗ failed", None: "· not checked"}


class TokenView(View):
    """A token in its parts: its header, its claims, and the checks an application makes. A form
    changes a claim, and shows the effect.

    `use` is the expected kind of token, `access` or `id`. With `checks_only`, it has neither parts
    nor form, and fits on a slide.
    """

    role = "group"

    def __init__(self, lab: Lab, token: str, use: str, checks_only: bool = False) -> None:
        self._lab, self._token, self._use, self._changed = lab, token, use, token
        self._checks_only = checks_only
        self._claim = ipywidgets.Dropdown(
            description="Claim", options=list(_claims(token)), **_FIELD
        )
        self._value = ipywidgets.Text(description="New value", **WHOLE, **_FIELD)
        change, restore = button("Change this claim"), button("Restore the token")
        change.on_click(self.safely(lambda _: self.change(self._claim.value, self._value.value)))
        restore.on_click(self.safely(lambda _: self.restore()))
        super().__init__(
            "",
            again="Check again",
            above=[] if checks_only else [self._claim, self._value],
            buttons=[] if checks_only else [change, restore],
            width=WIDE,
        )
        self.text = self._as_text()

    def change(self, claim: str, value: str) -> None:
        """Change one claim and keep the signature, as a forger would; a value that is JSON, such as
        a number, is read as JSON.
        """
        self._changed = (
            with_claims(self._changed, **{claim: _read(value)}) if claim else self._changed
        )
        self.look()

    def restore(self) -> None:
        """Undo every change."""
        self._changed = self._token
        self.look()

    def checks(self) -> list[Check]:
        """The checks of the current token, and their results."""
        lab = self._lab
        return step_by_step(
            self._changed,
            lab.jwks(),
            use=self._use,
            issuer=lab.issuer,
            client_id=lab.client_id,
            now=lab.now(),
        )

    def markup(self) -> str:
        """The current token."""
        asked = [
            (escaped(check.question), _marked(check.passed), escaped(check.answer))
            for check in self.checks()
        ]
        valid = all(check.passed for check in self.checks())
        verdict = f"{'✓' if valid else '✗'} {escaped(self._verdict())}"
        questions = table(("check", "result", "details"), asked)
        said = card(verdict, f"{escaped(self._purpose())}{questions}", "good" if valid else "bad")
        if self._checks_only:
            return said
        header = self._header().markup()
        claims = show_claims(_claims(self._changed)).markup()
        return f"{said}{header}{claims}"

    def _as_text(self) -> str:
        numbered = [
            f"{number}. {check.question} {MARKS[check.passed]}: {check.answer}"
            for number, check in enumerate(self.checks(), start=1)
        ]
        parts = [repr(self._header()), repr(show_claims(_claims(self._changed))), ""]
        return "\n".join(
            [
                f"{self._verdict()} {self._purpose()}",
                "",
                *([] if self._checks_only else parts),
                *numbered,
            ]
        )

    def _verdict(self) -> str:
        return (
            "Valid."
            if all(check.passed for check in self.checks())
            else "Invalid: don't trust anything in it."
        )

    def _purpose(self) -> str:
        return TOKEN_USES.get(str(_claims(self._changed).get("token_use")), "")

    def _header(self) -> Response:
        import jwt

        try:
            header = header_of(self._changed)
        except jwt.InvalidTokenError:
            header = {}
        return Response(
            [
                Row(0, visible(name), visible(value), HEADER.get(name, ""))
                for name, value in header.items()
            ],
            of="header",
        )


def _marked(passed: bool | None) -> str:
    return MARKS[passed] if passed is None else state("good" if passed else "bad", MARKS[passed])


_FIELD: dict[str, Any] = {"style": {"description_width": "6em"}, "layout": {"width": FIELD}}


def _claims(token: str) -> dict[str, Any]:
    """A token's content; nothing if it can't be read."""
    import jwt

    try:
        return claims_of(token)
    except jwt.InvalidTokenError:
        return {}


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
