"""The CloudFormation template: valid for cfn-lint, and the same pool as the first lesson creates by
its calls.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import decode

import cognito_helpers
from cognito_helpers.lessons.pool_inspection import Examination, look
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.tutorial_pool.settings import (
    CLIENT_SETTINGS,
    MFA_SETTINGS,
    POOL_NAME,
    POOL_SETTINGS,
)
from etc.tools.lessons import MODEL

TEMPLATE = Path(cognito_helpers.__file__).parent / "tutorial_pool/template.yaml"
# Properties CloudFormation calls by another name than the API, or sets by a separate call
RENAMED = {"UserPoolName": "PoolName"}
FACTORS = {"SOFTWARE_TOKEN_MFA": ("SoftwareTokenMfaConfiguration", {"Enabled": True})}
# What differs between any two pools
OWN = {
    "Id",
    "Arn",
    "Name",
    "CreationDate",
    "LastModifiedDate",
    "ClientId",
    "ClientName",
    "UserPoolId",
}


@pytest.fixture(name="template")
def read_template() -> dict[str, Any]:
    template, problems = decode(str(TEMPLATE))
    assert problems == []
    return template


def members(operation: str) -> set[str]:
    return set(MODEL["shapes"][MODEL["operations"][operation]["input"]["shape"]]["members"])


def resources(template: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == kind
    )
    return found


def with_references(value: Any, named: dict[str, Any]) -> Any:
    """`value` with every !Ref replaced by what it refers to."""
    if isinstance(value, dict):
        return (
            named[value["Ref"]]
            if set(value) == {"Ref"}
            else {name: with_references(member, named) for name, member in value.items()}
        )
    return (
        [with_references(member, named) for member in value] if isinstance(value, list) else value
    )


def make_by_template(cognito: Any, template: dict[str, Any]) -> tuple[str, str]:
    """Create what the template says with API calls, property by property; return the IDs of the
    pool and its client.
    """
    named = {name: parameter["Default"] for name, parameter in template["Parameters"].items()}
    properties = with_references(resources(template, "AWS::Cognito::UserPool"), named)
    factors = dict(FACTORS[factor] for factor in properties.pop("EnabledMfas"))
    mfa = {"MfaConfiguration": properties.pop("MfaConfiguration"), **factors}
    request = {RENAMED.get(name, name): value for name, value in properties.items()}
    assert request.keys() <= members("CreateUserPool") and mfa.keys() <= members(
        "SetUserPoolMfaConfig"
    )
    pool_id = cognito.create_user_pool(**request)["UserPool"]["Id"]
    cognito.set_user_pool_mfa_config(UserPoolId=pool_id, **mfa)
    request = with_references(
        resources(template, "AWS::Cognito::UserPoolClient"), {**named, "Pool": pool_id}
    )
    assert request.keys() <= members("CreateUserPoolClient")
    return pool_id, cognito.create_user_pool_client(**request)["UserPoolClient"]["ClientId"]


def make_by_lesson(cognito: Any) -> tuple[str, str]:
    """Create it with the requests of the first lesson's cells, as tests/test_notebooks.py
    checks."""
    pool_id = cognito.create_user_pool(PoolName=POOL_NAME, **POOL_SETTINGS)["UserPool"]["Id"]
    cognito.set_user_pool_mfa_config(UserPoolId=pool_id, **MFA_SETTINGS)
    return (
        pool_id,
        cognito.create_user_pool_client(
            UserPoolId=pool_id, ClientName=POOL_NAME, **CLIENT_SETTINGS
        )["UserPoolClient"]["ClientId"],
    )


def all_of(cognito: Any, pool_id: str, client_id: str) -> dict[str, Any]:
    """Everything the service returns about both, except what differs between any two pools."""
    seen = look(cognito, pool_id, client_id)
    told = {"pool": seen.pool, "mfa": seen.mfa, "client": seen.client}
    return {
        what: {
            name: value for name, value in said.items() if name not in OWN | {"ResponseMetadata"}
        }
        for what, said in told.items()
    }


def cfn_lint(path: Path) -> subprocess.CompletedProcess[str]:
    """What cfn-lint says, including informational findings. It has its own rules and needs no
    network.
    """
    command = [Path(sys.executable).with_name("cfn-lint"), "--include-checks", "I", "--", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_cfn_lint_finds_nothing():
    linted = cfn_lint(TEMPLATE)
    assert (linted.returncode, linted.stdout, linted.stderr) == (0, "", "")


def test_cfn_lint_finds_what_it_looks_for(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(TEMPLATE.read_text().replace("CaseSensitive", "CaseSensitivity"))
    linted = cfn_lint(broken)
    assert linted.returncode and "CaseSensitivity" in linted.stdout


def test_template_and_lesson_create_the_same_pool_as_the_lessons_need_it(template):
    emulator = LocalCognito()
    cognito = emulator.client()
    by_template = make_by_template(cognito, template)
    assert all_of(cognito, *by_template) == all_of(cognito, *make_by_lesson(cognito))
    assert Examination(look(cognito, *by_template)).findings == []
    emulator.close()


def change_factor(pool: dict[str, Any], _: dict[str, Any]) -> None:
    pool["MfaConfiguration"] = "OPTIONAL"


def change_devices(pool: dict[str, Any], _: dict[str, Any]) -> None:
    pool["DeviceConfiguration"]["DeviceOnlyRememberedOnUserPrompt"] = True


def change_flows(_: dict[str, Any], client: dict[str, Any]) -> None:
    client["ExplicitAuthFlows"] = ["ALLOW_REFRESH_TOKEN_AUTH"]


@pytest.mark.parametrize("change", [change_factor, change_devices, change_flows])
def test_the_comparison_sees_a_difference(template, change):
    emulator = LocalCognito()
    cognito = emulator.client()
    change(
        resources(template, "AWS::Cognito::UserPool"),
        resources(template, "AWS::Cognito::UserPoolClient"),
    )
    assert all_of(cognito, *make_by_template(cognito, template)) != all_of(
        cognito, *make_by_lesson(cognito)
    )
    emulator.close()


def test_the_templates_outputs_are_what_the_lesson_on_pools_asks_for(template):
    asked = {output["Value"]["Ref"] for output in template["Outputs"].values()}
    assert asked == set(template["Resources"])
