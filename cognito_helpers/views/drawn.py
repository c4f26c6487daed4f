"""The objects that draw themselves at the end of a cell: `lab.phone`, `lab.inbox`, `lab.passkeys`
and `lab.requests`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..calls.recorder import Recorder
from ..lab.inbox import Inbox
from ..lab.phone import LearnerPhone, PhoneOf
from ..sign_in.passkey_device import PasskeyDevice
from ..ui.widget import Shown, in_a_row
from .inbox import InboxView
from .passkeys import PasskeysView
from .phone import PhoneView
from .requests import RequestsView

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

# The rooms of these know nothing of widgets, so IPython is told how to draw them.
_VIEWS: dict[type, Callable[[Any], Shown]] = {
    LearnerPhone: PhoneView,
    PhoneOf: lambda phone: PhoneView(phone.phone, phone.username),
    Inbox: InboxView,
    PasskeyDevice: PasskeysView,
    Recorder: RequestsView,
}


def draw_them(shell: InteractiveShell) -> None:
    """Tell IPython how to draw each of them."""
    formatter = shell.display_formatter.mimebundle_formatter  # type: ignore[union-attr]
    for kind, view in _VIEWS.items():
        formatter.for_type(kind, lambda thing, view=view: view(thing)._repr_mimebundle_())


def side_by_side(*things: Any) -> Shown:
    """Show several views beside each other, below each other if the page is narrow."""
    views = [_view_of(thing) for thing in things]
    for view in views:
        view.layout.width = "min(100%, 20em)"
    return Shown([in_a_row(*views)], "\n".join(view.text for view in views))


def _view_of(thing: Any) -> Shown:
    return thing if isinstance(thing, Shown) else _VIEWS[type(thing)](thing)
