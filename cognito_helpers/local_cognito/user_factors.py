"""Which factors a user can sign in with: first factors in USER_AUTH, and second factors.
BEHAVIOR.md, 1.8, 11.1, 11.9 and 11.10.
"""

from __future__ import annotations

from . import passkeys
from .challenges.names import (
    EMAIL_OTP,
    PASSWORD,
    PASSWORD_SRP,
    SMS_MFA,
    SMS_OTP,
    SOFTWARE_TOKEN_MFA,
    WEB_AUTHN,
)
from .pools import Pool
from .storage.store import Transaction
from .users import User, attributes_of

# The attribute a factor needs; an authenticator app needs none
ADDRESSES = {SMS_MFA: "phone_number", SMS_OTP: "phone_number", EMAIL_OTP: "email"}


def first(tx: Transaction, pool: Pool, user: User) -> list[str]:
    """The first factors a user can choose from in USER_AUTH, by their challenges. BEHAVIOR.md, 11.1
    and 11.3.

    A user with a second factor, or one who must change the password, has only the password, and a
    passkey if it counts as MFA. A user who isn't confirmed has only the codes, which confirm
    (BEHAVIOR.md, 11.23).
    """
    allowed, known = pool.first_factors, attributes_of(tx, user)
    password = PASSWORD in allowed and user.has_password
    passwords = [PASSWORD_SRP, PASSWORD] if password else []
    codes = [
        name for name in (EMAIL_OTP, SMS_OTP) if name in allowed and known.get(ADDRESSES[name])
    ]
    if user.status == "UNCONFIRMED":
        return codes if pool.mfa != "ON" else []
    if user.status != "CONFIRMED":
        return passwords
    has_passkey = WEB_AUTHN in allowed and bool(passkeys.usable(tx, pool, user))
    if pool.mfa == "ON":
        return passwords + [WEB_AUTHN] * (has_passkey and pool.passkey_is_mfa)
    if second(tx, pool, user):
        is_mfa = pool.passkey_is_mfa and user.passkey_is_mfa
        return passwords + [WEB_AUTHN] * (has_passkey and is_mfa)
    return passwords + codes + [WEB_AUTHN] * has_passkey


def second(tx: Transaction, pool: Pool, user: User) -> list[str]:
    """The second factors to choose from: one if it's the only one or preferred, none if the user
    has none or needs none.

    An authenticator app counts even if the pool no longer offers apps, and in a pool with MFA ON
    even if the user hasn't turned it on. Rules about account recovery aren't followed: what AWS's
    page says of them was never seen (BEHAVIOR.md, 11.22).
    """
    if pool.mfa == "OFF":
        return []
    known = attributes_of(tx, user)
    usable = [name for name in pool.second_factors if known.get(ADDRESSES.get(name, ""))]
    if user.totp_secret is not None:
        usable.append(SOFTWARE_TOKEN_MFA)
    listed = [name for name in usable if name in user.factors]
    if pool.mfa == "OPTIONAL":
        usable = listed
    elif listed:
        usable = [name for name in usable if name in (*listed, SOFTWARE_TOKEN_MFA)]
    preferred = user.preferred_factor
    return [preferred] if preferred in usable else usable


def turn_on(tx: Transaction, pool: Pool, user: User, factor: str) -> None:
    """Turn on the factor of a user who passed it because the pool requires MFA. BEHAVIOR.md,
    11.9.
    """
    if pool.mfa == "ON" and not user.factors and user.totp_secret is None:
        tx.run(
            "UPDATE users SET mfa_factors = ?, mfa_automatic = ? WHERE id = ?",
            factor,
            factor,
            user.id,
        )
