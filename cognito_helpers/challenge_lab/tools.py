"""The tools to prepare test data, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .app_clients import AppClients
from .app_codes import AppCodes
from .demo_users import Users
from .history import History
from .setup_calls import SetupCalls

if TYPE_CHECKING:
    from ..lab.lab import Lab


@dataclass(frozen=True)
class Tools:
    """A lab's setup calls, users, app clients and authenticator codes, and the history of its
    calls.
    """

    lab: Lab
    calls: SetupCalls
    users: Users
    clients: AppClients
    codes: AppCodes
    history: History


def tools_for(lab: Lab) -> Tools:
    """Create the tools of a lab."""
    calls, users = SetupCalls(lab), Users(lab)
    clients = AppClients(lab, calls)
    history = History(lab, users, clients.validity)
    return Tools(lab, calls, users, clients, AppCodes(lab, calls), history)
