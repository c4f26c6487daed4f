"""What can be chosen: the operations, the fields that each offers, and the request that comes of a
choice.

The fields follow the choices: another challenge, or another flow, asks for other things. The first
option of a field is the one that goes well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .demo_users import ANOTHER, DISABLED, INVITED, NOBODY, NOT_CONFIRMED, WITHOUT_APP, YOU
from .history import CODE_VERIFIED, SECRET_GIVEN
from .placeholders import Part, at_hand, known
from .setup_calls import BY_DEFAULT, NO_CLIENT, OWNERS, PASSWORDS_ONLY, WITH_SECRET, YOURS

Choices = dict[str, str]
NONE = "none"


@dataclass(frozen=True)
class Field:
    """One thing to choose."""

    key: str
    label: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """A call: the fields that it offers, and its request, each from what was chosen so far."""

    fields: Callable[[Choices], list[Field]]
    request: Callable[[Choices], dict[str, Any]]


SESSION = Field(
    "session", "Session", ("newest", "used", "expired", "of another user", "garbled", NONE)
)
CODE = Field(
    "code",
    "Code",
    (
        "now",
        "half a minute old",
        "a minute old",
        "the next",
        "already used",
        "of another account",
        "wrong",
        "malformed",
        NONE,
    ),
)
CODE_OF_NEW_SECRET = Field(
    "code",
    "Code",
    (
        "now",
        "half a minute old",
        "a minute old",
        "the next",
        "of another account",
        "wrong",
        "malformed",
    ),
)
ANSWER_AS = Field(
    "name", "User name", ("USER_ID_FOR_SRP", "user name", "e-mail address", "of another user", NONE)
)
HASH = Field("hash", "Secret hash", ("right", "wrong", NONE))
MAILED = Field("code", "Code", ("right", "wrong", "expired", "malformed"))
NEW_PASSWORD = Field("password", "New password", ("a good one", "a short one"))
PROOF = Field("proof", "Proof", ("right", "wrong"))
ACCESS_TOKEN = Field("token", "Access token", ("newest", "expired", "revoked", "forged", "garbled"))
REFRESH_TOKEN = Field(
    "token", "Refresh token", ("newest", "not confirmed", "expired", "revoked", "garbled")
)
EVERYBODY = (YOU, ANOTHER, NOT_CONFIRMED, WITHOUT_APP, INVITED, DISABLED, NOBODY)

WORDS = {
    "newest": "the newest session",
    "used": "a session that was answered already",
    "expired": "a session whose minutes are over",
    "of another user": "a session of another user's sign-in",
    "garbled": "the newest session, its end altered",
}
CODE_WORDS = {
    "now": "the code that the phone shows now",
    "half a minute old": "the code before the present one",
    "a minute old": "the code before that",
    "the next": "the code of the next half minute",
    "already used": "a code that was used a moment ago",
    "of another account": "the present code of another user's phone",
    "wrong": "six digits that are no code of now",
    "malformed": "a code with a space in it",
}


def _who(*options: str) -> Field:
    return Field("who", "Who", options)


def _client(*options: str) -> Field:
    return Field("client", "App client", options)


def _with_hash(choices: Choices, fields: list[Field]) -> list[Field]:
    """The secret hash is asked for by a client that has a secret."""
    return [*fields, HASH] if choices.get("client") == WITH_SECRET else fields


# Parts


def _name(who: str, form: str = "user name") -> Any:
    if who == YOU and form == "user name":
        return known("username", "your user name")
    return at_hand(
        "name",
        who,
        *([form] if form != "user name" else []),
        words=f"the name of {who}",
        plain=True,
    )


def _client_id(which: str) -> Part:
    return (
        known("client_id", "your app client")
        if which == YOURS
        else at_hand("client", which, words="an app client", plain=True)
    )


def _pool(which: str = YOURS) -> Any:
    return known("pool_id", "your pool") if which == YOURS else "us-east-1_AAAAAAAAA"


def _session(choices: Choices, stage: str, admin: bool = False) -> dict[str, Part]:
    which = choices["session"]
    if which == NONE:
        return {}
    named: dict[str, Any] = {"stage": stage} if stage != "SOFTWARE_TOKEN_MFA" else {}
    named |= {"client": choices["client"]} if choices.get("client", YOURS) != YOURS else {}
    named |= {"admin": True} if admin else {}
    return {"Session": at_hand("session", which, words=WORDS[which], **named)}


def _secret_hash(choices: Choices, name: Any, parameter: str = "SECRET_HASH") -> dict[str, Part]:
    which = choices.get("hash", NONE)
    if choices.get("client") != WITH_SECRET or which == NONE:
        return {}
    given = [which] if name in (None, _name(YOU)) else [which, name]
    return {
        parameter: at_hand(
            "secret_hash", *given, words=f"{'the' if which == 'right' else 'a wrong'} secret hash"
        )
    }


def _code(which: str, of: str = YOU) -> Part:
    whose: dict[str, Any] = {"of": of} if of != YOU else {}
    return at_hand("code", which, words=CODE_WORDS[which], **whose)


def _access_token(choices: Choices) -> Part:
    which = choices["token"]
    return at_hand(
        "access_token",
        *([which] if which != "newest" else []),
        words=f"an access token of yours, {which}",
    )


def _refresh_token(choices: Choices) -> Part:
    which = choices["token"]
    return at_hand(
        "refresh_token",
        *([which] if which != "newest" else []),
        words=f"a refresh token of yours, {which}",
    )


def _new_password(choices: Choices) -> Part:
    return at_hand("password", choices["password"], words=f"a new password, {choices['password']}")


# Beginning a sign-in

FLOWS = {
    "InitiateAuth": (
        "USER_PASSWORD_AUTH",
        "ADMIN_USER_PASSWORD_AUTH",
        "USER_SRP_AUTH",
        "REFRESH_TOKEN_AUTH",
    ),
    "AdminInitiateAuth": ("ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"),
}


def _initiate_fields(operation: str) -> Callable[[Choices], list[Field]]:
    def fields(choices: Choices) -> list[Field]:
        flow = Field("flow", "Flow", FLOWS[operation])
        pool = (
            [Field("pool", "Pool", (YOURS, "one that does not exist"))]
            if operation == "AdminInitiateAuth"
            else []
        )
        chosen = choices.get("flow", FLOWS[operation][0])
        if chosen == "REFRESH_TOKEN_AUTH":
            return [flow, *pool, REFRESH_TOKEN, Field("device", "Device key", ("remembered", NONE))]
        if chosen == "USER_SRP_AUTH":
            return [flow, _client(BY_DEFAULT, YOURS, PASSWORDS_ONLY)]
        form = Field("name", "User name", ("user name", "e-mail address", NONE))
        password = Field("password", "Password", ("right", "wrong", NONE))
        device = Field("device", "Device key", (NONE, "remembered", "unknown"))
        return _with_hash(
            choices,
            [
                flow,
                *pool,
                _who(*EVERYBODY),
                form,
                password,
                device,
                _client(YOURS, WITH_SECRET, BY_DEFAULT, NO_CLIENT),
            ],
        )

    return fields


def _initiate(operation: str) -> Callable[[Choices], dict[str, Any]]:
    def request(choices: Choices) -> dict[str, Any]:
        flow = choices["flow"]
        pool = {"UserPoolId": _pool(choices["pool"])} if "pool" in choices else {}
        if flow == "REFRESH_TOKEN_AUTH":
            client, given = YOURS, {"REFRESH_TOKEN": _refresh_token(choices), **_device(choices)}
        elif flow == "USER_SRP_AUTH":
            client, given = (
                choices["client"],
                {
                    "USERNAME": _name(YOU),
                    "SRP_A": at_hand("srp_a", words="a public number of yours"),
                },
            )
        else:
            client, given = choices["client"], _by_password(choices)
        return {**pool, "ClientId": _client_id(client), "AuthFlow": flow, "AuthParameters": given}

    return request


def _by_password(choices: Choices) -> dict[str, Any]:
    who = choices["who"]
    # Nobody has no address either.
    name = (
        _name(who, choices["name"] if who != NOBODY else "user name")
        if choices["name"] != NONE
        else None
    )
    whose: dict[str, Any] = {"of": who} if who != YOU and choices["password"] == "right" else {}
    password = at_hand(
        "password", choices["password"], words=f"the {choices['password']} password", **whose
    )
    given = {"USERNAME": name, "PASSWORD": password if choices["password"] != NONE else None}
    return (
        {key: part for key, part in given.items() if part is not None}
        | _device(choices)
        | _secret_hash(choices, name)
    )


def _device(choices: Choices) -> dict[str, Part]:
    which = choices["device"]
    return (
        {"DEVICE_KEY": at_hand("device_key", which, words=f"the key of a device, {which}")}
        if which != NONE
        else {}
    )


# Answering a challenge

CHALLENGES: dict[str, list[Field]] = {
    "SOFTWARE_TOKEN_MFA": [SESSION, CODE, ANSWER_AS, _client(YOURS, WITH_SECRET)],
    "MFA_SETUP": [SESSION, ANSWER_AS],
    "NEW_PASSWORD_REQUIRED": [SESSION, NEW_PASSWORD, ANSWER_AS],
    "PASSWORD_VERIFIER": [PROOF],
    "DEVICE_SRP_AUTH": [],
    "DEVICE_PASSWORD_VERIFIER": [PROOF],
    "SMS_MFA": [SESSION],
}
# Those of secure remote password are begun by InitiateAuth here.
ADMIN_CHALLENGES = ("SOFTWARE_TOKEN_MFA", "MFA_SETUP", "NEW_PASSWORD_REQUIRED", "SMS_MFA")
STAGES = {"MFA_SETUP": CODE_VERIFIED, "SMS_MFA": "SOFTWARE_TOKEN_MFA"}


def _respond_fields(admin: bool) -> Callable[[Choices], list[Field]]:
    def fields(choices: Choices) -> list[Field]:
        challenge = Field(
            "challenge", "Challenge", ADMIN_CHALLENGES if admin else tuple(CHALLENGES)
        )
        chosen = choices.get("challenge", challenge.options[0])
        return _with_hash(
            choices,
            [
                challenge,
                *CHALLENGES[chosen if chosen in challenge.options else challenge.options[0]],
            ],
        )

    return fields


def _respond(admin: bool) -> Callable[[Choices], dict[str, Any]]:
    def request(choices: Choices) -> dict[str, Any]:
        challenge = choices["challenge"]
        client = BY_DEFAULT if challenge == "PASSWORD_VERIFIER" else choices.get("client", YOURS)
        head = {
            **({"UserPoolId": _pool()} if admin else {}),
            "ClientId": _client_id(client),
            "ChallengeName": challenge,
        }
        if challenge == "PASSWORD_VERIFIER":
            return {
                **head,
                "ChallengeResponses": at_hand(
                    "password_proof",
                    choices["proof"],
                    words=f"the proof of your password, {choices['proof']}",
                ),
            }
        if challenge == "DEVICE_SRP_AUTH":
            return {
                **head,
                "ChallengeResponses": at_hand(
                    "device_answer", words="your name, the device's key and its public number"
                ),
            }
        if challenge == "DEVICE_PASSWORD_VERIFIER":
            return {
                **head,
                "ChallengeResponses": at_hand(
                    "device_proof",
                    choices["proof"],
                    words=f"the device's proof, {choices['proof']}",
                ),
            }
        stage = STAGES.get(challenge, challenge)
        return {
            **head,
            **_session(choices, stage, admin),
            "ChallengeResponses": _responses(choices, challenge, stage, admin),
        }

    return request


def _responses(choices: Choices, challenge: str, stage: str, admin: bool) -> dict[str, Any]:
    name = _answer_as(choices.get("name", "USER_ID_FOR_SRP"), stage, admin)
    given: dict[str, Any] = {"USERNAME": name} if name is not None else {}
    if challenge == "SMS_MFA":
        given["SMS_MFA_CODE"] = _code("now")
    if choices.get("code", NONE) != NONE:
        given["SOFTWARE_TOKEN_MFA_CODE"] = _code(choices["code"])
    if challenge == "NEW_PASSWORD_REQUIRED":
        given["NEW_PASSWORD"] = _new_password(choices)
    return given | _secret_hash(choices, name)


def _answer_as(form: str, stage: str, admin: bool) -> Any:
    if form == NONE:
        return None
    if form == "of another user":
        return _name(ANOTHER)
    if form == "USER_ID_FOR_SRP":
        named: dict[str, Any] = {"admin": True} if admin else {}
        return at_hand(
            "user_id",
            *([stage] if stage != "SOFTWARE_TOKEN_MFA" else []),
            words="the name that came as USER_ID_FOR_SRP",
            plain=True,
            **named,
        )
    return _name(OWNERS.get(stage, YOU), form)


# The others


def _who_of(choices: Choices) -> dict[str, Any]:
    return {"ClientId": _client_id(YOURS), "Username": _name(choices["who"])}


def _mailed(choices: Choices, purpose: str) -> Part:
    return at_hand(
        "mailed_code",
        choices["code"],
        *([purpose] if purpose != "sign-up" else []),
        words=f"the code from the mail, {choices['code']}",
    )


def _sign_up(choices: Choices) -> dict[str, Any]:
    name = (
        at_hand("name", NOBODY, words="a name that nobody has", plain=True)
        if choices["name"] == "a new one"
        else _name(YOU)
    )
    email = (
        [{"Name": "email", "Value": "somebody@example.com"}]
        if choices["email"] == "given"
        else None
    )
    request = {
        "ClientId": _client_id(YOURS),
        "Username": name,
        "Password": _new_password(choices),
        "UserAttributes": email,
    }
    return {key: value for key, value in request.items() if value is not None}


# A call that needs a session or a token, and gets neither, is refused in words that are not known.
SESSION_TO_ASK = Field("session", "Session", SESSION.options[:-1])
SIGN_UP = [
    Field("name", "User name", ("a new one", "one that is taken")),
    NEW_PASSWORD,
    Field("email", "E-mail", ("given", NONE)),
]
OFFERED_DEVICE = Field("device", "Device key", ("offered", "of another user"))

OPERATIONS = {
    "RespondToAuthChallenge": Operation(_respond_fields(admin=False), _respond(admin=False)),
    "AdminRespondToAuthChallenge": Operation(_respond_fields(admin=True), _respond(admin=True)),
    "InitiateAuth": Operation(_initiate_fields("InitiateAuth"), _initiate("InitiateAuth")),
    "AdminInitiateAuth": Operation(
        _initiate_fields("AdminInitiateAuth"), _initiate("AdminInitiateAuth")
    ),
    "AssociateSoftwareToken": Operation(
        lambda _: [SESSION_TO_ASK], lambda chosen: _session(chosen, "MFA_SETUP")
    ),
    "VerifySoftwareToken": Operation(
        lambda _: [SESSION_TO_ASK, CODE_OF_NEW_SECRET],
        lambda chosen: {
            **_session(chosen, SECRET_GIVEN),
            "UserCode": _code(chosen["code"], WITHOUT_APP),
        },
    ),
    "SignUp": Operation(lambda _: SIGN_UP, _sign_up),
    "ConfirmSignUp": Operation(
        lambda _: [_who(NOT_CONFIRMED, YOU), MAILED],
        lambda chosen: {**_who_of(chosen), "ConfirmationCode": _mailed(chosen, "sign-up")},
    ),
    "ResendConfirmationCode": Operation(lambda _: [_who(NOT_CONFIRMED, YOU, NOBODY)], _who_of),
    "ForgotPassword": Operation(lambda _: [_who(YOU)], _who_of),
    "ConfirmForgotPassword": Operation(
        lambda _: [MAILED, NEW_PASSWORD],
        lambda chosen: {
            **_who_of({"who": YOU}),
            "ConfirmationCode": _mailed(chosen, "new password"),
            "Password": _new_password(chosen),
        },
    ),
    "GetUser": Operation(
        lambda _: [ACCESS_TOKEN], lambda chosen: {"AccessToken": _access_token(chosen)}
    ),
    "AdminGetUser": Operation(
        lambda _: [_who(*EVERYBODY)],
        lambda chosen: {"UserPoolId": _pool(), "Username": _name(chosen["who"])},
    ),
    "RevokeToken": Operation(
        lambda _: [REFRESH_TOKEN],
        lambda chosen: {"Token": _refresh_token(chosen), "ClientId": _client_id(YOURS)},
    ),
    "GlobalSignOut": Operation(
        lambda _: [ACCESS_TOKEN], lambda chosen: {"AccessToken": _access_token(chosen)}
    ),
    "ConfirmDevice": Operation(
        lambda _: [ACCESS_TOKEN, OFFERED_DEVICE],
        lambda chosen: {
            "AccessToken": _access_token(chosen),
            "DeviceKey": at_hand(
                "device_key", chosen["device"], words=f"the key of a device, {chosen['device']}"
            ),
            "DeviceSecretVerifierConfig": at_hand(
                "verifier", words="what lets Cognito check the device's password"
            ),
        },
    ),
}

# At AWS only what can neither lock nor bill the learner: no mail, no other users, no wrong
# passwords, nothing that must be waited for.
AT_AWS: dict[str, dict[str, tuple[str, ...]]] = {
    "RespondToAuthChallenge": {"challenge": ("SOFTWARE_TOKEN_MFA", "SMS_MFA")},
    "AdminRespondToAuthChallenge": {"challenge": ("SOFTWARE_TOKEN_MFA", "SMS_MFA")},
    "InitiateAuth": {
        "flow": ("USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH"),
        "password": ("right", NONE),
        "device": (NONE,),
    },
    "AdminInitiateAuth": {
        "flow": ("ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"),
        "password": ("right", NONE),
        "device": (NONE,),
    },
    "GetUser": {"token": ("newest", "revoked", "forged", "garbled")},
    "RevokeToken": {"token": ("not confirmed", "revoked", "garbled")},
}
AT_AWS_ALWAYS: dict[str, tuple[str, ...]] = {
    "who": (YOU,),
    "session": ("newest", "used", "garbled", NONE),
    "code": ("now", "already used", "wrong", "malformed", NONE),
    "name": ("USER_ID_FOR_SRP", "user name", "e-mail address", NONE),
    "client": (YOURS, NO_CLIENT),
}


def operations(may_create_users: bool) -> list[str]:
    """The calls that a backend offers which may create users, or may not."""
    return list(OPERATIONS if may_create_users else AT_AWS)


def fields(operation: str, choices: Choices, may_create_users: bool = True) -> list[Field]:
    """The fields that an operation offers there, after those choices."""
    found = OPERATIONS[operation].fields(choices)
    if may_create_users:
        return found
    allowed = AT_AWS_ALWAYS | AT_AWS[operation]
    return [
        Field(
            one.key,
            one.label,
            tuple(option for option in one.options if option in allowed.get(one.key, one.options)),
        )
        for one in found
    ]
