"""What interrupted lessons left behind, to select what should be deleted. Selecting sends nothing:
the cells below make the calls.
"""

from __future__ import annotations

import ipywidgets

from ..errors import LessonError
from ..lab.lab import Lab
from ..lessons.leftovers import KINDS, USER, Found, Leftover, find, still_there
from ..ui.fields import regions_in
from ..ui.markup import escaped, words
from ..ui.progress_bar import Bar
from ..ui.widget import WIDE, Shown

# The length of the bar, since the number of pools isn't known yet. The text beside it counts on.
MANY = 200
NOTHING = {
    True: "Nothing from the tutorial is left there.",
    False: "Nothing from the tutorial was found in the places the lab could read.",
}


class Leftovers(Shown):
    """The pools with the tutorial's tag in some Regions (`us-east-1, eu-west-1`), and what else the
    lab created and hasn't deleted; each with a box, not selected.
    """

    def __init__(self, lab: Lab, regions: str) -> None:
        self._lab, self.regions = lab, regions
        bar = Bar("Looking for what's left", MANY)
        found = find(lab, regions_in(regions), bar.step)
        bar.finish("Checked everything")
        self._boxes = {
            thing: ipywidgets.Checkbox(
                value=False, description=_title(thing), indent=False, layout={"width": WIDE}
            )
            for thing in found.things
        }
        rows = [widget for thing, box in self._boxes.items() for widget in (box, _about(thing))]
        said = [
            *found.notes,
            (
                "Select what to delete. Nothing is sent yet."
                if found.things
                else NOTHING[found.everything]
            ),
        ]
        super().__init__(
            [ipywidgets.HTML(words("<br>".join(map(escaped, said)), role="status")), *rows],
            _text(found, said),
            WIDE,
        )

    def select(self, *ids: str) -> None:
        """Select by ID, without the boxes. Raises `LessonError` for an ID that isn't listed."""
        known = {thing.id: box for thing, box in self._boxes.items()}
        for wanted in ids:
            if wanted not in known:
                raise LessonError(
                    f"“{wanted}” isn't in the list: it has {', '.join(known) or 'nothing'}."
                )
            known[wanted].value = True

    def selected(self, kind: str) -> list[Leftover]:
        """What is selected and still exists, of one kind: pool, protected pool, app client or user.
        The service is asked again, so this is safe to run twice.
        """
        if kind not in KINDS:
            raise LessonError(f"There's no kind “{kind}”: there are {', '.join(KINDS)}.")
        now = [still_there(self._lab, thing) for thing, box in self._boxes.items() if box.value]
        return [thing for thing in now if thing and thing.kind == kind]


def _title(thing: Leftover) -> str:
    """Short enough for a phone, which cuts the label of a box: long text is below it."""
    return f"{thing.kind} {thing.name if thing.kind == USER else thing.id}"


def _about(thing: Leftover) -> ipywidgets.HTML:
    """The text right below a box."""
    return ipywidgets.HTML(words(escaped(_words(thing))), layout={"margin": "0 0 0.5em 2em"})


def _words(thing: Leftover) -> str:
    return f"“{thing.name}”, {thing.about}"


def _text(found: Found, said: list[str]) -> str:
    lines = [f"[ ] {_title(thing)}\n      {_words(thing)}" for thing in found.things]
    how = [f'(Without the boxes: left.select("{found.things[0].id}"))'] if found.things else []
    return "\n".join([*said, *lines, *how])
