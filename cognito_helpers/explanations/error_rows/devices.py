"""Errors of devices."""

from ...tutorial_pool.lessons import Lesson
from .row import Row

ROWS = [
    Row(
        "no-such-device",
        "ResourceNotFoundException",
        "Device does not exist",
        "Cognito doesn't know this device. It may have been forgotten.",
        "Sign in without its key. Cognito then offers a new device.",
    ),
    Row(
        "device-key-invalid",
        "InvalidParameterException",
        "Invalid device key",
        "This device key wasn't issued to this user.",
        "Use the key from one of this user's sign-ins. Complete that sign-in with USER_ID_FOR_SRP"
        " as USERNAME, not with an email address.",
    ),
    Row(
        "device-confirmed-already",
        "DeviceKeyExistsException",
        "",
        "This device key is already confirmed.",
        "Confirm each key once.",
    ),
    Row(
        "device-verifier-unusable",
        "InvalidParameterException",
        "The password verifier is not usable",
        "The verifier isn't a number SRP can use.",
        f"Compute it from the device's password, as lesson {Lesson.SRP_EXPLAINED} shows.",
    ),
    Row(
        "not-base64",
        "InvalidParameterException",
        "… is not Base64",
        "The value isn't written in Base64.",
        "Encode the bytes with base64.b64encode.",
    ),
    Row(
        "negative-value",
        "InvalidParameterException",
        "Negative value passed",
        "The first bit of the bytes is a sign, and here it's set.",
        "Put a zero byte in front.",
    ),
    Row(
        "device-tracking-off",
        "InvalidUserPoolConfigurationException",
        "Device tracking not currently enabled",
        "The pool doesn't track devices.",
        "Set the pool's DeviceConfiguration.",
    ),
    Row(
        "pool-not-set-up",
        "InvalidUserPoolConfigurationException",
        "",
        "The pool isn't set up for this.",
        "Check the pool's settings.",
    ),
]
