"""The ten cases, by their titles, in the order of the lesson."""

from __future__ import annotations

from .case import Case
from .case_rows import device_cases, mfa_cases, session_cases, user_cases

CASES: dict[str, Case] = {
    "it works for one user and not another": user_cases.ONE_USER,
    "it fails only for slow users": session_cases.SLOW_USERS,
    "it worked with the other client": user_cases.OTHER_CLIENT,
    "everyone is signed out after an hour": device_cases.SIGNED_OUT,
    "no one is asked for a code": mfa_cases.NOT_ASKED,
    "the device is never remembered": device_cases.NEVER_REMEMBERED,
    "the preference can't be set": mfa_cases.PREFERENCE,
    "no code since the deployment": mfa_cases.SWITCHED_OFF,
    "the first sign-in fails": session_cases.FIRST_SIGN_IN,
    "no code sets up the app": session_cases.LAST_STEP,
}
