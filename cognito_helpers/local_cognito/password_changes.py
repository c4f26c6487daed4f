"""Changing a password: a forgotten one, one's own, and, for an administrator, anyone's.
BEHAVIOR.md, sections 3 and 8, 10.2 and 10.7.

No token is revoked by it: signing out everywhere is a separate call.
"""

from __future__ import annotations

from . import outbox, passwords, rate_limits, tokens
from .challenges.names import EMAIL_OTP
from .clients import client_and_pool
from .errors import (
    CodeMismatchException,
    InvalidParameterException,
    NotAuthorizedException,
    UserNotFoundException,
)
from .pools import Pool, find_pool
from .sessions import end_sessions
from .storage.store import Transaction
from .triggers import sign_up as triggers
from .triggers.invoke import Occasion
from .types import Request, Response
from .users import User, attributes_of, find_user, named_user

# Why a code goes out.
FORGOTTEN = "ForgotPassword"
NO_SUCH_USER = "Username/client id combination not found."
NO_ADDRESS = (
    "Cannot reset password for the user as there is no registered/verified email or phone_number"
)


def forgot_password(tx: Transaction, request: Request) -> Response:
    """ForgotPassword: the CodeDeliveryDetails of a code that is valid for an hour.

    A client that hides who exists gets a response as if a code were sent if no user is found, if
    the user is disabled and if there is no address to send it to. Source: the developer guide's
    page on user existence errors; the errors were observed by users.
    """
    client, pool = client_and_pool(tx, request)
    client.check_secret_hash(request["Username"], request.get("SecretHash"))
    user = find_user(tx, pool, request["Username"])
    address = _verified_address(tx, pool, user) if user else None
    if client.hides_unknown_users and (user is None or not user.enabled or address is None):
        return {"CodeDeliveryDetails": outbox.simulated_delivery(pool, request["Username"])}
    if user is None:
        raise UserNotFoundException(NO_SUCH_USER)
    _reject_who_cannot_reset(user)
    if address is None:
        raise InvalidParameterException(NO_ADDRESS)
    rate_limits.count(tx, user, "ForgotPassword")
    occasion = Occasion(FORGOTTEN, client.id, request.get("ClientMetadata"))
    return {"CodeDeliveryDetails": _send_code(tx, pool, user, address, occasion)}


def confirm_forgot_password(tx: Transaction, request: Request) -> Response:
    """ConfirmForgotPassword: `{}`; afterwards the new password is valid, the old one isn't, and the
    code is used up.

    It also makes an unconfirmed user CONFIRMED: the code has shown whose address it is.
    """
    client, pool = client_and_pool(tx, request)
    client.check_secret_hash(request["Username"], request.get("SecretHash"))
    user = find_user(tx, pool, request["Username"])
    if client.hides_unknown_users and (user is None or not user.enabled):
        raise CodeMismatchException
    if user is None:
        raise UserNotFoundException(NO_SUCH_USER)
    _reject_who_cannot_reset(user)
    rate_limits.count(tx, user, "ForgotPassword")
    outbox.use_code(tx, user, request["ConfirmationCode"], outbox.FORGOT_PASSWORD)
    passwords.check_policy(pool.password_policy, request["Password"], passwords.DOES_NOT_CONFORM)

    passwords.set_password(tx, user, request["Password"], status="CONFIRMED")
    occasion = Occasion(triggers.RESET, client.id, request.get("ClientMetadata"))
    triggers.post_confirmation(tx, pool, occasion, user)
    return {}


def change_password(tx: Transaction, request: Request) -> Response:
    """ChangePassword: `{}`; the access token's user has another password, and still the same
    authenticator app. A user without a password gets a first one (BEHAVIOR.md, 11.4).
    """
    user = tokens.bearer(tx, request["AccessToken"])
    rate_limits.count(tx, user, "ChangePassword")
    if "PreviousPassword" not in request and user.has_password:
        raise InvalidParameterException(
            "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint:"
            " Member must not be null"
        )
    if user.has_password:
        passwords.check(tx, user, request["PreviousPassword"])
    passwords.check_policy(find_pool(tx, user.pool_id).password_policy, request["ProposedPassword"])

    passwords.set_password(tx, user, request["ProposedPassword"], status="CONFIRMED")
    return {}


def admin_set_user_password(tx: Transaction, request: Request) -> Response:
    """AdminSetUserPassword: `{}`; the user has the password, permanently if `Permanent` is true,
    otherwise until it's changed at the next sign-in.
    """
    pool, user = named_user(tx, request)
    passwords.check_policy(pool.password_policy, request["Password"])

    if request.get("Permanent"):
        passwords.set_password(tx, user, request["Password"], status="CONFIRMED")
    else:
        passwords.set_password(
            tx,
            user,
            request["Password"],
            status="FORCE_CHANGE_PASSWORD",
            temporary_until=tx.now + pool.temporary_password_seconds,
        )
    return {}


def admin_reset_user_password(tx: Transaction, request: Request) -> Response:
    """AdminResetUserPassword: `{}`; the user gets a code by email and can't sign in until they've
    chosen a new password with it by ConfirmForgotPassword.
    """
    pool, user = named_user(tx, request)
    _reject_who_cannot_reset(user)
    address = _verified_address(tx, pool, user)
    if address is None:
        raise InvalidParameterException(NO_ADDRESS)
    tx.run("UPDATE users SET status = 'RESET_REQUIRED', modified = ? WHERE id = ?", tx.now, user.id)
    end_sessions(tx, user)
    occasion = Occasion(FORGOTTEN, metadata=request.get("ClientMetadata"))
    _send_code(tx, pool, user, address, occasion)
    return {}


def _send_code(
    tx: Transaction, pool: Pool, user: User, address: str, occasion: Occasion
) -> dict[str, str]:
    return outbox.send_code(tx, pool, user, address, occasion, outbox.FORGOT_PASSWORD, outbox.HOUR)


def _verified_address(tx: Transaction, pool: Pool, user: User) -> str | None:
    """Where a code may be sent: by email, unless that's the user's second factor. Then the same
    mailbox would be both factors (BEHAVIOR.md, 11.10).
    """
    if EMAIL_OTP in user.factors:
        return None
    attributes = attributes_of(tx, user)
    return (
        attributes.get("email")
        if pool.recovers_by_email and attributes.get("email_verified") == "true"
        else None
    )


def _reject_who_cannot_reset(user: User) -> None:
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if user.status == "FORCE_CHANGE_PASSWORD":
        raise NotAuthorizedException("User password cannot be reset in the current state.")
