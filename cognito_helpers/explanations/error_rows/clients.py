"""Errors of app clients and their secrets."""

from ...tutorial_pool.lessons import Lesson
from .row import Row

ROWS = [
    Row(
        "secret-hash-missing",
        "NotAuthorizedException",
        "Client … is configured … secret",
        "The app client has a secret, and the request has no secret hash.",
        f"Send the secret hash (lesson {Lesson.CLIENT_SECRET}), or use a client without a secret.",
    ),
    Row(
        "secret-hash-wrong",
        "NotAuthorizedException",
        "Unable to verify secret hash",
        "The hash doesn't match this user name, client and secret.",
        f"Hash the exact name you send (lesson {Lesson.CLIENT_SECRET}). For a refresh, hash the"
        " user name.",
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
        "Cognito doesn't know this caller.",
        "Check the token and the app client.",
    ),
]
