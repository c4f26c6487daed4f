"""Helpers for the Amazon Cognito sign-in tutorial: the names notebooks import.

They draw, ask, hide and compute. The call a lesson is about is never in here. Each name is loaded
when it's first used, so the emulator and the other rooms can be imported without the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import python_check

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .actions import CognitoIdentityProviderWrapper
    from .exercises.cases import open_case
    from .exercises.checks import check
    from .exercises.practice_pool import practice_pool
    from .lessons.opening import open_lab
    from .lessons.pool_inspection import examine, use_pool
    from .lessons.second_user import second_user
    from .lessons.web_app_server import serve_web_app
    from .sign_in.authenticator import authenticator_link, key_groups
    from .sign_in.device import DeviceProof, new_device
    from .sign_in.tokens import with_claims
    from .tutorial_pool.settings import TAGS
    from .ui import fields
    from .ui.form import ask
    from .views.case_form import CauseForm
    from .views.diagrams import sequence_diagram, state_diagram
    from .views.drawn import side_by_side
    from .views.leftovers import Leftovers
    from .views.outcome_card import OutcomeCard
    from .views.playground import Playground
    from .views.qr_code import QrCode
    from .views.response import attempt, show
    from .views.source import Source
    from .views.token import TokenView

# The module of each name, as in the imports above, which only type checkers follow.
_MODULES = {
    "TAGS": "tutorial_pool.settings",
    "CauseForm": "views.case_form",
    "Playground": "views.playground",
    "CognitoIdentityProviderWrapper": "actions",
    "DeviceProof": "sign_in.device",
    "Leftovers": "views.leftovers",
    "OutcomeCard": "views.outcome_card",
    "QrCode": "views.qr_code",
    "Source": "views.source",
    "TokenView": "views.token",
    "second_user": "lessons.second_user",
    "serve_web_app": "lessons.web_app_server",
    "ask": "ui.form",
    "attempt": "views.response",
    "authenticator_link": "sign_in.authenticator",
    "check": "exercises.checks",
    "examine": "lessons.pool_inspection",
    "fields": "ui",
    "key_groups": "sign_in.authenticator",
    "new_device": "sign_in.device",
    "open_lab": "lessons.opening",
    "open_case": "exercises.cases",
    "practice_pool": "exercises.practice_pool",
    "sequence_diagram": "views.diagrams",
    "show": "views.response",
    "side_by_side": "views.drawn",
    "state_diagram": "views.diagrams",
    "use_pool": "lessons.pool_inspection",
    "with_claims": "sign_in.tokens",
}

__all__ = [
    "TAGS",
    "CauseForm",
    "CognitoIdentityProviderWrapper",
    "DeviceProof",
    "Leftovers",
    "OutcomeCard",
    "Playground",
    "QrCode",
    "Source",
    "TokenView",
    "ask",
    "attempt",
    "authenticator_link",
    "check",
    "examine",
    "fields",
    "key_groups",
    "new_device",
    "open_case",
    "open_lab",
    "practice_pool",
    "second_user",
    "sequence_diagram",
    "serve_web_app",
    "show",
    "side_by_side",
    "state_diagram",
    "use_pool",
    "with_claims",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    python_check.require_packages()
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value  # The next access doesn't come here.
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Load what lessons import, and explain errors in a sentence.

    IPython calls this when a kernel starts, so that a lesson's first cell doesn't have to wait.
    """
    for name in __all__:
        __getattr__(name)
    extension = import_module(".explanations.ipython_extension", __name__)
    frame = import_module(".views.error_frame", __name__).ErrorFrame
    extension.load_ipython_extension(shell, __all__, frame)
    import_module(".views.drawn", __name__).draw_them(shell)
