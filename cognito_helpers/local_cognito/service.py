"""One request in, one response out: look up the operation, check the request, run it in one
transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.loaders import Loader, create_loader
from botocore.model import OperationModel, ServiceModel

from . import (
    admin_users,
    attributes,
    authenticator_apps,
    challenge_answers,
    clients,
    current_user,
    device_operations,
    group_members,
    groups,
    list_users,
    mfa_preference,
    passkey_operations,
    password_changes,
    pool_operations,
    refresh,
    sign_in,
    sign_out,
    sign_up,
    users,
    validation,
)
from .crypto import random_values
from .endpoint import Endpoint
from .errors import (
    CognitoError,
    NotInEmulatorException,
    SerializationException,
    UnknownOperationException,
)
from .storage.store import Store, Transaction
from .types import Request, Response

# Every operation the emulator has, by its name in the API reference
OPERATIONS: dict[str, Callable[[Transaction, Request], Response]] = {
    "CreateUserPool": pool_operations.create_user_pool,
    "DescribeUserPool": pool_operations.describe_user_pool,
    "ListUserPools": pool_operations.list_user_pools,
    "UpdateUserPool": pool_operations.update_user_pool,
    "DeleteUserPool": pool_operations.delete_user_pool,
    "TagResource": pool_operations.tag_resource,
    "ListTagsForResource": pool_operations.list_tags_for_resource,
    "AddCustomAttributes": pool_operations.add_custom_attributes,
    "SetUserPoolMfaConfig": pool_operations.set_user_pool_mfa_config,
    "GetUserPoolMfaConfig": pool_operations.get_user_pool_mfa_config,
    "CreateUserPoolClient": clients.create_user_pool_client,
    "DescribeUserPoolClient": clients.describe_user_pool_client,
    "UpdateUserPoolClient": clients.update_user_pool_client,
    "ListUserPoolClients": clients.list_user_pool_clients,
    "DeleteUserPoolClient": clients.delete_user_pool_client,
    "SignUp": sign_up.sign_up,
    "ResendConfirmationCode": sign_up.resend_confirmation_code,
    "ConfirmSignUp": sign_up.confirm_sign_up,
    "UpdateUserAttributes": attributes.update_user_attributes,
    "GetUserAttributeVerificationCode": attributes.get_user_attribute_verification_code,
    "VerifyUserAttribute": attributes.verify_user_attribute,
    "DeleteUserAttributes": attributes.delete_user_attributes,
    "AdminUpdateUserAttributes": attributes.admin_update_user_attributes,
    "AdminDeleteUserAttributes": attributes.admin_delete_user_attributes,
    "AdminCreateUser": admin_users.admin_create_user,
    "AdminConfirmSignUp": admin_users.admin_confirm_sign_up,
    "AdminDisableUser": admin_users.admin_disable_user,
    "AdminEnableUser": admin_users.admin_enable_user,
    "AdminDeleteUser": admin_users.admin_delete_user,
    "AdminGetUser": users.admin_get_user,
    "ListUsers": list_users.list_users,
    "CreateGroup": groups.create_group,
    "GetGroup": groups.get_group,
    "UpdateGroup": groups.update_group,
    "DeleteGroup": groups.delete_group,
    "ListGroups": groups.list_groups,
    "AdminAddUserToGroup": group_members.admin_add_user_to_group,
    "AdminRemoveUserFromGroup": group_members.admin_remove_user_from_group,
    "AdminListGroupsForUser": group_members.admin_list_groups_for_user,
    "ListUsersInGroup": group_members.list_users_in_group,
    "InitiateAuth": sign_in.initiate_auth,
    "AdminInitiateAuth": sign_in.admin_initiate_auth,
    "RespondToAuthChallenge": challenge_answers.respond_to_auth_challenge,
    "AdminRespondToAuthChallenge": challenge_answers.respond_to_auth_challenge,
    "AssociateSoftwareToken": authenticator_apps.associate_software_token,
    "VerifySoftwareToken": authenticator_apps.verify_software_token,
    "SetUserMFAPreference": mfa_preference.set_user_mfa_preference,
    "AdminSetUserMFAPreference": mfa_preference.admin_set_user_mfa_preference,
    "AdminDeleteSoftwareToken": authenticator_apps.admin_delete_software_token,
    "StartWebAuthnRegistration": passkey_operations.start_web_authn_registration,
    "CompleteWebAuthnRegistration": passkey_operations.complete_web_authn_registration,
    "ListWebAuthnCredentials": passkey_operations.list_web_authn_credentials,
    "DeleteWebAuthnCredential": passkey_operations.delete_web_authn_credential,
    "ConfirmDevice": device_operations.confirm_device,
    "GetDevice": device_operations.get_device,
    "ListDevices": device_operations.list_devices,
    "UpdateDeviceStatus": device_operations.update_device_status,
    "ForgetDevice": device_operations.forget_device,
    "AdminGetDevice": device_operations.admin_get_device,
    "AdminListDevices": device_operations.admin_list_devices,
    "AdminUpdateDeviceStatus": device_operations.admin_update_device_status,
    "AdminForgetDevice": device_operations.admin_forget_device,
    "GetTokensFromRefreshToken": refresh.get_tokens_from_refresh_token,
    "RevokeToken": refresh.revoke_token,
    "GlobalSignOut": sign_out.global_sign_out,
    "AdminUserGlobalSignOut": sign_out.admin_user_global_sign_out,
    "ForgotPassword": password_changes.forgot_password,
    "ConfirmForgotPassword": password_changes.confirm_forgot_password,
    "ChangePassword": password_changes.change_password,
    "AdminResetUserPassword": password_changes.admin_reset_user_password,
    "AdminSetUserPassword": password_changes.admin_set_user_password,
    "GetUser": current_user.get_user,
    "GetUserAuthFactors": current_user.get_user_auth_factors,
    "AdminGetUserAuthFactors": current_user.admin_get_user_auth_factors,
    "DeleteUser": current_user.delete_user,
}


LONGEST_HEADER = 1000


@dataclass(frozen=True)
class Answer:
    """An HTTP response: what a transport sends back."""

    status: int
    headers: dict[str, str]
    body: bytes


@cache
def loader() -> Loader:
    """Reads botocore's data files, and caches them: one for the service and all its clients, each
    of which would otherwise read for a tenth of a second.
    """
    return create_loader()


@cache
def _model() -> ServiceModel:
    return ServiceModel(loader().load_service_model("cognito-idp", "service-2"), "cognito-idp")


@cache
def _operation_model(operation: str) -> OperationModel:
    if operation not in _model().operation_names:
        raise UnknownOperationException(f"Amazon Cognito user pools have no operation {operation}.")
    return _model().operation_model(operation)


class Service:
    """Responds to requests from the state in `store`. It uses neither an HTTP library nor an
    SDK.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, operation: str, body: bytes, endpoint: Endpoint) -> Answer:
        """The response to one request: `operation` by its API name, `body` as it was sent,
        `endpoint` where it arrived.

        An error of the service is a response. A bug isn't: it's raised unchanged.
        """
        try:
            shape = _operation_model(operation)
            if operation not in OPERATIONS:
                raise NotInEmulatorException(f"the operation {operation}")
            request = _parsed(body)
            assert shape.input_shape is not None
            validation.check(shape.input_shape, request)
            work = OPERATIONS[operation]
            reply = self._store.transact(lambda tx: work(tx, request), endpoint, CognitoError)
        except CognitoError as rejection:
            return error_answer(rejection)
        return _answer(200, reply if shape.output_shape is not None else None, {})

    def keys(self, pool_id: str) -> Answer:
        """The pool's public keys, as at `/POOL_ID/.well-known/jwks.json`."""
        from . import signing

        return _published(lambda: signing.jwks(self._store, pool_id))

    def openid_configuration(self, pool_id: str, endpoint: Endpoint) -> Answer:
        """What OpenID Connect clients read about the pool, as at
        `/POOL_ID/.well-known/openid-configuration`.
        """
        from . import signing

        return _published(lambda: signing.openid_configuration(self._store, pool_id, endpoint.url))


def _published(document: Callable[[], Response]) -> Answer:
    try:
        return _answer(200, document(), {"Content-Type": "application/json"})
    except CognitoError as rejection:
        return error_answer(rejection)


def error_answer(rejection: CognitoError) -> Answer:
    """An error as it's sent."""
    errors = {
        "x-amzn-ErrorType": f"{rejection.code}:",
        "x-amzn-ErrorMessage": _header_text(str(rejection)),
    }
    return _answer(rejection.status, {"__type": rejection.code, "message": str(rejection)}, errors)


def _parsed(body: bytes) -> Request:
    try:
        # Decoded here: json would accept other encodings as well, and half characters with them.
        request = _without_nulls(json.loads(body.decode() or "{}"))
        whole = b"\\ud" not in body.lower() or _is_text(request)
    except (ValueError, RecursionError):
        raise SerializationException("The body is not JSON.") from None
    if not isinstance(request, dict):
        raise SerializationException("The body is not a JSON object.")
    if not whole:
        raise SerializationException("The body has half a character in it.")
    return request


def _is_text(request: Any) -> bool:
    """False if a text holds a lone half of a surrogate pair, which JSON can write and nothing can
    store.
    """
    try:
        json.dumps(request, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_nulls(value: Any) -> Any:
    """To the service a member that is null is a member that wasn't sent."""
    if isinstance(value, dict):
        return {
            name: _without_nulls(member) for name, member in value.items() if member is not None
        }
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def _answer(status: int, reply: Response | None, headers: dict[str, str]) -> Answer:
    body = b"" if reply is None else json.dumps(reply).encode()
    return Answer(
        status,
        {
            "Content-Type": "application/x-amz-json-1.1",
            "x-amzn-RequestId": random_values.new_uuid(),
            **headers,
        },
        body,
    )


def _header_text(message: str) -> str:
    # A message may quote the rejected value: clients don't read headers of any length, nor with
    # control characters. The body has all of it.
    shown = (
        c if " " <= c <= "~" else " " if c.isspace() else "?" for c in message[:LONGEST_HEADER]
    )
    return " ".join("".join(shown).split())
