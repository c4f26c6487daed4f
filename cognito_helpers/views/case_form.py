"""The form for the cause of a case: a choice and a button. It checks the choice, and sends no
request.
"""

from __future__ import annotations

import ipywidgets

from ..exercises.cases import OpenCase
from ..ui.markup import escaped, words
from ..ui.widget import Shown, button

# ipywidgets gives each choice the height of one line, and the circle comes after the words: a
# choice of two lines would be drawn over the next.
_GROWS = (
    "<style>.cognito-causes label:has(input) { height: auto; display: flex; flex-direction:"
    " row-reverse; justify-content: flex-end }</style>"
)


class CauseForm(Shown):
    """The possible causes of a case: choose one and press the button, or do the same from code with
    `case.diagnose(2)`.
    """

    def __init__(self, case: OpenCase) -> None:
        self._case = case
        options = [
            (f"{number}. {cause}", number) for number, cause in enumerate(case.causes, start=1)
        ]
        self._choice = ipywidgets.RadioButtons(
            options=options,
            value=None,
            description="The cause",
            layout={"width": "100%"},
            style={"description_width": "6em"},
        )
        self._choice.add_class("cognito-causes")
        self._said = ipywidgets.HTML(
            words(
                "Examine the case with calls of your own first. Then choose, and press the button.",
                role="status",
            )
        )
        self._button = button("This is the cause")
        self._button.on_click(self.safely(lambda _: self.submit()))
        listed = [f"  {text}" for text, _ in options]
        super().__init__(
            [ipywidgets.HTML(_GROWS), self._choice, self._button, self._said],
            "\n".join(["What is the cause? (Without the form: case.diagnose(1))", *listed]),
            "100%",
        )

    def submit(self) -> None:
        """Do what the button does: check the chosen cause."""
        if self._choice.value is None:
            said = "Choose one of the causes first."
        else:
            said = str(self._case.diagnose(self._choice.value))
        self._said.value = words("<br>".join(map(escaped, said.split("\n"))), role="status")
