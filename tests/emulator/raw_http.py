"""Requests to the HTTP endpoint, byte by byte, and the responses: for what no SDK sends."""

import json
import socket
from contextlib import closing
from http.client import HTTPResponse
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

TARGET = "AWSCognitoIdentityProviderService."
# Long enough for any machine: a test that gets here has found a hang.
PATIENCE = 60


def dial(url, receive_buffer=None):
    """A connection to the endpoint at `url`."""
    address = urlsplit(url)
    connection = socket.socket()
    try:
        connection.settimeout(PATIENCE)
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.connect((address.hostname, address.port))
    except OSError:
        connection.close()
        raise
    return connection


def request(url, method="POST", path="/", body=b"", *, target=TARGET + "ListUserPools", **headers):
    """The bytes of a request; a header that is None is left out, and `_` in a name means `-`."""
    usual = {"Host": urlsplit(url).netloc, "X-Amz-Target": target, "Content-Length": str(len(body))}
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body


def chunked(*pieces):
    return (
        b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)
        + b"0\r\n\r\n"
    )


class Reply:
    """The next response on a connection, read by `http.client` as an independent check of the
    HTTP.
    """

    def __init__(self, connection, method="POST"):
        reader = HTTPResponse(connection, method=method)
        reader.begin()
        self.status, self.headers, self.body = reader.status, reader.headers, reader.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """Status and code of a response that is an error in every respect."""
        assert set(self.json) == {"__type", "message"}
        assert self.json["message"]
        assert self.headers["x-amzn-ErrorType"] == self.json["__type"] + ":"
        assert self.headers["Content-Type"] == "application/x-amz-json-1.1"
        assert self.headers["x-amzn-RequestId"]
        return self.status, self.json["__type"]


def send(url, *pieces, method="POST"):
    """The response to bytes sent piece by piece on a new connection."""
    with closing(dial(url)) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return Reply(connection, method)


def keys(url, pool_id):
    """A pool's public keys, from the endpoint."""
    return send(url, request(url, "GET", f"/{pool_id}/.well-known/jwks.json"), method="GET").json


def ends(connection):
    """Wait until the other side closes the connection; return what came before that."""
    came = b""
    while piece := connection.recv(65536):
        came += piece
    return came


def boto_client(url, region="us-east-1", **settings):
    """An ordinary boto3 client of the emulator, without the proxies in the machine's
    environment.
    """
    config = Config(
        retries={"mode": "legacy", "total_max_attempts": 1}, proxies={"http": None}, **settings
    )
    return boto3.Session(
        aws_access_key_id="x", aws_secret_access_key="x", region_name=region
    ).client("cognito-idp", endpoint_url=url, config=config)
