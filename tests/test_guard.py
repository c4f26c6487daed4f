"""Nothing that belongs to others is touched: the lab records what it created, and doesn't send a
call that would change or delete anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

import nbformat
import pytest
from botocore import xform_name
from botocore.session import get_session
from nbclient import NotebookClient

from cognito_helpers import use_pool
from cognito_helpers.backends.aws import Aws
from cognito_helpers.backends.local import EmulatorBackend
from cognito_helpers.backends.storage import FileStorage, KernelStorage
from cognito_helpers.calls.effects import EFFECTS, Effect, effect_of
from cognito_helpers.errors import LessonError
from cognito_helpers.lab.inventory import Inventory
from cognito_helpers.lab.lab import Lab
from cognito_helpers.local_cognito.transports import http
from cognito_helpers.tutorial_pool.settings import (
    CLIENT_SETTINGS,
    MFA_SETTINGS,
    POOL_NAME,
    POOL_SETTINGS,
    TAGS,
)
from etc.tools.lessons import LESSONS, MODEL
from etc.tools.save_outputs import execute

# The tutorial's, except for the tag
UNTAGGED = {name: value for name, value in POOL_SETTINGS.items() if name != "UserPoolTags"}
SIGNED = {
    name for name, operation in MODEL["operations"].items() if operation.get("authtype") != "none"
}
PASSWORD = "Passw0rd!"


class OtherPool:
    """Another person's pool, with the name of ours, an app client, and the user eve, created by a
    client other than the lab's.
    """

    def __init__(
        self,
        cognito: Any,
        client: dict[str, Any] | None = None,
        mfa: dict[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self.cognito = cognito
        settings = {
            name: value for name, value in {**UNTAGGED, **settings}.items() if value is not None
        }
        self.pool_id = cognito.create_user_pool(PoolName=POOL_NAME, **settings)["UserPool"]["Id"]
        factors = {**MFA_SETTINGS, **({"MfaConfiguration": "OPTIONAL"} if mfa is None else mfa)}
        if factors["MfaConfiguration"] == "OFF":
            # With a factor beside it, OFF is rejected.
            del factors["SoftwareTokenMfaConfiguration"]
        cognito.set_user_pool_mfa_config(UserPoolId=self.pool_id, **factors)
        made = cognito.create_user_pool_client(
            UserPoolId=self.pool_id, ClientName="theirs", **{**CLIENT_SETTINGS, **(client or {})}
        )
        self.client_id = made["UserPoolClient"]["ClientId"]
        cognito.admin_create_user(UserPoolId=self.pool_id, Username="eve", MessageAction="SUPPRESS")
        cognito.admin_set_user_password(
            UserPoolId=self.pool_id, Username="eve", Password=PASSWORD, Permanent=True
        )

    def everything(self) -> Any:
        """Everything the service returns about it."""
        pool = self.cognito.describe_user_pool(UserPoolId=self.pool_id)["UserPool"]
        mfa = self.cognito.get_user_pool_mfa_config(UserPoolId=self.pool_id)
        client = self.cognito.describe_user_pool_client(
            UserPoolId=self.pool_id, ClientId=self.client_id
        )["UserPoolClient"]
        users = self.cognito.list_users(UserPoolId=self.pool_id, Filter='username = "eve"')["Users"]
        return (
            pool | {"EstimatedNumberOfUsers": None},
            mfa | {"ResponseMetadata": None},
            client,
            users,
        )

    def names(self) -> list[list[str]]:
        """The names of its app clients and users."""
        clients = self.cognito.list_user_pool_clients(UserPoolId=self.pool_id, MaxResults=60)[
            "UserPoolClients"
        ]
        users = self.cognito.list_users(UserPoolId=self.pool_id)["Users"]
        return [
            sorted(client["ClientName"] for client in clients),
            sorted(user["Username"] for user in users),
        ]

    def access_token(self, username: str = "eve", password: str = PASSWORD) -> str:
        given = {"USERNAME": username, "PASSWORD": password}
        return self.cognito.initiate_auth(
            ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
        )["AuthenticationResult"]["AccessToken"]


@contextmanager
def lab_at(transport: str, home: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Lab, Any]]:
    """A lab, in process or with the AWS backend at the emulator's HTTP endpoint; and another client
    of the same service without a guard.
    """
    emulator = EmulatorBackend(home)
    if transport == "in process":
        yield Lab(emulator), emulator._emulator.client("us-east-1")
        return
    with http.opened(emulator._emulator.service) as url:
        settings = {
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": url,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        for name, value in {
            **settings,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }.items():
            monkeypatch.setenv(name, value)
        aws = Aws(home)
        aws.agreed = True
        yield Lab(aws), emulator._emulator.client()


@pytest.fixture(name="both", params=["in process", "over HTTP"])
def lab_and_other_pool(request, tmp_path, monkeypatch):
    with lab_at(request.param, tmp_path, monkeypatch) as both:
        yield both


def names_a_pool(operation: str) -> bool:
    return bool(
        {"UserPoolId", "ResourceArn"}
        & set(MODEL["shapes"][MODEL["operations"][operation]["input"]["shape"]].get("members", {}))
    )


CHANGING = sorted(
    name for name in SIGNED if EFFECTS[name] in (Effect.POOL, Effect.CLIENT, Effect.USER)
)
TOKEN_CALLS = sorted(name for name, effect in EFFECTS.items() if effect == Effect.TOKEN_USER)


def test_of_the_signed_calls_without_a_pool_only_create_user_pool_is_sent(both):
    lab, _ = both
    others = {name for name in SIGNED if not names_a_pool(name) and EFFECTS[name] != Effect.READ}
    assert others == {
        "CreateUserPool",
        "GetClientToken",
        "GetDerivedToken",
        "UpdateProvisionedLimit",
    }
    with pytest.raises(LessonError, match="changes the whole account"):
        lab.cognito.update_provisioned_limit()
    assert lab.requests.all_calls == []
    assert {
        "DeleteUserPool",
        "UpdateUserPool",
        "TagResource",
        "AdminSetUserPassword",
        "DeleteUserPoolClient",
        "AddCustomAttributes",
    } < set(CHANGING)


def test_no_call_that_changes_or_deletes_is_sent_to_another_persons_pool(both):
    lab, other = both
    theirs = OtherPool(other)
    before = theirs.everything()
    arn = before[0]["Arn"]
    for operation in CHANGING:
        sent = len(lab.requests.all_calls)
        # All parameters that could name what the call is about: the guard runs before boto3 checks
        # for missing ones.
        given = (
            {"ResourceArn": arn}
            if operation.endswith("Resource")
            else {"UserPoolId": theirs.pool_id, "ClientId": theirs.client_id, "Username": "eve"}
        )
        with pytest.raises(
            LessonError,
            match=f"{operation} wasn't sent: pool {theirs.pool_id} doesn't have the tutorial's",
        ):
            getattr(lab.cognito, xform_name(operation))(**given)
        assert [call.operation for call in lab.requests.all_calls[sent:]] == ["DescribeUserPool"], (
            operation
        )
    assert lab.requests.calls == [], "the guard's own looks are not the learner's"
    assert theirs.everything() == before


def test_every_operation_of_the_service_model_is_classified():
    assert set(EFFECTS) == set(botocore_model().operation_names)


def botocore_model():
    return get_session().get_service_model("cognito-idp")


@pytest.mark.parametrize("operation", botocore_model().operation_names)
def test_an_operations_effect_fits_its_parameters(operation):
    """A pool, an app client, a user or a token: without one the guard can't judge."""
    model = botocore_model().operation_model(operation)
    members = set(model.input_shape.members)
    needed = {
        Effect.USER: {"Username", "ChallengeResponses"},
        Effect.TOKEN_USER: {"AccessToken"},
        Effect.CLIENT: {"ClientId"},
        Effect.POOL: {"UserPoolId", "ResourceArn"},
    }
    effect = EFFECTS[operation]
    assert effect not in needed or members & needed[effect]
    assert effect != Effect.READ or re.match("(Admin)?(Get|List|Describe)", operation)


class Row(NamedTuple):
    operation: str
    params: dict[str, Any]
    effect: Effect


@pytest.mark.parametrize(
    "row",
    [
        Row("AdminCreateUser", {}, Effect.CREATES),
        Row("AdminCreateUser", {"MessageAction": "SUPPRESS"}, Effect.CREATES),
        Row("AdminCreateUser", {"MessageAction": "RESEND"}, Effect.USER),
        Row("AdminCreateUser", {"ForceAliasCreation": True}, Effect.POOL),
        Row("AdminCreateUser", {"ForceAliasCreation": False}, Effect.CREATES),
        Row("ConfirmSignUp", {"ForceAliasCreation": True}, Effect.POOL),
        Row("ConfirmSignUp", {}, Effect.USER),
        Row("VerifySoftwareToken", {"Session": "x"}, Effect.SIGN_IN),
        Row("VerifySoftwareToken", {"AccessToken": "x"}, Effect.TOKEN_USER),
        Row("AssociateSoftwareToken", {"AccessToken": "x"}, Effect.TOKEN_USER),
        Row("GetUserAttributeVerificationCode", {}, Effect.TOKEN_USER),
        Row("GetTokensFromRefreshToken", {}, Effect.SIGN_IN),
        Row("SomethingNew", {}, Effect.ACCOUNT),
    ],
    ids=str,
)
def test_a_calls_effect_depends_on_its_parameters(row):
    assert effect_of(row.operation, row.params) == row.effect


def test_an_existing_user_keeps_password_and_address_and_never_counts_as_the_labs(both):
    lab, other = both
    theirs = OtherPool(other)
    other.admin_create_user(UserPoolId=theirs.pool_id, Username="new", MessageAction="SUPPRESS")
    for params in ({"MessageAction": "RESEND"}, {"ForceAliasCreation": True}):
        with pytest.raises(LessonError, match="AdminCreateUser wasn't sent"):
            lab.cognito.admin_create_user(UserPoolId=theirs.pool_id, Username="new", **params)
    assert lab.inventory.users == []
    with pytest.raises(LessonError, match="didn't create user eve"):
        lab.cognito.admin_respond_to_auth_challenge(
            UserPoolId=theirs.pool_id,
            ClientId=theirs.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            ChallengeResponses={"USERNAME": "eve", "NEW_PASSWORD": PASSWORD},
        )


def test_a_user_sent_another_invitation_is_not_recorded_as_created(both):
    """In a pool with the tag that the lab didn't create."""
    lab, other = both
    theirs = OtherPool(other, UserPoolTags=TAGS)
    other.admin_create_user(
        UserPoolId=theirs.pool_id,
        Username="new",
        UserAttributes=[{"Name": "email", "Value": "new@example.com"}],
        MessageAction="SUPPRESS",
    )
    lab.cognito.admin_create_user(UserPoolId=theirs.pool_id, Username="new", MessageAction="RESEND")
    assert lab.inventory.users == []


def test_a_new_user_with_the_name_of_a_deleted_one_is_not_the_labs(both):
    lab, other = both
    theirs = OtherPool(other)
    new = {"UserPoolId": theirs.pool_id, "Username": "ana"}
    lab.cognito.admin_create_user(**new, MessageAction="SUPPRESS")
    other.admin_delete_user(**new)
    other.admin_create_user(**new, MessageAction="SUPPRESS")
    with pytest.raises(LessonError, match="didn't create user ana"):
        lab.cognito.admin_delete_user(**new)
    assert "ana" in theirs.names()[1]


@pytest.mark.parametrize("operation", TOKEN_CALLS)
def test_no_access_token_changes_an_existing_user(both, operation):
    lab, other = both
    theirs = OtherPool(other)
    token = theirs.access_token()
    before = theirs.everything()
    with pytest.raises(LessonError, match=f"{operation} wasn't sent"):
        getattr(lab.cognito, xform_name(operation))(AccessToken=token)
    assert theirs.everything() == before


@pytest.mark.parametrize("operation", ["ForgotPassword", "ResendConfirmationCode", "ConfirmSignUp"])
def test_no_unsigned_call_by_name_changes_an_existing_user(both, operation):
    lab, other = both
    theirs = OtherPool(other)
    use_pool(lab, theirs.pool_id, theirs.client_id)
    with pytest.raises(LessonError, match="didn't create user eve"):
        getattr(lab.cognito, xform_name(operation))(ClientId=theirs.client_id, Username="eve")
    # Signing in as them needs their password.
    given = {"USERNAME": "eve", "PASSWORD": PASSWORD}
    assert lab.cognito.initiate_auth(
        ClientId=theirs.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
    )["AuthenticationResult"]


def test_the_tag_is_the_name_and_the_value(both):
    lab, other = both
    for tags in ({}, {"made-by": "somebody"}, {"made": "cognito-tutorial"}):
        pool_id = other.create_user_pool(PoolName=POOL_NAME, UserPoolTags=tags)["UserPool"]["Id"]
        with pytest.raises(LessonError):
            lab.cognito.delete_user_pool(UserPoolId=pool_id)
    pool_id = other.create_user_pool(PoolName="x", UserPoolTags={**TAGS, "cost-centre": "7"})[
        "UserPool"
    ]["Id"]
    lab.cognito.delete_user_pool(UserPoolId=pool_id)


def test_an_existing_user_is_never_deleted_by_their_own_token(both):
    lab, other = both
    theirs = OtherPool(other)
    token = theirs.access_token()
    with pytest.raises(LessonError, match="DeleteUser wasn't sent"):
        lab.cognito.delete_user(AccessToken=token)
    assert theirs.everything()[3][0]["Username"] == "eve"
    with pytest.raises(lab.cognito.exceptions.NotAuthorizedException):
        lab.cognito.delete_user(AccessToken="no.token.atall")


def test_in_another_persons_pool_the_lab_deletes_only_what_it_created(both):
    lab, other = both
    theirs = OtherPool(other)
    before = theirs.everything()
    use_pool(lab, theirs.pool_id, theirs.client_id)
    lab.cognito.sign_up(
        ClientId=lab.client_id,
        Username="ana",
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": "ana@example.com"}],
    )
    ben = lab.cognito.admin_create_user(
        UserPoolId=theirs.pool_id, Username="ben", MessageAction="SUPPRESS"
    )["User"]
    lab.cognito.admin_set_user_password(
        UserPoolId=theirs.pool_id, Username="ben", Password=PASSWORD, Permanent=True
    )
    lab.cognito.create_user_pool_client(UserPoolId=theirs.pool_id, ClientName="ours")
    assert [name for _, name, _ in lab.inventory.users] == [
        "ana",
        "ben",
    ] and lab.inventory.pools == []
    assert lab.inventory.users[1][2] == ben["Attributes"][0]["Value"]
    ((_, ours),) = lab.inventory.clients
    lab.cognito.delete_user_pool_client(UserPoolId=theirs.pool_id, ClientId=ours)
    lab.cognito.admin_delete_user(UserPoolId=theirs.pool_id, Username="ana")
    lab.cognito.delete_user(AccessToken=theirs.access_token("ben"))
    assert lab.inventory.users == lab.inventory.clients == []
    assert theirs.everything() == before
    # A new ana isn't ours because of her name.
    other.admin_create_user(UserPoolId=theirs.pool_id, Username="ana", MessageAction="SUPPRESS")
    with pytest.raises(LessonError, match="didn't create user ana"):
        lab.cognito.admin_delete_user(UserPoolId=theirs.pool_id, Username="ana")


def test_what_is_created_in_the_labs_own_pool_is_deleted_with_it(both):
    lab, _ = both
    pool_id = lab.cognito.create_user_pool(PoolName=POOL_NAME, **POOL_SETTINGS)["UserPool"]["Id"]
    client_id = lab.cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="x")[
        "UserPoolClient"
    ]["ClientId"]
    lab.cognito.admin_create_user(UserPoolId=pool_id, Username="ben", MessageAction="SUPPRESS")
    assert (lab.inventory.pools, lab.inventory.clients, lab.inventory.users) == (
        [pool_id],
        [(pool_id, client_id)],
        [],
    )
    lab.cognito.delete_user_pool(UserPoolId=pool_id)
    assert (lab.inventory.pools, lab.inventory.clients, lab.inventory.users) == ([], [], [])


def test_a_rejected_call_records_nothing(both):
    lab, _ = both
    with pytest.raises(lab.cognito.exceptions.ClientError):
        lab.cognito.create_user_pool(PoolName="x", MfaConfiguration="ON")
    with pytest.raises(lab.cognito.exceptions.ResourceNotFoundException):
        lab.cognito.delete_user_pool(UserPoolId="us-east-1_AAAAAAAAA")
    assert lab.inventory.pools == []


def test_a_client_for_another_region_is_guarded_as_well(both):
    lab, _ = both
    elsewhere = lab.client_in("eu-west-1")
    assert lab.client_in("us-east-1") is lab.cognito is lab.backend.in_region("us-east-1")
    ours = elsewhere.create_user_pool(PoolName="x", UserPoolTags=TAGS)["UserPool"]["Id"]
    theirs = elsewhere.create_user_pool(PoolName="x")["UserPool"]["Id"]
    assert lab.inventory.pools == [ours, theirs]
    for client in (elsewhere, lab.backend.in_region("eu-west-1")):
        with pytest.raises(LessonError):
            client.delete_user_pool(UserPoolId=theirs)
    elsewhere.delete_user_pool(UserPoolId=ours)


def test_another_regions_client_takes_no_access_token_of_another_persons_user(both):
    """The pool can't be found there, so its owner is unknown."""
    lab, other = both
    theirs = OtherPool(other)
    before, token = theirs.everything(), theirs.access_token()
    with pytest.raises(
        LessonError, match=r'ChangePassword wasn.t sent.* lab\.client_in\("us-east-1"\)'
    ):
        lab.client_in("eu-west-1").change_password(
            AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="Another9!"
        )
    assert theirs.everything() == before


def test_the_record_belongs_to_the_account_and_outlives_the_kernel(tmp_path):
    pool_id = Lab(EmulatorBackend(tmp_path)).cognito.create_user_pool(PoolName="x")["UserPool"][
        "Id"
    ]
    again = Lab(EmulatorBackend(tmp_path))
    assert again.inventory.pools == [pool_id]
    again.forget_pool()
    assert again.inventory.pools == [pool_id], "what is forgotten is not gone"


def test_the_lessons_do_not_touch_another_persons_pool_of_the_same_name(tmp_path, monkeypatch):
    """Run the lessons that create and delete pools beside it, with its user's name, and with
    everything selected that the last lesson lists.
    """
    theirs = OtherPool(EmulatorBackend(tmp_path).client, DeletionProtection="ACTIVE")
    theirs.cognito.admin_create_user(
        UserPoolId=theirs.pool_id, Username="ana", MessageAction="SUPPRESS"
    )
    before, users = (
        theirs.everything(),
        theirs.cognito.list_users(UserPoolId=theirs.pool_id)["Users"],
    )
    forgotten = theirs.cognito.create_user_pool(
        PoolName=POOL_NAME, **POOL_SETTINGS, DeletionProtection="ACTIVE"
    )["UserPool"]["Id"]
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path))
    for path in (LESSONS[0], LESSONS[1], LESSONS[-1]):
        lesson = nbformat.read(path, as_version=4)
        for cell in lesson.cells:
            cell.source = cell.source.replace(
                "left = Leftovers(lab, answers.regions)",
                "left = Leftovers(lab, answers.regions)\nleft.select(*[box.id for box in"
                " left._boxes])",
            )
            cell.source = cell.source.replace('fields.yes_no("no"', 'fields.yes_no("yes"')
        execute(lesson, path.parent)
    assert (
        theirs.everything() == before
        and theirs.cognito.list_users(UserPoolId=theirs.pool_id)["Users"] == users
    )
    assert [pool["Id"] for pool in theirs.cognito.list_user_pools(MaxResults=60)["UserPools"]] == [
        theirs.pool_id
    ]
    with pytest.raises(theirs.cognito.exceptions.ResourceNotFoundException):
        theirs.cognito.describe_user_pool(UserPoolId=forgotten)


def test_in_another_persons_pool_the_lessons_create_and_delete_only_their_user(
    tmp_path, monkeypatch
):
    """The lesson that cleans up stops with a sentence at their app client and at their pool."""
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path))
    theirs = OtherPool(EmulatorBackend(tmp_path).client)
    theirs.cognito.set_user_pool_mfa_config(UserPoolId=theirs.pool_id, **MFA_SETTINGS)
    before = theirs.everything()
    use_pool(Lab(EmulatorBackend(tmp_path)), theirs.pool_id, theirs.client_id)
    stopped: dict[str, str] = {}
    for path in (LESSONS[1], LESSONS[2], LESSONS[-1]):
        lesson = nbformat.read(path, as_version=4)
        client = NotebookClient(
            lesson,
            timeout=60,
            allow_errors=True,
            store_widget_state=False,
            resources={"metadata": {"path": str(path.parent)}},
        )

        def keep(cell: Any, cell_index: int, execute_reply: Any) -> None:
            if execute_reply["content"]["status"] != "ok":
                said = "".join(
                    output.get("text") or output.get("data", {}).get("text/plain", "")
                    for output in cell.outputs
                )
                stopped[cell.id] = " ".join(said.split())

        client.on_cell_executed = keep
        client.execute()
        assert theirs.everything() == before, path.name
    assert [
        user["Username"] for user in theirs.cognito.list_users(UserPoolId=theirs.pool_id)["Users"]
    ] == ["eve"]
    assert "the lab didn't create app client" in stopped["delete-the-app-client-code"]
    assert "the lab didn't create the pool" in stopped["delete-the-pool-code"]


def test_lessons_open_at_once_keep_each_others_records(tmp_path):
    def lesson(name):
        made = Inventory(FileStorage(tmp_path / "made.json"), KernelStorage())
        for number in range(25):
            made.add("CreateUserPool", None, None, None, {"UserPool": {"Id": f"{name}{number}"}})

    with ThreadPoolExecutor() as both:
        list(both.map(lesson, ["one", "other"]))
    assert len(Inventory(FileStorage(tmp_path / "made.json"), KernelStorage()).pools) == 50
