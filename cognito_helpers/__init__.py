"""Helpers for the Amazon Cognito sign-in tutorial: what the notebooks import, and nothing else.

They draw, ask, hide and compute. The call that a lesson is about is never in here.
"""

from . import python_check  # noqa: F401, I001 - first, since the others need what it looks for
from .actions import CognitoIdentityProviderWrapper
from .lessons.second_user import another_user
from .sign_in.authenticator import authenticator_link, key_groups
from .sign_in.device import DeviceProof, new_device
from .lessons.prerequisites import whole_flow
from .lessons.pool_inspection import examine, use_pool
from .exercises.checks import check
from .sign_in.next_step import next_step
from .lessons.opening import backend_field, open_lab
from .exercises.cases import open_story
from .sign_in.tokens import claims_of, header_of, verify, with_claims
from .tutorial_pool.settings import TAGS
from .tutorial_pool.iam_policy import iam_policy
from .views.response import attempt, refused, show, show_claims
from .views.playground import ChallengeLab
from .views.diagrams import sequence_diagram, state_diagram
from .ui.form import ask
from .ui.fields import (
    code_field,
    e_mail_field,
    id_field,
    name_field,
    password_field,
    regions_field,
    user_name_field,
    yes_no_field,
)
from .views.inbox import InboxView
from .views.leftovers import Leftovers
from .views.outcome_card import OutcomeCard
from .views.phone import PhoneView
from .views.qr_code import QrCode
from .ui.widget import side_by_side
from .views.published_examples import SixPrograms
from .views.case_form import CauseForm
from .views.token import TokenView
from .views.requests import RequestsView

__all__ = [
    "TAGS",
    "CauseForm",
    "ChallengeLab",
    "CognitoIdentityProviderWrapper",
    "DeviceProof",
    "InboxView",
    "Leftovers",
    "OutcomeCard",
    "PhoneView",
    "QrCode",
    "RequestsView",
    "SixPrograms",
    "TokenView",
    "another_user",
    "ask",
    "attempt",
    "authenticator_link",
    "backend_field",
    "check",
    "claims_of",
    "code_field",
    "e_mail_field",
    "examine",
    "header_of",
    "iam_policy",
    "id_field",
    "key_groups",
    "name_field",
    "new_device",
    "next_step",
    "open_lab",
    "open_story",
    "password_field",
    "refused",
    "regions_field",
    "sequence_diagram",
    "show",
    "show_claims",
    "side_by_side",
    "state_diagram",
    "use_pool",
    "user_name_field",
    "verify",
    "whole_flow",
    "with_claims",
    "yes_no_field",
]
