"""What a person does in each lesson: for each cell that asks for something, or shows something to press, the steps below it."""

from __future__ import annotations

from .steps import Enter, Fill, OnPage, Press, See, Step

A_NAME = "A name has 1 to 128 letters"
NO_SPACES = "A user name has 1 to 128 characters and no spaces."
SIX_DIGITS = "A code has six digits."
YES_OR_NO = "Answer yes or no."

MAILED = OnPage("The newest code:")
ON_PHONE = OnPage("To copy:")


def wire(first_call: str, command: str) -> list[Step]:
    """Look at a call in the view of the wire, then at the same call on the command line."""
    return [
        Enter("Call", f"1. {first_call}", see=f"AWSCognitoIdentityProviderService.{first_call}"),
        Enter("Show it as", "AWS CLI", see=f"aws cognito-idp {command}"),
        Press("Look at the wire again", see="aws cognito-idp"),
    ]


ROWS: dict[str, dict[str, list[Step]]] = {
    "00_start_here": {
        "choose-two-names-code": [Fill({"Pool name": "mine/yours"}, A_NAME, right={"Pool name": "workshop"})],
        "create-the-pool-code": [See("workshop")],
        "see-what-went-over-the-wire-code": wire("ListUserPools", "list-user-pools"),
    },
    "01_sign_up": {
        "choose-a-name-an-address-and-a-password-code": [
            Fill({"E-mail": "dora at example.com"}, "An e-mail address has one @", right={"User name": "dora", "E-mail": "dora@example.com", "Password": "Passw0rd!"})
        ],
        "look-at-the-user-code": [See("dora@example.com")],
        "read-the-mail-code": [Press("Look into the inbox again", see="to dora@example.com")],
        "send-the-code-back-code": [Fill({"Code from the mail": "12 345"}, SIX_DIGITS)],
        "see-what-went-over-the-wire-code": wire("SignUp", "sign-up"),
    },
    "02_set_up_mfa": {
        "sign-in-for-the-first-time-code": [Fill({"User name": "a b"}, NO_SPACES)],
        "hand-the-secret-to-the-phone-code": [
            Enter("Phone's clock", "10 seconds fast", see="This phone's clock is 10 seconds fast"),
            Enter("Phone's clock", "right"),
            Press("Look at the phone again", see="Good for"),
        ],
        "prove-that-the-phone-has-it-code": [Fill({"Code on the phone": "12345"}, SIX_DIGITS, right={"Name of the app": "My phone"})],
        "see-what-went-over-the-wire-code-2": wire("GetUserPoolMfaConfig", "get-user-pool-mfa-config"),
    },
    "03_sign_in": {
        "give-your-name-and-password-code": [Fill({"User name": "a b"}, NO_SPACES)],
        "look-at-the-phone-code": [Press("Look at the phone again", see="Good for")],
        "look-at-the-phone-code-2": [Fill({"Code on the phone": "none"}, SIX_DIGITS, right={"Code on the phone": ON_PHONE})],
        "verify-before-you-believe-code-3": [
            See("Genuine."),
            Enter("Claim", "email"),
            Enter("New value", "eve@example.com"),
            Press("Change this claim", see="Not genuine: do not believe a word of it."),
            Press("Put the token back as it was", see="Genuine."),
            Press("Check it again, now", see="Genuine."),
        ],
        "see-what-went-over-the-wire-code": wire("AdminInitiateAuth", "admin-initiate-auth"),
    },
    "04_remember_a_device": {
        "sign-in-with-a-code-code": [Fill({"Code on the phone": "1234567"}, SIX_DIGITS)],
        "confirm-the-device-code": [Fill({"Name of the device": "mine/yours"}, A_NAME, right={"Name of the device": "The old one"})],
        "see-which-devices-you-have-code": [See("The old one")],
    },
    "07_whole_flow": {
        "give-the-settings-code": [Fill({"User pool": "mine/yours"}, A_NAME)],
        "sign-up-code": [Fill({"User name": "a b"}, NO_SPACES, right={"User name": "dora", "Password": "Passw0rd!"})],
        "ask-for-another-code-code": [Fill({"Send it once more": "perhaps"}, YES_OR_NO, right={"Send it once more": "y"})],
        "ask-for-another-code-code-3": [Press("Look into the inbox again", see="to carla@example.com")],
        "confirm-the-sign-up-code": [Fill({"Code from the mail": "123"}, SIX_DIGITS, right={"Code from the mail": MAILED})],
        "show-the-qr-code-code": [Press("Look at the phone again", see="dora")],
        "prove-that-the-app-has-it-code": [Fill({"Code on the phone": "123"}, SIX_DIGITS)],
        "send-the-code-code": [Fill({"Code on the phone": "123"}, SIX_DIGITS)],
        "have-the-device-remembered-code": [Fill({"Remember it": "perhaps"}, YES_OR_NO, right={"Remember it": "yes", "Name of the device": "The old one"})],
        "leave-code": [Fill({"Delete Carla": "perhaps"}, YES_OR_NO, right={"Delete Carla": "no"})],
    },
    "08_clean_up": {
        "sign-in-once-more-code": [Fill({"Code on the phone": "123"}, SIX_DIGITS)],
        "see-what-went-over-the-wire-code-2": wire("InitiateAuth", "initiate-auth"),
    },
}
