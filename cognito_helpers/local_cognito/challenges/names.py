"""Challenges by their names in the API, and the stages between two of them."""

SELECT_CHALLENGE = "SELECT_CHALLENGE"
PASSWORD, PASSWORD_SRP, SMS_OTP = "PASSWORD", "PASSWORD_SRP", "SMS_OTP"
WEB_AUTHN = "WEB_AUTHN"
CUSTOM_CHALLENGE = "CUSTOM_CHALLENGE"
PASSWORD_VERIFIER = "PASSWORD_VERIFIER"
NEW_PASSWORD_REQUIRED = "NEW_PASSWORD_REQUIRED"
DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER = "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"
MFA_SETUP, SELECT_MFA_TYPE = "MFA_SETUP", "SELECT_MFA_TYPE"
SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP = "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"

# What a session expects while MFA_SETUP is being answered
SETUP_OFFERED, SETUP_VERIFIED = "MFA_SETUP, secret issued", "MFA_SETUP, code verified"

# What a session from SignUp expects, and one from ConfirmSignUp
SIGNED_UP, CONFIRMED = "sign-up", "sign-up, confirmed"

# Instead of a challenge: the sign-in is complete.
TOKENS = "AuthenticationResult"
