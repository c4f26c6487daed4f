"""Phone numbers that are verified by a code in a text message. BEHAVIOR.md, 1.1 to 1.3, 11.23."""

import pytest

from .flow import EMAIL, MUTABLE, PASSWORD, PHONE, SMS, pairs, rejects

pytestmark = [pytest.mark.mails, pytest.mark.emulator_only("text messages")]

OTHER = "+442079460000"
VERIFIES = {"AutoVerifiedAttributes": ["phone_number"]}
SENT = {"Destination": "+*******1212", "DeliveryMedium": "SMS", "AttributeName": "phone_number"}
WRONG = ("CodeMismatchException", "Invalid verification code provided, please try again.")
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.")


@pytest.fixture
def make(make_flow):
    def make(pool=(), **more):
        return make_flow("no MFA", pool=MUTABLE | SMS | VERIFIES | dict(pool), **more)

    return make


@pytest.fixture
def flow(make):
    return make()


def sign_up(flow, **attributes):
    return flow.sign_up(UserAttributes=pairs(**{"phone_number": PHONE, **attributes}))


def newest(flow):
    return flow.emulator.inbox(flow.username)[-1]


def test_a_sign_up_is_confirmed_by_text_message(flow):
    """1.1, 1.3"""
    assert sign_up(flow, email=EMAIL)["CodeDeliveryDetails"] == SENT
    message = newest(flow)
    assert (message.medium, message.destination, message.subject) == ("SMS", PHONE, "")
    assert message.body == f"Your confirmation code is {message.code}"
    assert flow.resend() == {"CodeDeliveryDetails": SENT}
    with rejects(flow, *WRONG):
        flow.confirm(flow.wrong_email_code())
    flow.confirm()
    known = flow.attributes()
    assert known["phone_number_verified"] == "true" and "email_verified" not in known
    assert flow.sign_in()["AuthenticationResult"]


def test_the_pools_own_text(make):
    """11.13"""
    flow = make({"SmsVerificationMessage": "Type {####}, please"})
    sign_up(flow)
    assert newest(flow).body == f"Type {newest(flow).code}, please"


def test_a_pool_that_verifies_both_sends_a_text_message(make):
    """11.23"""
    flow = make({"AutoVerifiedAttributes": ["email", "phone_number"]})
    assert sign_up(flow, email=EMAIL)["CodeDeliveryDetails"] == SENT
    flow.confirm()
    known = flow.attributes()
    assert (known["phone_number_verified"], known["email_verified"]) == ("true", "false")


def test_without_a_number_the_code_goes_by_email(make):
    """11.23"""
    flow = make({"AutoVerifiedAttributes": ["email", "phone_number"]})
    assert flow.sign_up()["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    flow.confirm()
    assert flow.attributes()["email_verified"] == "true"


def test_without_a_number_there_is_no_code(flow):
    """1.1"""
    assert "CodeDeliveryDetails" not in flow.sign_up()
    with rejects(flow, "InvalidParameterException", "Auto verification not turned on."):
        flow.resend()


def test_a_number_as_the_user_name(make):
    """1.1"""
    flow = make({"UsernameAttributes": ["phone_number"]})
    flow.username = PHONE
    assert flow.sign_up(UserAttributes=[])["CodeDeliveryDetails"] == SENT
    flow.confirm()
    assert flow.sign_in()["AuthenticationResult"]


def test_a_new_number_is_sent_a_code(flow):
    """10.7, 11.23"""
    sign_up(flow)
    flow.confirm()
    flow.sign_in()
    (delivery,) = flow.update(phone_number=OTHER)["CodeDeliveryDetailsList"]
    assert delivery["DeliveryMedium"] == "SMS" and newest(flow).destination == OTHER
    assert flow.attributes()["phone_number_verified"] == "false"
    with rejects(flow, *EXPIRED):
        flow.prove(attribute="email")
    flow.prove(attribute="phone_number")
    assert flow.attributes()["phone_number_verified"] == "true"


def test_a_code_for_the_number_may_be_asked_for(flow):
    """8a, 11.23"""
    sign_up(flow)
    flow.confirm()
    flow.sign_in()
    assert flow.ask_for_code("phone_number") == {"CodeDeliveryDetails": SENT}
    code = newest(flow).code
    flow.update(phone_number=OTHER)
    # It went to the other number.
    with rejects(flow, *WRONG):
        flow.prove(code, "phone_number")


def test_a_code_for_a_number_of_before_confirms_nothing(flow):
    """11.23"""
    sign_up(flow)
    code = newest(flow).code
    flow.admin_update(phone_number=OTHER)
    assert newest(flow).destination == OTHER
    with rejects(flow, *WRONG):
        flow.confirm(code)
    flow.confirm()


def test_a_verified_number_is_an_alias(make):
    """10.1"""
    flow = make({"AliasAttributes": ["phone_number"]})
    sign_up(flow)
    flow.confirm()
    assert flow.sign_in(username=PHONE)["AuthenticationResult"]
    flow.username = "ben"
    sign_up(flow)
    with rejects(flow, "AliasExistsException", "An account with the phone_number already exists."):
        flow.confirm()


@pytest.mark.parametrize("name", ["nobody", OTHER])
def test_an_unknown_user_at_a_client_that_hides(make, name):
    """1.2"""
    flow = make(client={"PreventUserExistenceErrors": "ENABLED"})
    told = flow.resend(name)["CodeDeliveryDetails"]
    assert told == flow.resend(name)["CodeDeliveryDetails"]
    assert (told["DeliveryMedium"], told["AttributeName"]) == ("SMS", "phone_number")


def test_the_code_of_a_forgotten_password_is_another(make):
    """section 3"""
    flow = make({"AutoVerifiedAttributes": ["email", "phone_number"]})
    sign_up(flow, email=EMAIL)
    flow.admin_update(email_verified="true")
    first = newest(flow).code
    flow.forgot()
    with rejects(flow, "CodeMismatchException"):
        flow.reset(PASSWORD, first if first != newest(flow).code else "none")
