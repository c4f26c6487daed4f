"""User pools: their data, and finding one. The operations are in `pool_operations.py`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property

from .errors import ResourceNotFoundException
from .storage.store import Transaction
from .types import Attribute, Settings

ACCOUNT = "123456789012"
# The default of a pool's SignInPolicy
FIRST_FACTORS = {"AllowedFirstAuthFactors": ["PASSWORD"]}


@dataclass(frozen=True)
class Pool:
    """A user pool as stored. `settings` is what DescribeUserPool returns, and `mfa_config` what
    SetUserPoolMfaConfig set for each factor.
    """

    id: str
    settings: Settings
    mfa_config: Settings
    device_group: str
    secret: bytes = field(repr=False)

    @property
    def region(self) -> str:
        return region_of(self.id)

    @property
    def mfa(self) -> str:
        """OFF, OPTIONAL or ON."""
        return str(self.settings["MfaConfiguration"])

    @property
    def totp(self) -> bool:
        """Whether the pool offers authenticator apps."""
        return bool(self.mfa_config.get("SoftwareTokenMfaConfiguration", {}).get("Enabled"))

    @property
    def second_factors(self) -> list[str]:
        """The second factors the pool has, by their names in MFAS_CAN_SETUP. A configured way to
        send text messages, or email from one's own address, makes it a factor (BEHAVIOR.md, 11.9).
        """
        has = {
            "SMS_MFA": bool(self.settings.get("SmsConfiguration")),
            "SOFTWARE_TOKEN_MFA": self.totp,
            "EMAIL_OTP": has_own_sender(self.settings) and self.settings["UserPoolTier"] != "LITE",
        }
        return [name for name, is_there in has.items() if is_there]

    @property
    def triggers(self) -> Settings:
        """LambdaConfig: the ARN of a Lambda function for each trigger that has one."""
        triggers: Settings = self.settings["LambdaConfig"]
        return triggers

    @property
    def first_factors(self) -> list[str]:
        """AllowedFirstAuthFactors: what a sign-in by USER_AUTH may begin with."""
        policy = self.settings["Policies"].get("SignInPolicy", FIRST_FACTORS)
        return list(policy["AllowedFirstAuthFactors"])

    @property
    def passkeys(self) -> Settings:
        """The WebAuthnConfiguration."""
        config: Settings = self.mfa_config.get("WebAuthnConfiguration", {})
        return config

    @property
    def relying_party(self) -> str | None:
        """The relying party of passkeys: a domain."""
        return self.passkeys.get("RelyingPartyId")

    @property
    def passkey_is_mfa(self) -> bool:
        """Whether a passkey counts as two factors, since the user must unlock it."""
        return self.passkeys.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"

    @property
    def user_verification(self) -> str:
        """Whether the user must unlock a passkey: `required` or `preferred`."""
        return (
            "required"
            if self.passkey_is_mfa
            else str(self.passkeys.get("UserVerification", "preferred"))
        )

    @property
    def has_codes_first(self) -> bool:
        """Whether a sign-in may begin with a one-time code, so that users need no password."""
        return not {"EMAIL_OTP", "SMS_OTP"}.isdisjoint(self.first_factors)

    @property
    def password_policy(self) -> Settings:
        policy: Settings = self.settings["Policies"]["PasswordPolicy"]
        return policy

    @property
    def temporary_password_seconds(self) -> int:
        """How long a password from an administrator is valid."""
        return int(self.password_policy["TemporaryPasswordValidityDays"]) * 24 * 60 * 60

    @property
    def tracks_devices(self) -> bool:
        return bool(self.settings.get("DeviceConfiguration"))

    @property
    def device_replaces_factor(self) -> bool:
        """Whether a remembered device replaces the second factor."""
        return bool(
            self.settings.get("DeviceConfiguration", {}).get("ChallengeRequiredOnNewDevice")
        )

    @property
    def remembers_devices_unasked(self) -> bool:
        """Whether a device is remembered once it's confirmed, or only when the user wants it."""
        return not self.settings.get("DeviceConfiguration", {}).get(
            "DeviceOnlyRememberedOnUserPrompt"
        )

    @property
    def recovers_by_email(self) -> bool:
        """Whether a user who forgot the password can get a code by email: AccountRecoverySetting,
        by default yes.
        """
        mechanisms = self.settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", [])
        return not mechanisms or "verified_email" in [mechanism["Name"] for mechanism in mechanisms]

    @property
    def verifies(self) -> list[str]:
        """AutoVerifiedAttributes: the addresses that are sent a code. A phone number comes first
        (BEHAVIOR.md, 11.23).
        """
        return sorted(self.settings.get("AutoVerifiedAttributes", []), reverse=True)

    @cached_property
    def schema(self) -> dict[str, Attribute]:
        """Every attribute a user can have, by name."""
        return {attribute["Name"]: attribute for attribute in self.settings["SchemaAttributes"]}

    @property
    def required_attributes(self) -> list[str]:
        """The attributes required at sign-up; `sub` is the service's own."""
        return [
            name
            for name, attribute in self.schema.items()
            if attribute["Required"] and name != "sub"
        ]

    @property
    def username_attributes(self) -> list[str]:
        """What users sign up with instead of a user name: `email`, `phone_number`, either, or
        neither.
        """
        return list(self.settings.get("UsernameAttributes", []))

    @property
    def aliases(self) -> list[str]:
        """The attributes that are aliases, names besides the user name."""
        return list(self.settings.get("AliasAttributes", []))

    @property
    def case_sensitive(self) -> bool:
        return bool(self.settings.get("UsernameConfiguration", {}).get("CaseSensitive", True))

    def name_key(self, username: str) -> str:
        """`username` as this pool compares it: pools are case-sensitive unless they were created
        otherwise.
        """
        return username if self.case_sensitive else username.lower()


def has_own_sender(settings: Settings) -> bool:
    """Whether a pool with these settings sends email from the developer's own address."""
    return bool(settings["EmailConfiguration"].get("EmailSendingAccount") == "DEVELOPER")


def region_of(pool_id: str) -> str:
    """The Region at the beginning of a pool's ID."""
    return pool_id.partition("_")[0]


def find_pool(tx: Transaction, pool_id: str) -> Pool:
    """The pool with that ID, or `ResourceNotFoundException`. A pool is in one Region and unknown in
    every other.
    """
    row = (
        tx.one("SELECT * FROM pools WHERE id = ?", pool_id)
        if tx.endpoint.region in (None, region_of(pool_id))
        else None
    )
    if row is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    return Pool(
        row["id"],
        json.loads(row["settings"]),
        json.loads(row["mfa_config"]),
        row["device_group"],
        row["secret"],
    )
