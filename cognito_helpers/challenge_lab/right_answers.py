"""The right answers to challenges, for sign-ins that the lab makes itself."""

from __future__ import annotations

import json

from ..errors import LessonError
from ..tutorial_pool.settings import random_password
from .conditions import PasskeyIs, SentCodeIs
from .demo_users import User
from .records import CUSTOM_CHALLENGE, Session
from .tools import Tools

# What the functions of the practice pool take for right.
CUSTOM_ANSWER = "42"
# A page on another domain than the relying party's.
OTHER_PAGE = "https://example.org"
BY_EMAIL = "EMAIL_OTP"
SENT_CODES = ("EMAIL_OTP", "SMS_OTP", "SMS_MFA")


class RightAnswers:
    """Codes that were sent, signatures of passkeys, and what else a challenge asks for."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def to(self, session: Session) -> dict[str, str]:
        """The responses to the challenge of a session, without the name."""
        user, stage = session.user, session.stage
        if stage in SENT_CODES:
            return {f"{stage}_CODE": self.sent_code(user, stage, SentCodeIs.RIGHT)}
        if stage == "SOFTWARE_TOKEN_MFA":
            return {"SOFTWARE_TOKEN_MFA_CODE": self._tools.codes.fresh(user)}
        if stage == "NEW_PASSWORD_REQUIRED":
            return {"NEW_PASSWORD": random_password()}
        if stage == "SELECT_CHALLENGE":
            return {"ANSWER": "PASSWORD", "PASSWORD": user.password}
        if stage == "SELECT_MFA_TYPE":
            return {"ANSWER": json.loads(session.told["MFAS_CAN_CHOOSE"])[0]}
        if stage == "WEB_AUTHN":
            return {"CREDENTIAL": self.signature(session, PasskeyIs.RIGHT)}
        return {"ANSWER": CUSTOM_ANSWER} if stage == CUSTOM_CHALLENGE else {}

    def sent_code(self, user: User, challenge: str, which: SentCodeIs) -> str:
        """A code that was sent to a user for a challenge."""
        if which == SentCodeIs.MALFORMED:
            return "12 456"
        lab = self._tools.lab
        by_email = challenge == BY_EMAIL
        if which == SentCodeIs.WRONG:
            # At AWS no one is asked for the right one.
            sent = (
                lab.inbox.of(user.username).messages if by_email else lab.phone.texts(user.username)
            )
            right = sent[-1].code if sent else "123456"
            return "0" * len(right) if right.strip("0") else "1" * len(right)
        return (lab.inbox.code if by_email else lab.phone.text_code)(user.username)

    def signature(self, session: Session, which: PasskeyIs) -> str:
        """What the learner's passkey signs for a session's challenge."""
        if which == PasskeyIs.MALFORMED:
            return "{}"
        told = session.told.get("CREDENTIAL_REQUEST_OPTIONS")
        if told is None:
            raise LessonError("No passkey is asked for: begin a sign-in that asks for one.")
        options = json.loads(told)
        if which == PasskeyIs.OTHER_CHALLENGE:
            options["challenge"] = "AAAA"
        page = OTHER_PAGE if which == PasskeyIs.OTHER_PAGE else None
        return self._tools.lab.passkeys.sign(options, origin=page)
