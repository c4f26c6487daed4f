"""What a hub and Binder start with, as far as it can be checked without a cluster."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

from cognito_helpers.terminal.commands import FIRST_LESSON, SUBCOMMANDS
from etc.hub import processes, try_hub

ROOT = Path(__file__).parent.parent
OPENED = f"lab/tree/cognito-tutorial/{FIRST_LESSON}"


def values():
    return yaml.safe_load((ROOT / "etc/hub/values.yaml").read_text(encoding="utf-8"))


def test_a_server_at_the_hub_opens_the_copy_created_at_its_start():
    server = values()["singleuser"]
    command, subcommand, folder = server["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert command == "cognito-tutorial" and subcommand in SUBCOMMANDS
    home = values()["hub"]["config"]["KubeSpawner"]["notebook_dir"]
    assert f"/lab/tree/{Path(folder).relative_to(home)}/{FIRST_LESSON}" == server["defaultUrl"]
    assert Path(server["extraEnv"]["COGNITO_LAB_HOME"]).is_relative_to(home)


def test_a_servers_limit_is_above_its_guarantee():
    megabytes = {"M": 1, "G": 1000}
    memory = values()["singleuser"]["memory"]
    sizes = {name: int(size[:-1]) * megabytes[size[-1]] for name, size in memory.items()}
    assert 360 < sizes["guarantee"] <= sizes["limit"]
    assert values()["prePuller"] == {"hook": {"enabled": True}, "continuous": {"enabled": True}}


def test_binder_creates_the_copy_its_links_open(tmp_path):
    script = ROOT / "binder/postBuild"
    assert os.access(script, os.X_OK), "repo2docker runs it"
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin/cognito-tutorial"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cognito_helpers "$@"\n')
    command.chmod(0o755)
    variables = {
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run(
        [script], cwd=tmp_path, check=True, env=os.environ | variables, capture_output=True
    )
    assert (tmp_path / OPENED.removeprefix("lab/tree/")).exists()
    linked = OPENED.replace("/", "%2F")
    for page in ("README.md", "notebooks/WORKSHOP.md"):
        assert linked in (ROOT / page).read_text(encoding="utf-8"), page


def test_the_lessons_of_the_hub_exist_and_its_processes_are_told_apart():
    assert all((ROOT / "notebooks" / lesson).exists() for lesson in try_hub.CORE)
    kinds = [
        ("python -m ipykernel_launcher -f x.json", "a kernel"),
        ("python /x/bin/jupyterhub-singleuser --allow-root", "a server"),
        ("node /x/configurable-http-proxy --port 1", "the proxy"),
        ("python -m jupyterhub --config x", "the hub"),
        ("sleep 1", "another process"),
    ]
    assert [processes._kind(command.split()) for command, _ in kinds] == [kind for _, kind in kinds]


def test_pools_are_told_apart_in_a_progress_file():
    text = '{"pool": "us-east-1_AbCdEf123", "other": "eu-west-1_ZZZZZZZZZ"}'
    assert try_hub.POOL.findall(text) == ["us-east-1_AbCdEf123", "eu-west-1_ZZZZZZZZZ"]
