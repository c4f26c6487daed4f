"""The six published programs beside the flow: for each step the call in the SDK of each, and what
the program does there, leaves out, or gets wrong.

The calls are generated from the operations by `sdks.py`. What is said of the programs are facts
about them; none of their code is here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from .aws_cli import Variable
from .sdk_syntax import SDKS, program

if TYPE_CHECKING:
    from botocore.model import ServiceModel

LEFT_OUT = "leaves it out"


class Step(NamedTuple):
    """A step of the flow: its name, the call that it makes and what is sent; nothing where it makes
    none.

    `programs` says what is to be said of a program at this step. Of one that is not in it:
    `others`. `instead` is a call that one program makes in its place.
    """

    title: str
    operation: str = ""
    request: dict[str, Any] = {}
    programs: dict[str, str] = {}
    others: str = LEFT_OUT
    instead: dict[str, tuple[str, dict[str, Any]]] = {}


def _v(name: str) -> Variable:
    return Variable(name)


POOL, CLIENT, USERNAME, PASSWORD, SESSION = map(
    _v, ("user_pool_id", "client_id", "username", "password", "session")
)
ACCESS_TOKEN, DEVICE_KEY = _v("access_token"), _v("device_key")
SERVER, ANYBODY = {"UserPoolId": POOL, "ClientId": CLIENT}, {"ClientId": CLIENT}
WITH_PASSWORD = {"USERNAME": USERNAME, "PASSWORD": PASSWORD}
BY_SERVER = SERVER | {"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": WITH_PASSWORD}
BY_ANYBODY = ANYBODY | {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": WITH_PASSWORD}


def _answer(who: dict[str, Any], challenge: str, **responses: Any) -> dict[str, Any]:
    return who | {
        "ChallengeName": challenge,
        "Session": SESSION,
        "ChallengeResponses": {"USERNAME": USERNAME, **responses},
    }


DOES = "does it"
NO_LABEL = (
    "Its link has no issuer and does not escape the user name, so apps show an entry without a"
    " name, or fail on +, @ and spaces."
)
WITHOUT_SECRET = "does it, but leaves the client secret out"
PROOF = {
    "DEVICE_KEY": DEVICE_KEY,
    "TIMESTAMP": _v("timestamp"),
    "PASSWORD_CLAIM_SECRET_BLOCK": _v("secret_block"),
    "PASSWORD_CLAIM_SIGNATURE": _v("signature"),
}

STEPS = [
    Step(
        "Give the settings",
        programs={
            ".NET": "reads a JSON file and a local one over it, and asks for what is missing",
            "C++": "takes arguments",
            "Java": "takes two arguments, and says so when they are wrong",
            "JavaScript v3": "takes the first row of a file of pools, and says when there is none",
            "Kotlin": "takes two arguments, and says so when they are wrong",
            "Python": "takes two arguments",
        },
    ),
    Step(
        "List the pools",
        "ListUserPools",
        {"MaxResults": 60},
        {".NET": "does it, page after page", "Python": "does it in another example"},
    ),
    Step(
        "Sign up",
        "SignUp",
        ANYBODY
        | {
            "Username": USERNAME,
            "Password": PASSWORD,
            "UserAttributes": [{"Name": "email", "Value": _v("email")}],
        },
        {
            "C++": "does it, and asks for another name when this one is taken",
            "JavaScript v3": (
                "does it, and says which of user name, password, e-mail and client is missing"
            ),
            "Python": (
                "does it, with the secret hash of a client that has a secret, which it writes into"
                " its log. Of a user who exists it looks at the status"
            ),
        },
        DOES,
    ),
    Step(
        "Look at the user",
        "AdminGetUser",
        {"UserPoolId": POOL, "Username": USERNAME},
        {
            ".NET": "does it before and after",
            "C++": "does it, and shows whether the user is enabled too",
            "Java": "does it twice",
            "JavaScript v3": LEFT_OUT,
            "Kotlin": "does it twice",
            "Python": "does it for a user who exists already",
        },
    ),
    Step(
        "Ask for another code",
        "ResendConfirmationCode",
        ANYBODY | {"Username": USERNAME},
        {
            "JavaScript v3": LEFT_OUT,
            "Python": "does it when asked to, and says by which medium and to where",
        },
        "does it when asked to, and says by which medium",
    ),
    Step(
        "Confirm the sign-up",
        "ConfirmSignUp",
        ANYBODY | {"Username": USERNAME, "ConfirmationCode": _v("code")},
        {"Python": "does it, again and again until the user is confirmed"},
        f"{DOES}, and does not show what a wrong code leads to",
    ),
    Step(
        "List the users",
        "ListUsers",
        {"UserPoolId": POOL},
        {".NET": "does it, page after page", "Python": DOES},
    ),
    Step(
        "Sign in for the first time",
        "AdminInitiateAuth",
        BY_SERVER,
        {
            ".NET": "does it as anybody may, by InitiateAuth",
            "JavaScript v3": (
                "does it, and goes on by the challenge; but it keeps the session in its own"
                " process, where its next command never sees it"
            ),
            "Python": (
                "does it, looks at MFAS_CAN_SETUP and explains when no app can be set up; but it"
                " fails with a KeyError where tokens come at once"
            ),
        },
        DOES,
        {".NET": ("InitiateAuth", BY_ANYBODY)},
    ),
    Step("Ask for the secret", "AssociateSoftwareToken", {"Session": SESSION}, others=DOES),
    Step(
        "Show the QR code",
        programs={
            "C++": f"writes an image file, where it was built to. {NO_LABEL}",
            "JavaScript v3": f"draws it in the terminal. {NO_LABEL}",
            "Python": (
                f"opens an image, and leaves the file, which is the secret, on the disk. {NO_LABEL}"
            ),
        },
        others="draws none",
    ),
    Step(
        "Prove that the app has it",
        "VerifySoftwareToken",
        {"Session": SESSION, "UserCode": _v("code"), "FriendlyDeviceName": _v("app_name")},
        {".NET": "does it, and prints the status; a wrong code is not shown"},
        f"{DOES}; a wrong code is not shown",
    ),
    Step(
        "Finish the first sign-in",
        "AdminRespondToAuthChallenge",
        _answer(SERVER, "MFA_SETUP"),
        others=f"{LEFT_OUT}, and begins another sign-in",
    ),
    Step("Sign in with a code", "AdminInitiateAuth", BY_SERVER, others=DOES),
    Step(
        "Send the code",
        "AdminRespondToAuthChallenge",
        _answer(SERVER, "SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE=_v("code")),
        {
            "JavaScript v3": (
                "does it, and by RespondToAuthChallenge for the client's side; a wrong, used or"
                " late code is not shown"
            ),
            "Python": "does it, and asks for the next code when this one was used",
        },
        f"{DOES}; a wrong, used or late code is not shown",
    ),
    Step(
        "Verify the tokens",
        programs={
            ".NET": "prints the access token, and verifies none",
            "JavaScript v3": "keeps them for its next command, and verifies none",
            "Python": "prints the access token and the device's keys, and verifies none",
        },
        others="prints them all, and verifies none",
    ),
    Step(
        "Have the device remembered",
        "ConfirmDevice",
        {
            "AccessToken": ACCESS_TOKEN,
            "DeviceKey": DEVICE_KEY,
            "DeviceName": _v("device_name"),
            "DeviceSecretVerifierConfig": {
                "PasswordVerifier": _v("password_verifier"),
                "Salt": _v("salt"),
            },
        },
        {
            ".NET": "has it in its wrapper, and never calls it",
            "Python": (
                "does it. The package that it names for the mathematics, warrant, has had no"
                " release since 2017; pycognito is its successor"
            ),
        },
    ),
    Step("List the devices", "ListDevices", {"AccessToken": ACCESS_TOKEN}),
    Step(
        "Sign in with the device",
        "InitiateAuth",
        ANYBODY
        | {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": WITH_PASSWORD | {"DEVICE_KEY": DEVICE_KEY},
        },
        {"Python": WITHOUT_SECRET},
    ),
    Step(
        "Prove the device, first answer",
        "RespondToAuthChallenge",
        _answer(ANYBODY, "DEVICE_SRP_AUTH", DEVICE_KEY=DEVICE_KEY, SRP_A=_v("srp_a")),
        {"Python": WITHOUT_SECRET},
    ),
    Step(
        "Prove the device, second answer",
        "RespondToAuthChallenge",
        _answer(ANYBODY, "DEVICE_PASSWORD_VERIFIER", **PROOF),
        {"Python": WITHOUT_SECRET},
    ),
    Step(
        "Refresh the tokens",
        "InitiateAuth",
        ANYBODY
        | {
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "AuthParameters": {"REFRESH_TOKEN": _v("refresh_token"), "DEVICE_KEY": DEVICE_KEY},
        },
    ),
    Step("Revoke the tokens", "RevokeToken", ANYBODY | {"Token": _v("refresh_token")}),
    Step(
        "Leave",
        "DeleteUser",
        {"AccessToken": ACCESS_TOKEN},
        {"C++": "does it when asked to"},
        f"{LEFT_OUT}: the user stays",
    ),
    Step(
        "Meet a refusal",
        programs={
            ".NET": "writes it into its log",
            "C++": "prints Cognito's message and stops",
            "Java": "prints Cognito's message and ends with 1",
            "JavaScript v3": "writes it into its log, and names the next command",
            "Kotlin": "nothing is noted of it here",
            "Python": "writes code and message into its log, and raises it again",
        },
    ),
    Step(
        "Clean up",
        "DeleteUserPool",
        {"UserPoolId": POOL},
        {"Python": f"{LEFT_OUT}, and reminds of it"},
        f"{LEFT_OUT}: the pool stays",
    ),
]


class Cell(NamedTuple):
    """One program at one step: its SDK, the call there, empty where the step makes none, and what
    is to be said of it.
    """

    sdk: str
    call: str
    remark: str


def beside(step: Step, model: ServiceModel) -> Iterator[Cell]:
    """The six programs at a step, by botocore's model of the service."""
    for sdk, rules in SDKS.items():
        operation, request = step.instead.get(sdk, (step.operation, step.request))
        call = program(rules, model.operation_model(operation), request) if operation else ""
        yield Cell(sdk, call, step.programs.get(sdk, step.others))
