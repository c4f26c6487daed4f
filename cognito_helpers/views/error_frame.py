"""An error in the frame of all errors, expected or not."""

from __future__ import annotations

from botocore.exceptions import ClientError

from ..explanations.service_errors import explained
from ..text import wrapped
from ..ui.markup import escaped
from ..ui.stylesheet import styled
from .response import ErrorResponse


class ErrorFrame:
    """The words for an error that ended a cell. Its repr is the text, wrapped. An error of the
    service looks like it does after `attempt()`, with what there is to say beyond its explanation;
    anything else is its sentence.
    """

    def __init__(self, text: str, error: ClientError | None, more: list[str]) -> None:
        self._text, self._error, self._more = text, error, more

    def __repr__(self) -> str:
        return wrapped(self._text)

    def _repr_html_(self) -> str:
        if self._error is not None:
            return ErrorResponse(explained(self._error), "Error", self._more)._repr_html_()
        lines = "<br>".join(map(escaped, self._text.splitlines()))
        return styled(
            f'<div class="cognito-card cognito-warn"><div class="cognito-body">{lines}</div></div>'
        )
