"""Text messages are on the phone, emails in the inbox."""

import pytest

from cognito_helpers import open_lab
from cognito_helpers.errors import LessonError
from cognito_helpers.lessons.prerequisites import A_CONFIRMED_USER
from cognito_helpers.views.inbox import InboxView
from cognito_helpers.views.phone import PhoneView

PASSWORD, NUMBER = "Passw0rd!", "+14325551212"
SENDER = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "id"}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.delenv("COGNITO_LAB_BACKEND", raising=False)


@pytest.fixture
def lab():
    """A lab whose learner is ben, in a pool that sends SMS and email codes."""
    lab = open_lab("nothing")
    policy = {"AllowedFirstAuthFactors": ["PASSWORD", "SMS_OTP", "EMAIL_OTP"]}
    lab.pool_id = lab.cognito.create_user_pool(
        PoolName="codes", Policies={"SignInPolicy": policy}, SmsConfiguration=SENDER
    )["UserPool"]["Id"]
    lab.client_id = lab.cognito.create_user_pool_client(
        UserPoolId=lab.pool_id, ClientName="app", ExplicitAuthFlows=["ALLOW_USER_AUTH"]
    )["UserPoolClient"]["ClientId"]
    lab.cognito.admin_create_user(
        UserPoolId=lab.pool_id,
        Username="ben",
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": "ben@example.com"},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "phone_number", "Value": NUMBER},
            {"Name": "phone_number_verified", "Value": "true"},
        ],
    )
    lab.username = "ben"
    return lab


def send(lab, challenge):
    lab.cognito.initiate_auth(
        ClientId=lab.client_id,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": "ben", "PREFERRED_CHALLENGE": challenge},
    )


def test_each_kind_has_its_place(lab):
    send(lab, "SMS_OTP")
    send(lab, "EMAIL_OTP")
    assert [message.medium for message in lab.phone.texts()] == ["SMS"]
    assert [message.medium for message in lab.inbox.messages] == ["EMAIL"]
    assert lab.phone.text_code() == lab.phone.texts()[0].code == lab.phone.of("ben").text_code()
    assert lab.inbox.code() == lab.inbox.messages[0].code
    assert lab.phone.text_code() not in InboxView(lab.inbox)._screen.value
    assert lab.inbox.code() not in PhoneView(lab.phone)._screen.value


def test_the_phone_shows_them_newest_first_with_the_code_to_copy(lab):
    assert "Messages" not in PhoneView(lab.phone)._screen.value
    send(lab, "SMS_OTP")
    first = lab.phone.text_code()
    view = PhoneView(lab.phone)
    send(lab, "SMS_OTP")
    second = lab.phone.text_code()
    view._again.click()
    shown = view._screen.value
    assert f'value="{second}"' in shown and f'value="{first}"' not in shown
    assert shown.rindex(second) < shown.rindex(first) and NUMBER in shown
    assert "account" not in shown and view._clock.layout.display == "none"
    assert first not in str(view._repr_mimebundle_()) and second not in str(
        view._repr_mimebundle_()
    )


def test_without_a_text_message_there_is_a_sentence():
    lab = open_lab("nothing")
    with pytest.raises(LessonError, match="No text message was sent to the learner yet"):
        lab.phone.text_code()
    lab = open_lab(A_CONFIRMED_USER)
    with pytest.raises(LessonError, match=f"No text message was sent to {lab.username} yet"):
        lab.phone.text_code()
