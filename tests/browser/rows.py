"""What a user does in each lesson: for each cell with a form or a button, the steps below it."""

from __future__ import annotations

from cognito_helpers.exercises.case_data import CASES
from cognito_helpers.exercises.result import NOT_YET, SOLVED
from cognito_helpers.tutorial_pool.lessons import Lesson

from .steps import Choose, Enter, Fill, OnPage, Press, See, Step, Tick

A_NAME = "A name has 1 to 128 letters"
NO_SPACES = "A user name has 1 to 128 characters and no spaces."
SIX_DIGITS = "A code has six or eight digits."
# The required length of a key
A_KEY = "JBSWY3DPEHPKJBSWY3DPEHPK"

MAILED = OnPage("The newest code:")
ON_PHONE = OnPage("To copy:")


def wire(call: str, command: str, number: int = 1) -> list[Step]:
    """Choose a call in the view of requests, then show it as a CLI command."""
    return [
        Enter("Call", f"{number}. {call}", see=f"AWSCognitoIdentityProviderService.{call}"),
        Enter("Show it as", "AWS CLI", see=f"aws cognito-idp {command}"),
        Press("Refresh the requests", see="aws cognito-idp"),
    ]


# Fills in who the user is: first with a mistake.
DORA = Fill(
    {"Email": "dora at example.com"},
    "An email address has one @",
    right={"User name": "dora", "Email": "dora@example.com", "Password": "Passw0rd!"},
)


def change_a_claim(
    valid_at_first: bool, claim: str = "email", value: str = "mallory@example.com"
) -> list[Step]:
    """Change a claim in the token view, and undo the change."""
    before = "Valid." if valid_at_first else "Invalid"
    return [
        Enter("Claim", claim),
        Enter("New value", value),
        Press("Change this claim", see=value),
        Press("Restore the token", see=before),
        Press("Check again", see=before),
    ]


def diagnose(title: str) -> list[Step]:
    """Press the button without a choice, then with a wrong cause, then with the right one."""
    case = CASES[title]
    cause = "Check my answer"
    wrong = case.causes[case.right % len(case.causes)].text
    return [
        Press(cause, see="Choose a cause first."),
        Tick(wrong),
        Press(cause, see=NOT_YET),
        Tick(case.causes[case.right - 1].text),
        Press(cause, see=SOLVED),
    ]


# A request Cognito accepts, typed by a learner who wants to know what a name without a user gives
BY_HAND = '{"ClientId": "{practice.client_id}", "Username": "dora"}'

ROWS: dict[str, dict[str, list[Step]]] = {
    Lesson.START_HERE.stem: {
        "choose-a-user-code": [DORA],
        "sign-up-code": [Press("Refresh the inbox", see="To: dora@example.com")],
        "confirm-code": [See("dora is confirmed.")],
        "get-a-secret-code": [Press("Refresh the phone", see="Next code in")],
        "read-the-id-token-code": [
            See("Valid."),
            See("dora@example.com"),
            *change_a_claim(valid_at_first=True),
        ],
    },
    Lesson.CREATE_A_USER_POOL.stem: {
        "name-your-pool-code": [
            Fill(
                {"Pool name": "mine/yours", "Pool ID": "not an id"},
                A_NAME,
                right={"Pool name": "workshop"},
            )
        ],
        "choose-the-pool-code": [See("workshop")],
        "find-your-pool-code": [See("Found: workshop")],
        "inspect-the-requests-code": wire("CreateUserPool", "create-user-pool"),
    },
    Lesson.SIGN_UP.stem: {
        "choose-a-user-code": [DORA],
        "read-the-user-code": [See("dora@example.com")],
        "read-the-inbox-code": [Press("Refresh the inbox", see="To: dora@example.com")],
        "choose-a-new-password-code": [
            Fill({"Confirmation code": "12 345"}, SIX_DIGITS, right={"New password": "Passw0rd?"})
        ],
    },
    Lesson.SET_UP_MFA.stem: {
        "start-the-sign-in-code": [Fill({"User name": "a b"}, NO_SPACES)],
        "show-the-qr-code-code-2": [
            Enter("Phone's clock", "10 seconds fast", see="This phone's clock is 10 seconds fast"),
            Enter("Phone's clock", "correct"),
            Press("Refresh the phone", see="Next code in"),
        ],
        "enter-the-code-code": [
            Fill({"Code on the phone": "12345"}, SIX_DIGITS, right={"Name of the app": "My phone"})
        ],
        "sign-in-again-code": [See("My phone")],
        "review-the-calls-code-2": wire("InitiateAuth", "initiate-auth"),
    },
    Lesson.SIGN_IN.stem: {
        "start-the-sign-in-client-side-code": [Fill({"User name": "a b"}, NO_SPACES)],
        "get-the-code-code": [Press("Refresh the phone", see="Next code in")],
        "get-the-code-code-2": [
            Fill({"Code on the phone": "none"}, SIX_DIGITS, right={"Code on the phone": ON_PHONE})
        ],
        "help-a-user-who-lost-their-phone-code-3": [See("MFA_SETUP")],
        "set-the-users-preference-code": [See("SOFTWARE_TOKEN_MFA")],
        "review-the-requests-code": wire("InitiateAuth", "initiate-auth"),
    },
    Lesson.USE_THE_TOKENS.stem: {
        "read-the-access-token-code": change_a_claim(True, claim="username", value="mallory"),
        "read-the-id-token-code": [
            See("Valid."),
            Enter("Claim", "email"),
            Enter("New value", "eve@example.com"),
            Press("Change this claim", see="Invalid: don't trust anything in it."),
            Press("Restore the token", see="Valid."),
            Press("Check again", see="Valid."),
        ],
        "try-it-change-a-claim-code": [See("InvalidSignatureError")],
        "review-the-requests-code": wire("InitiateAuth", "initiate-auth"),
    },
    Lesson.REMEMBER_A_DEVICE.stem: {"list-the-devices-code": [See("My computer")]},
    Lesson.SRP_EXPLAINED.stem: {},
    Lesson.CLIENT_SECRET.stem: {
        "look-for-the-hash-code": wire("CreateUserPoolClient", "create-user-pool-client"),
    },
    Lesson.OTHER_FACTORS.stem: {
        "turn-the-factors-on-code": [See("COGNITO_DEFAULT")],
        "ask-for-a-code-by-text-code-2": [
            See("+12065550100"),
            Press("Refresh the phone", see="The newest code:"),
        ],
        "respond-with-the-choice-code-2": [Press("Refresh the inbox", see="To: ben@example.com")],
        "put-the-user-in-a-group-code-2": [See("Refreshed: ['editors']")],
    },
    Lesson.PASSWORDLESS.stem: {
        "choose-a-code-code-2": [See("8 digits")],
        "check-what-was-signed-code": [
            Press("Refresh the passkey device", see="https://example.com")
        ],
    },
    Lesson.CUSTOM_CHALLENGES.stem: {
        "start-the-sign-in-code": [See("CreateAuthChallenge_Authentication")],
        "try-it-raise-an-exception-code": [See("UserLambdaValidationException")],
    },
    Lesson.PLAYGROUND.stem: {
        "build-a-request-code": [
            See("Seen so far"),
            Enter("Code", "wrong", see="(six digits that aren't a current code)"),
            Press("Send", see="CodeMismatchException"),
            See("The check that rejected it"),
            Enter("Session", "none"),
            Press("Send", see="Missing required parameter Session"),
            Enter(
                "Operation",
                "ResendConfirmationCode",
                see="POST /  ResendConfirmationCode, unsigned",
            ),
            Press("A hint", see="Fill in the choices"),
            Press("Fill in the choices", see="The choices are set."),
            Press("Send", see="New outcome"),
            Enter("Operation", "ResendConfirmationCode"),
            Press("Edit by hand", see="Discard edits"),
            Enter("The request, as JSON", '{"ClientId": '),
            Press("Send", see="This isn't valid JSON: line 1, column 14"),
            Enter("The request, as JSON", BY_HAND),
            Press("Send", see="Username/client id combination not found."),
            Press("Discard edits", see="Edit by hand"),
            Press("Show as Python", see="The request as Python"),
            Press("Hide the Python", see="Show as Python"),
            Press("Show the card", see="Hide the card"),
            Press("Hide the card", see="Show the card"),
            Enter("Phone's clock", "2 minutes slow"),
            Enter("Operation", "RespondToAuthChallenge"),
            Press("Send", see="CodeMismatchException"),
            Enter("Phone's clock", "correct"),
            Enter("MFA", "OFF"),
            Enter("Operation", "InitiateAuth"),
            Press("Send", see="AccessToken"),
            Press("Show this as Python", see="practice.cognito.initiate_auth("),
            Press("Show all as a Python script", see="Experiments from the playground."),
            Press("Send this again", see="AccessToken"),
            Press("Send all again in a new pool", see="were sent again in a new pool"),
            Press("New pool", see="Seen so far"),
            *(Press(span, see="passed.") for span in ("+3 min", "+1 hour", "+1 day", "+30 days")),
            Press("next code", see="The 30 seconds ended"),
            Press("Show as Python", see="The request as Python"),
        ],
        "collect-outcomes-code": [
            Press("Large, for a room", see="Smaller"),
            Press("Smaller", see="Large, for a room"),
            Press("Look again", see="met"),
            Press("Start over", see="Press again to empty the card"),
            Press("Look again", see="Start over"),
        ],
    },
    Lesson.DIAGNOSE.stem: {
        "one-user-code": diagnose("it works for one user and not another"),
        "slow-users-code": diagnose("it fails only for slow users"),
        "other-client-code": diagnose("it worked with the other client"),
        "signed-out-code": diagnose("everyone is signed out after an hour"),
        "not-asked-code": diagnose("no one is asked for a code"),
        "never-remembered-code": diagnose("the device is never remembered"),
        "preference-code": diagnose("the preference can't be set"),
        "deployment-code": diagnose("no code since the deployment"),
        "first-sign-in-code": diagnose("the first sign-in fails"),
        "last-step-code": diagnose("no code sets up the app"),
    },
    Lesson.BUILD_AN_APP.stem: {
        "use-the-class-code-2": [Fill({"User name": "a b"}, NO_SPACES)],
        "use-the-web-app-code": [Fill({"User name": "a b"}, NO_SPACES)],
        "use-the-web-app-code-2": [Press("Refresh the inbox", see="No message")],
        "use-the-web-app-code-3": [
            Fill({"Key": "not a key"}, "An ID has letters", right={"Key": A_KEY})
        ],
        "use-the-web-app-code-4": [Press("Refresh the phone", see="erin")],
        # The first has a wrong password.
        "inspect-the-requests-code": wire("InitiateAuth", "initiate-auth", number=2),
    },
    Lesson.CLEAN_UP.stem: {
        "sign-in-once-more-code": [Fill({"Code on the phone": "123"}, SIX_DIGITS)],
        "look-for-what-is-left-code": [Fill({"Regions": "nowhere"}, "Regions are named as in")],
        "protected-pools-code": [Choose("Turn protection off", ("yes", "no"))],
        "inspect-the-requests-code": wire("InitiateAuth", "initiate-auth"),
    },
    "demo": {
        "scan-code": [Press("Refresh the phone", see="Next code in")],
        "check-a-token-code": [Press("Check again", see="Valid.")],
        "forge-a-token-code": [
            See("The signature isn't for this content"),
            Press("Check again", see="Invalid"),
        ],
    },
}
