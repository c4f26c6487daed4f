"""pycognito: secure remote password, authenticator codes, verified tokens and remembered devices,
as an application in Python uses them.
"""

import pytest
import requests
from botocore.exceptions import ClientError
from pycognito import Cognito, aws_srp
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import (
    ForceChangePasswordException,
    SoftwareTokenMFAChallengeException,
    TokenVerificationException,
)

from ..emulator.flow import EMAIL, MASKED, PASSWORD, WRONG_PASSWORD

# From Python 3.12 on, pycognito's way of reading the time is deprecated.
pytestmark = pytest.mark.filterwarnings(r"ignore:datetime\.datetime\.utcnow:DeprecationWarning")

NEW_PASSWORD = "Battery-Staple-8"


class Application:
    """An application that knows one pool and one user, by pycognito."""

    def __init__(self, place, pool, username):
        self.place, self.pool, self.username = place, pool, username
        self.cognito = Cognito(
            pool.pool_id,
            pool.client_id,
            username=username,
            client_secret=pool.secret,
            session=place.session,
            boto3_client_kwargs={"endpoint_url": place.url},
        )

    def srp(self, password=PASSWORD, **device):
        known = {"client": self.cognito.client, "client_secret": self.pool.secret, **device}
        return AWSSRP(self.username, password, self.pool.pool_id, self.pool.client_id, **known)

    def signed_up(self):
        self.cognito.set_base_attributes(email=EMAIL)
        answer = self.cognito.register(self.username, PASSWORD)
        assert answer["CodeDeliveryDetails"]["Destination"] == MASKED
        self.cognito.confirm_sign_up(self.place.email_code(self.username))
        return self

    def enrolled(self):
        """Set up an authenticator if the pool requires one; pycognito leaves these calls to
        boto3.
        """
        boto, password_accepted = self.cognito.client, self.srp().authenticate_user()
        assert password_accepted["ChallengeName"] == "MFA_SETUP"
        offered = boto.associate_software_token(Session=password_accepted["Session"])
        self.secret = offered["SecretCode"]
        verified = boto.verify_software_token(
            Session=offered["Session"], UserCode=self.place.fresh_code(self.secret)
        )
        boto.respond_to_auth_challenge(
            ClientId=self.pool.client_id,
            ChallengeName="MFA_SETUP",
            Session=verified["Session"],
            ChallengeResponses={"USERNAME": self.username},
        )
        return self

    def with_code(self):
        """Signed in with a password and a code. pycognito has verified its tokens."""
        with pytest.raises(SoftwareTokenMFAChallengeException):
            self.cognito.authenticate(PASSWORD)
        with rejects("CodeMismatchException"):
            self.cognito.respond_to_software_token_mfa_challenge(self.place.wrong_code(self.secret))
        self.cognito.respond_to_software_token_mfa_challenge(self.place.fresh_code(self.secret))
        return self.believed()

    def believed(self):
        """Check that our verification agrees with pycognito's."""
        held = {"AccessToken": self.cognito.access_token, "IdToken": self.cognito.id_token}
        assert self.place.verified(self.pool.pool_id, self.pool.client_id, held) == (
            self.cognito.access_claims,
            self.cognito.id_claims,
        )
        assert (
            self.cognito.access_claims["username"]
            == self.cognito.id_claims["cognito:username"]
            == self.username
        )
        return self


def rejects(code):
    return pytest.raises(ClientError, match=rf"\({code}\)")


@pytest.fixture
def at_the_endpoint(place, monkeypatch):
    """pycognito has AWS's own address in its calls for devices; send these requests to the endpoint
    instead.
    """
    real = requests.post

    def post(url, **request):
        assert url == "https://cognito-idp.us-east-1.amazonaws.com/"
        return real(place.url, **request)

    monkeypatch.setattr(aws_srp.requests, "post", post)


def test_a_pool_that_requires_a_code(place):
    app = (
        Application(place, place.pool("untracked"), "python-on").signed_up().enrolled().with_code()
    )
    before = app.cognito.access_claims
    app.cognito.renew_access_token()
    app.believed()
    assert app.cognito.access_claims["origin_jti"] == before["origin_jti"]
    assert app.cognito.access_claims["jti"] != before["jti"]
    assert app.cognito.check_token() is False
    assert app.cognito.get_user().email_verified is True

    token, refresh_token = app.cognito.access_token, app.cognito.refresh_token
    app.cognito.logout()
    app.cognito.access_token, app.cognito.refresh_token = token, refresh_token
    with rejects("NotAuthorizedException"):
        app.cognito.renew_access_token()
    app.with_code()
    app.cognito.delete_user()
    with rejects("UserNotFoundException"):
        app.cognito.authenticate(PASSWORD)


def test_a_pool_with_optional_mfa(place):
    app = Application(place, place.pool("optional MFA"), "python-optional").signed_up()
    with rejects("NotAuthorizedException"):
        app.cognito.authenticate(WRONG_PASSWORD)
    app.cognito.authenticate(PASSWORD)
    app.believed()
    app.secret = app.cognito.associate_software_token()
    assert app.cognito.verify_software_token(app.place.fresh_code(app.secret), "my phone")
    app.cognito.set_user_mfa_preference(False, True, "SOFTWARE_TOKEN")
    app.with_code()
    assert app.cognito.get_user(attr_map={"email": "mail"}).mail == EMAIL


def test_a_client_with_a_secret(place):
    app = Application(place, place.pool("secret", GenerateSecret=True), "python-secret").signed_up()
    app.cognito.authenticate(PASSWORD)
    app.believed().cognito.renew_access_token()
    app.believed()
    app.cognito.client_secret = "1" * 52
    with rejects("NotAuthorizedException"):
        app.cognito.authenticate(PASSWORD)


def test_a_remembered_device_needs_no_code(place, at_the_endpoint):
    app = Application(place, place.pool(), "python-device").signed_up().enrolled()
    with pytest.raises(SoftwareTokenMFAChallengeException) as asked:
        app.srp().authenticate_user()
    boto, code = app.cognito.client, place.fresh_code(app.secret)
    answered = boto.respond_to_auth_challenge(
        ClientId=app.pool.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=asked.value.get_tokens()["Session"],
        ChallengeResponses={"USERNAME": app.username, "SOFTWARE_TOKEN_MFA_CODE": code},
    )
    first = app.srp()
    confirmed, device_password = first.confirm_device(answered, "my computer")
    assert (confirmed.status_code, confirmed.json()) == (200, {"UserConfirmationNecessary": False})

    device = {
        "device_key": first.device_key,
        "device_group_key": first.device_group_key,
        "device_password": device_password,
    }
    signed_in = app.srp(**device).authenticate_user()["AuthenticationResult"]
    access, _ = place.verified(app.pool.pool_id, app.pool.client_id, signed_in)
    assert access["device_key"] == first.device_key
    with rejects("NotAuthorizedException"):
        app.srp(**device | {"device_password": "x"}).authenticate_user()

    first.update_device_status(False, signed_in["AccessToken"], first.device_key)
    with pytest.raises(SoftwareTokenMFAChallengeException):
        app.srp(**device).authenticate_user()
    first.forget_device(signed_in["AccessToken"], first.device_key)
    with rejects("ResourceNotFoundException"):
        app.srp(**device).authenticate_user()


def test_an_administrators_user_chooses_a_password(place):
    app = Application(place, place.pool("no MFA"), "python-invited")
    app.cognito.client.admin_create_user(
        UserPoolId=app.pool.pool_id,
        Username=app.username,
        TemporaryPassword=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": EMAIL}],
    )
    with pytest.raises(ForceChangePasswordException):
        app.cognito.authenticate(PASSWORD)
    app.cognito.new_password_challenge(PASSWORD, NEW_PASSWORD)
    app.believed()


def test_a_forgotten_and_a_changed_password(place):
    app = Application(place, place.pool("no MFA"), "python-forgetful").signed_up()
    app.cognito.initiate_forgot_password()
    app.cognito.confirm_forgot_password(place.email_code(app.username), NEW_PASSWORD)
    app.cognito.authenticate(NEW_PASSWORD)
    app.cognito.change_password(NEW_PASSWORD, PASSWORD)
    with rejects("NotAuthorizedException"):
        app.cognito.authenticate(NEW_PASSWORD)
    app.cognito.authenticate(PASSWORD)
    app.believed()


def test_tokens_of_another_pool_are_rejected(place):
    """So the checks above prove something: the same tokens at a pool that issued none of them."""
    app = Application(place, place.pool("no MFA"), "python-ours").signed_up()
    app.cognito.authenticate(PASSWORD)
    other = Application(place, place.pool("no MFA"), "python-ours").cognito
    other.pool_jwk = app.cognito.get_keys()
    with pytest.raises(TokenVerificationException, match="issuer"):
        other.verify_token(app.cognito.access_token, "access_token", "access")
