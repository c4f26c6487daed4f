"""The catalogue: everything that Cognito is known to answer in this flow, with what it teaches, a
hint, and a recipe that gets there.

Only what is documented, or was seen at AWS, is in it. Each is recognised from a call on the wire:
by the exception and what its message says, or by what came back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..calls.recorder import Exchange
from ..explanations.service_errors import key_of

Body = dict[str, Any]


@dataclass(frozen=True)
class Recipe:
    """An experiment that gets there: an operation, what is chosen, and how often it is sent at
    most.
    """

    operation: str
    choices: dict[str, str] = field(default_factory=dict)
    times: int = 1


@dataclass(frozen=True)
class Outcome:
    """One thing that Cognito may answer.

    `error` is the key of an error in the table, empty if it isn't one. `gave` checks a request and
    its response, both without secrets. `calls` are the operations that can bring it, any if none is
    named.
    """

    name: str
    group: str
    teaches: str
    hint: str
    recipe: Recipe
    error: str = ""
    gave: Callable[[Body, Body], bool] | None = None
    calls: tuple[str, ...] = ()

    def fits(self, exchange: Exchange) -> bool:
        """Is this what came of that call?"""
        request, answer = exchange.request, exchange.answer
        if exchange.status is None or not isinstance(request, dict):
            return False
        if self.calls and exchange.operation not in self.calls:
            return False
        if self.error or exchange.refusal:
            return key_of(exchange.refusal, exchange.message) == self.error != ""
        # An operation without an output answers with nothing at all.
        return self.gave is None or self.gave(request, answer if isinstance(answer, dict) else {})


def _asks(challenge: str) -> Callable[[Body, Body], bool]:
    return lambda _, answer: answer.get("ChallengeName") == challenge


def _tokens_for(challenge: str) -> Callable[[Body, Body], bool]:
    return lambda request, answer: (
        request.get("ChallengeName") == challenge and "AuthenticationResult" in answer
    )


def _goes_on_from(challenge: str) -> Callable[[Body, Body], bool]:
    return lambda request, answer: (
        request.get("ChallengeName") == challenge
        and ("ChallengeName" in answer or "AuthenticationResult" in answer)
    )


def _refreshed(request: Body, answer: Body) -> bool:
    return (
        str(request.get("AuthFlow", "")).startswith("REFRESH_TOKEN")
        and "AuthenticationResult" in answer
    )


def _with_hash(request: Body, answer: Body) -> bool:
    inner = request.get("AuthParameters") or request.get("ChallengeResponses") or request
    return isinstance(inner, dict) and bool({"SECRET_HASH", "SecretHash"} & inner.keys())


INITIATE, RESPOND = (
    ("InitiateAuth", "AdminInitiateAuth"),
    (
        "RespondToAuthChallenge",
        "AdminRespondToAuthChallenge",
    ),
)
SIGNING_UP, BEGINNING, SECOND_FACTOR, SESSIONS = (
    "Signing up",
    "Beginning a sign-in",
    "The second factor",
    "Sessions",
)
PROOFS, TOKENS, SECRET = "Proofs and devices", "Tokens", "The client's secret"
APP, ADMIN = "RespondToAuthChallenge", "AdminRespondToAuthChallenge"


def _refused(
    name: str,
    group: str,
    error: str,
    teaches: str,
    hint: str,
    recipe: Recipe,
    *calls: str,
) -> Outcome:
    return Outcome(name, group, teaches, hint, recipe, error=error, calls=calls)


def _given(
    name: str,
    group: str,
    gave: Callable[[Body, Body], bool] | None,
    teaches: str,
    hint: str,
    recipe: Recipe,
    *calls: str,
) -> Outcome:
    return Outcome(name, group, teaches, hint, recipe, gave=gave, calls=calls)


OUTCOMES = [
    _given(
        "An account is made",
        SIGNING_UP,
        None,
        "The user is UNCONFIRMED, and a code is in the mail.",
        "Sign somebody up.",
        Recipe("SignUp"),
        "SignUp",
    ),
    _refused(
        "The name is taken",
        SIGNING_UP,
        "name-taken",
        "Signing up tells everybody which names exist.",
        "Who has your name?",
        Recipe("SignUp", {"name": "one that is taken"}),
    ),
    _refused(
        "The password is too weak",
        SIGNING_UP,
        "password-policy",
        "The pool's policy is checked by Cognito.",
        "What is the shortest password that you would try?",
        Recipe("SignUp", {"password": "a short one"}),
    ),
    _refused(
        "An attribute is missing",
        SIGNING_UP,
        "attributes-not-in-schema",
        "What the pool requires, every sign-up must bring.",
        "This pool wants to know an address.",
        Recipe("SignUp", {"email": "none"}),
    ),
    _given(
        "The sign-up is confirmed",
        SIGNING_UP,
        None,
        "Whoever read the code reads the mail.",
        "Which code was mailed?",
        Recipe("ConfirmSignUp"),
        "ConfirmSignUp",
    ),
    _refused(
        "Not the mailed code",
        SIGNING_UP,
        "wrong-confirmation-code",
        "A code that is wrong can be tried again.",
        "Guess the mailed code.",
        Recipe("ConfirmSignUp", {"code": "wrong"}),
        "ConfirmSignUp",
    ),
    _refused(
        "The mailed code is too old",
        SIGNING_UP,
        "confirmation-code-expired",
        "It is good for a day.",
        "What if the mail is read tomorrow?",
        Recipe("ConfirmSignUp", {"code": "expired"}),
        "ConfirmSignUp",
    ),
    _refused(
        "A code with a space in it",
        SIGNING_UP,
        "confirmation-code-format",
        "Cognito strips no spaces: do it for your users.",
        "How do people copy a code out of a mail?",
        Recipe("ConfirmSignUp", {"code": "malformed"}),
        "ConfirmSignUp",
    ),
    _refused(
        "Confirmed already",
        SIGNING_UP,
        "confirmed-once",
        "A sign-up is confirmed once.",
        "Confirm yourself once more.",
        Recipe("ConfirmSignUp", {"who": "you"}),
        "ConfirmSignUp",
    ),
    _refused(
        "Too many codes tried",
        SIGNING_UP,
        "too-many-tries",
        "Fifteen tries an hour: nobody can guess six digits.",
        "How many guesses does Cognito allow in an hour?",
        Recipe("ConfirmSignUp", {"code": "wrong"}, times=16),
        "ConfirmSignUp",
    ),
    _given(
        "Another code is mailed",
        SIGNING_UP,
        None,
        "The answer shows the address in part, and never the code.",
        "The mail got lost.",
        Recipe("ResendConfirmationCode"),
        "ResendConfirmationCode",
    ),
    _refused(
        "Nothing left to confirm",
        SIGNING_UP,
        "already-confirmed",
        "A code is mailed to those who need one.",
        "Ask for a code that you no longer need.",
        Recipe("ResendConfirmationCode", {"who": "you"}),
        "ResendConfirmationCode",
    ),
    _refused(
        "A code for nobody",
        SIGNING_UP,
        "no-such-user",
        "With default settings a client tells who exists.",
        "Ask for a code for a name that nobody has.",
        Recipe("ResendConfirmationCode", {"who": "nobody"}),
        "ResendConfirmationCode",
    ),
    _refused(
        "Too much mail",
        SIGNING_UP,
        "too-many-tries",
        "Five mails an hour: nobody can flood a mailbox.",
        "How often can a code be mailed in an hour?",
        Recipe("ResendConfirmationCode", times=6),
        "ResendConfirmationCode",
    ),
    _given(
        "A code for a new password",
        SIGNING_UP,
        None,
        "It goes to the address that was verified.",
        "What does a user do who forgot the password?",
        Recipe("ForgotPassword"),
        "ForgotPassword",
    ),
    _given(
        "The password is changed",
        SIGNING_UP,
        None,
        "The mailed code stands for the password that was forgotten.",
        "Use the code that you asked for.",
        Recipe("ConfirmForgotPassword"),
        "ConfirmForgotPassword",
    ),
    # Beginning a sign-in
    _given(
        "A code is asked for",
        BEGINNING,
        _asks("SOFTWARE_TOKEN_MFA"),
        "A right password alone opens nothing here.",
        "Begin a sign-in of yours.",
        Recipe("InitiateAuth"),
        *INITIATE,
        *RESPOND,
    ),
    _given(
        "An app must be set up",
        BEGINNING,
        _asks("MFA_SETUP"),
        "Whoever has no second factor must set one up first.",
        "Who has no authenticator app yet?",
        Recipe("InitiateAuth", {"who": "somebody without an app"}),
        *INITIATE,
        *RESPOND,
    ),
    _given(
        "A new password is asked for",
        BEGINNING,
        _asks("NEW_PASSWORD_REQUIRED"),
        "A password that an administrator chose is good once.",
        "Who was invited by an administrator?",
        Recipe("InitiateAuth", {"who": "somebody invited"}),
        *INITIATE,
    ),
    _refused(
        "Wrong name or password",
        BEGINNING,
        "wrong-password",
        "It does not say which of the two is wrong.",
        "Try somebody's password.",
        Recipe("InitiateAuth", {"password": "wrong"}),
        *INITIATE,
    ),
    _refused(
        "Locked out",
        BEGINNING,
        "locked-out",
        "From the fifth wrong password on each locks longer, up to 15 minutes.",
        "How many wrong passwords in a row?",
        Recipe("InitiateAuth", {"password": "wrong"}, times=12),
        *INITIATE,
    ),
    _refused(
        "Nobody has this name",
        BEGINNING,
        "no-such-user",
        "With default settings a client tells who exists.",
        "Sign in under a name that nobody has.",
        Recipe("InitiateAuth", {"who": "nobody"}),
        *INITIATE,
        "AdminGetUser",
    ),
    _refused(
        "Not confirmed yet",
        BEGINNING,
        "not-confirmed",
        "First the address, then the sign-in.",
        "Who never typed the mailed code?",
        Recipe("InitiateAuth", {"who": "somebody not confirmed"}),
    ),
    _refused(
        "Switched off",
        BEGINNING,
        "user-disabled",
        "An administrator can shut a user out, and let them in again.",
        "Who may not sign in at all?",
        Recipe("InitiateAuth", {"who": "somebody disabled"}),
    ),
    _refused(
        "A name is missing",
        BEGINNING,
        "missing-username",
        "AuthParameters and ChallengeResponses are checked by the flow, not by boto3.",
        "Leave the user name out.",
        Recipe("InitiateAuth", {"name": "none"}),
    ),
    _refused(
        "The flow of the other call",
        BEGINNING,
        "flow-of-other-call",
        "ADMIN_ flows belong to AdminInitiateAuth, and the others do not.",
        "Mix the two ways to begin.",
        Recipe("InitiateAuth", {"flow": "ADMIN_USER_PASSWORD_AUTH"}),
        *INITIATE,
    ),
    _refused(
        "No password flow for this client",
        BEGINNING,
        "password-flow-not-enabled",
        "A client made with default settings takes no password.",
        "What may a client do that was made with no settings?",
        Recipe("InitiateAuth", {"client": "one with default settings"}),
        "InitiateAuth",
    ),
    _refused(
        "No server flow for this client",
        BEGINNING,
        "flow-not-enabled",
        "Each flow is switched on for itself.",
        "The same client, from the server's side.",
        Recipe("AdminInitiateAuth", {"client": "one with default settings"}),
        "AdminInitiateAuth",
    ),
    _refused(
        "No SRP for this client",
        BEGINNING,
        "srp-not-enabled",
        "A client says which flows it takes.",
        "Prove your password, with a client for passwords only.",
        Recipe("InitiateAuth", {"flow": "USER_SRP_AUTH", "client": "one for passwords only"}),
        "InitiateAuth",
    ),
    _refused(
        "No such app client",
        BEGINNING,
        "no-such-client",
        "Look for a wrong Region first.",
        "Use a client id that nobody gave you.",
        Recipe("InitiateAuth", {"client": "one that does not exist"}),
    ),
    _refused(
        "No such pool",
        BEGINNING,
        "no-such-pool",
        "Only the server's calls name the pool.",
        "Which call names the pool? Name another.",
        Recipe("AdminInitiateAuth", {"pool": "one that does not exist"}),
    ),
    # The second factor
    _given(
        "Signed in, the client's way",
        SECOND_FACTOR,
        _tokens_for("SOFTWARE_TOKEN_MFA"),
        "Name, password, code: the tokens come.",
        "Answer with the phone's code.",
        Recipe(APP),
        APP,
    ),
    _given(
        "Signed in, the server's way",
        SECOND_FACTOR,
        _tokens_for("SOFTWARE_TOKEN_MFA"),
        "The same, signed with AWS credentials.",
        "Your server can answer too.",
        Recipe(ADMIN),
        ADMIN,
    ),
    _refused(
        "Not the phone's code",
        SECOND_FACTOR,
        "wrong-totp-code",
        "The code before the last is too old; the session stays good.",
        "How slowly may somebody type?",
        Recipe(APP, {"code": "a minute old"}),
        *RESPOND,
    ),
    _refused(
        "A code is good once",
        SECOND_FACTOR,
        "totp-code-used",
        "Whoever looked over a shoulder comes too late.",
        "Type a code twice.",
        Recipe(APP, {"code": "already used"}),
        *RESPOND,
    ),
    _refused(
        "The answer to another question",
        SECOND_FACTOR,
        "other-challenge",
        "Answer the challenge that was asked.",
        "Nobody asked for a text message.",
        Recipe(APP, {"challenge": "SMS_MFA"}),
        *RESPOND,
    ),
    _given(
        "A secret is handed out",
        SECOND_FACTOR,
        None,
        "It comes once. Show it as a QR code, then forget it.",
        "How does an app get its secret?",
        Recipe("AssociateSoftwareToken"),
        "AssociateSoftwareToken",
    ),
    _given(
        "An app is enrolled",
        SECOND_FACTOR,
        lambda _, answer: answer.get("Status") == "SUCCESS",
        "The first code shows that the secret arrived.",
        "Show that the app has the secret.",
        Recipe("VerifySoftwareToken"),
        "VerifySoftwareToken",
    ),
    _refused(
        "The app shows another code",
        SECOND_FACTOR,
        "wrong-first-totp-code",
        "Here a wrong code has an exception of its own.",
        "Enrol an app with a wrong code.",
        Recipe("VerifySoftwareToken", {"code": "wrong"}),
        "VerifySoftwareToken",
    ),
    _refused(
        "Six characters, not six digits",
        SECOND_FACTOR,
        "totp-code-format",
        "Strip the space that apps show in the middle.",
        "How does an authenticator app show its code?",
        Recipe("VerifySoftwareToken", {"code": "malformed"}),
        "VerifySoftwareToken",
    ),
    _given(
        "Signed in by setting up",
        SECOND_FACTOR,
        _tokens_for("MFA_SETUP"),
        "MFA_SETUP takes no code: VerifySoftwareToken saw it.",
        "Three calls answer MFA_SETUP. Make the last.",
        Recipe(APP, {"challenge": "MFA_SETUP"}),
        *RESPOND,
    ),
    _given(
        "A new password is taken",
        SECOND_FACTOR,
        _goes_on_from("NEW_PASSWORD_REQUIRED"),
        "Then comes whatever the pool asks of everybody.",
        "Somebody was invited: let them choose.",
        Recipe(APP, {"challenge": "NEW_PASSWORD_REQUIRED"}),
        *RESPOND,
    ),
    # Sessions
    _refused(
        "The session is over",
        SESSIONS,
        "session-expired",
        "Some minutes, as the client says: 3 where it says nothing.",
        "Look for the phone for a quarter of an hour.",
        Recipe(APP, {"session": "expired"}),
    ),
    _refused(
        "A session is good once",
        SESSIONS,
        "session-used",
        "Each answer's session replaces the one before.",
        "Send a session that you have answered.",
        Recipe(APP, {"session": "used"}),
    ),
    _refused(
        "Not a session for this user",
        SESSIONS,
        "session-invalid",
        "Nobody can write a session, or use somebody else's.",
        "Alter a session, or borrow one.",
        Recipe(APP, {"session": "garbled"}),
    ),
    _refused(
        "The session is missing",
        SESSIONS,
        "missing-session",
        "boto3 does not ask for it; Cognito does.",
        "Answer without a session.",
        Recipe(APP, {"session": "none"}),
    ),
    # Proofs and devices
    _given(
        "A proof is asked for",
        PROOFS,
        _asks("PASSWORD_VERIFIER"),
        "In secure remote password the password never travels.",
        "Begin with a number instead of a password.",
        Recipe("InitiateAuth", {"flow": "USER_SRP_AUTH"}),
        *INITIATE,
    ),
    _given(
        "The password is proved",
        PROOFS,
        _goes_on_from("PASSWORD_VERIFIER"),
        "Only its owner can compute the signature.",
        "Answer PASSWORD_VERIFIER.",
        Recipe(APP, {"challenge": "PASSWORD_VERIFIER"}),
        *RESPOND,
    ),
    _refused(
        "The proof is wrong",
        PROOFS,
        "wrong-password",
        "One bit is enough. A device's proof fails in the same words.",
        "Turn one bit of a signature.",
        Recipe(APP, {"challenge": "PASSWORD_VERIFIER", "proof": "wrong"}),
        *RESPOND,
    ),
    _given(
        "A device is confirmed",
        PROOFS,
        None,
        "Cognito keeps a verifier, and never the device's password.",
        "A sign-in offers a device. Take the offer.",
        Recipe("ConfirmDevice"),
        "ConfirmDevice",
    ),
    _refused(
        "Somebody else's device",
        PROOFS,
        "device-key-invalid",
        "A key belongs to the user who was offered it.",
        "Confirm a device that was offered to another user.",
        Recipe("ConfirmDevice", {"device": "of another user"}),
        "ConfirmDevice",
    ),
    _given(
        "The device is asked",
        PROOFS,
        _asks("DEVICE_SRP_AUTH"),
        "The key of a remembered device in the first call is enough.",
        "Name your device as you sign in.",
        Recipe("InitiateAuth", {"device": "remembered"}),
        *INITIATE,
    ),
    _refused(
        "No such device",
        PROOFS,
        "no-such-device",
        "Drop the key and sign in without it.",
        "Name a device that Cognito never met.",
        Recipe("InitiateAuth", {"device": "unknown"}),
    ),
    _given(
        "The device must prove it",
        PROOFS,
        _asks("DEVICE_PASSWORD_VERIFIER"),
        "A device has a password of its own.",
        "Send the device's public number.",
        Recipe(APP, {"challenge": "DEVICE_SRP_AUTH"}),
        APP,
    ),
    _given(
        "Signed in by a device",
        PROOFS,
        _tokens_for("DEVICE_PASSWORD_VERIFIER"),
        "Password and device, and no code.",
        "Let the device prove itself.",
        Recipe(APP, {"challenge": "DEVICE_PASSWORD_VERIFIER"}),
        APP,
    ),
    # Tokens
    _given(
        "An access token works",
        TOKENS,
        None,
        "Whoever holds it is taken for the user.",
        "Ask whose token it is.",
        Recipe("GetUser"),
        "GetUser",
    ),
    _refused(
        "The access token is too old",
        TOKENS,
        "access-token-expired",
        "It is good for an hour.",
        "Use an access token tomorrow.",
        Recipe("GetUser", {"token": "expired"}),
    ),
    _refused(
        "The access token was revoked",
        TOKENS,
        "access-token-revoked",
        "Cognito knows; whoever only checks the signature does not.",
        "End the sign-in, then use its access token.",
        Recipe("GetUser", {"token": "revoked"}),
    ),
    _refused(
        "A forged access token",
        TOKENS,
        "forged-token",
        "Claims can be rewritten; a signature cannot.",
        "Write another name into a token.",
        Recipe("GetUser", {"token": "forged"}),
    ),
    _refused(
        "No token at all",
        TOKENS,
        "invalid-access-token",
        "It must be a JWT before anything else is looked at.",
        "Send any words as a token.",
        Recipe("GetUser", {"token": "garbled"}),
    ),
    _given(
        "Tokens are refreshed",
        TOKENS,
        _refreshed,
        "New access and ID tokens, no new refresh token.",
        "Get new tokens without a password.",
        Recipe("InitiateAuth", {"flow": "REFRESH_TOKEN_AUTH"}),
        *INITIATE,
    ),
    _refused(
        "A refresh token without its device",
        TOKENS,
        "invalid-refresh-token",
        "Where devices are tracked, only a confirmed one may refresh.",
        "Refresh from a device that was never confirmed.",
        Recipe(
            "InitiateAuth",
            {"flow": "REFRESH_TOKEN_AUTH", "token": "not confirmed", "device": "none"},
        ),
        *INITIATE,
    ),
    _refused(
        "The refresh token is too old",
        TOKENS,
        "refresh-token-expired",
        "Thirty days, where the client says nothing else.",
        "Come back next month.",
        Recipe("InitiateAuth", {"flow": "REFRESH_TOKEN_AUTH", "token": "expired"}),
        *INITIATE,
    ),
    _refused(
        "The refresh token was revoked",
        TOKENS,
        "refresh-token-revoked",
        "Revoking ends the sign-in, not the user.",
        "Refresh with a token that you gave up.",
        Recipe("InitiateAuth", {"flow": "REFRESH_TOKEN_AUTH", "token": "revoked"}),
        *INITIATE,
    ),
    _given(
        "A sign-in is revoked",
        TOKENS,
        None,
        "The refresh token, and every access token that came of it.",
        "Give up a refresh token.",
        Recipe("RevokeToken"),
        "RevokeToken",
    ),
    _given(
        "Signed out everywhere",
        TOKENS,
        None,
        "Every sign-in of this user, on every device.",
        "Sign out on all devices at once.",
        Recipe("GlobalSignOut"),
        "GlobalSignOut",
    ),
    # The client's secret
    _given(
        "The secret hash is right",
        SECRET,
        _with_hash,
        "It shows that the caller knows the client's secret, without sending it.",
        "Sign in through a client that has a secret.",
        Recipe("InitiateAuth", {"client": "one with a secret"}),
    ),
    _refused(
        "The secret hash is wrong",
        SECRET,
        "secret-hash-wrong",
        "Hash the very name that you send, and the client's id.",
        "Compute a secret hash with another secret.",
        Recipe("InitiateAuth", {"client": "one with a secret", "hash": "wrong"}),
    ),
    _refused(
        "The secret hash is missing",
        SECRET,
        "secret-hash-missing",
        "A client with a secret wants its hash in every call.",
        "Forget the secret hash.",
        Recipe("InitiateAuth", {"client": "one with a secret", "hash": "none"}),
    ),
]
GROUPS = list(dict.fromkeys(outcome.group for outcome in OUTCOMES))
