"""Errors of app clients and their secrets."""

from ...tutorial_pool.lessons import Lesson
from .row import Row

ROWS = [
    Row(
        "secret-hash-missing",
        "NotAuthorizedException",
        "Client … is configured … secret",
        "The app client has a secret, and no proof of it was sent.",
        f"Send the secret hash: lesson {Lesson.CLIENT_SECRET}.",
    ),
    Row(
        "secret-hash-wrong",
        "NotAuthorizedException",
        "Unable to verify secret hash",
        "The hash is not of this name, this client and its secret.",
        f"Hash the very name that you send: lesson {Lesson.CLIENT_SECRET}.",
    ),
    Row(
        "secret-wrong",
        "NotAuthorizedException",
        "Unable to verify secret for client",
        "The client secret isn't this client's.",
        "Send the client's own secret.",
    ),
    Row(
        "caller-secret-wrong",
        "UnauthorizedException",
        "Unable to verify secret for client",
        "The client secret isn't this client's.",
        "Send the client's own secret.",
    ),
    Row(
        "caller-unknown",
        "UnauthorizedException",
        "User pool client … does not exist",
        "There's no app client with this ID.",
        "Check the client ID and the Region.",
    ),
    Row(
        "unauthorized",
        "UnauthorizedException",
        "",
        "Cognito does not know this caller.",
        "Check the token and the app client.",
    ),
]
