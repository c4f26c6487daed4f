"""A case on the page: the question, the application's calls, and a form for the cause. The form
checks the choice and sends no request.
"""

from __future__ import annotations

import ipywidgets

from ..exercises.cases import OpenCase
from ..ui.markup import card, escaped, words
from ..ui.widget import Shown, button


class CauseForm(Shown):
    """A case and its possible causes: choose one and press the button, or call `case.diagnose(2)`
    in a cell.
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
                "Investigate with calls of your own first. Then choose a cause.",
                role="status",
            )
        )
        self._button = button("Check my answer", main=True)
        self._button.on_click(self.safely(lambda _: self.submit()))
        listed = [f"  {text}" for text, _ in options]
        told = [ipywidgets.HTML(_question(case))]
        super().__init__(
            [*told, self._choice, self._button, self._said],
            "\n".join([repr(case), "", "What's the cause? In code: case.diagnose(1)", *listed]),
            "100%",
            look="cognito-form",
        )

    def submit(self) -> None:
        """Do what the button does: check the chosen cause."""
        if self._choice.value is None:
            said = "Choose a cause first."
        else:
            said = str(self._case.diagnose(self._choice.value))
        self._said.value = words("<br>".join(map(escaped, said.split("\n"))), role="status")


def _question(case: OpenCase) -> str:
    calls = "".join(f"<li>{escaped(line.partition('. ')[2])}</li>" for line in case.log)
    body = f"{words(escaped(case.told))}The application's calls:<ol>{calls}</ol>"
    return card("A question for the support desk", body)
