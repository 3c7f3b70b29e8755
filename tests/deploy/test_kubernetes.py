"""The manifests: checked by Kubernetes' schemas, its restricted profile, and newslake itself."""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from deploy_tools import DEPLOY, FINAL, check_command, passes, tool

from newslake import __version__
from newslake.pipeline.config.file import check_config

FOLDER = DEPLOY / "kubernetes"
KINDS = ("watch.yaml", "cronjob.yaml")
PORT = 9100


def manifest(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found


def pod_of(name: str) -> dict[str, Any]:
    """Return the specification of the pod."""
    spec = manifest(name)["spec"]
    found: dict[str, Any] = spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]
    return found


def container_of(name: str) -> dict[str, Any]:
    (found,) = pod_of(name)["containers"]
    return dict(found)


each_kind = pytest.mark.parametrize("name", KINDS)


def test_the_schemas_of_kubernetes_take_each_manifest() -> None:
    files = [file for file in sorted(FOLDER.glob("*.yaml")) if file.name != "kustomization.yaml"]
    passes(tool("kubernetes-validate", "kubernetes-validate (PyPI)"), "--strict", *files)


@each_kind
def test_kustomize_builds_what_the_schemas_take(name: str, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    kustomization = tmp_path / "kustomization.yaml"
    kustomization.write_text(kustomization.read_text(encoding="utf-8").replace(KINDS[0], name), encoding="utf-8")
    built = passes(tool("kubectl", "kubernetes-client (Debian)"), "kustomize", tmp_path)
    (tmp_path / "built.yaml").write_text(built, encoding="utf-8")
    passes(tool("kubernetes-validate", "kubernetes-validate (PyPI)"), "--strict", tmp_path / "built.yaml")
    assert "newslake-config-" in built  # the hash that restarts the watch after a change


@each_kind
def test_the_pods_keep_to_the_restricted_profile(name: str) -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards, and a read-only root."""
    pod, container = pod_of(name), container_of(name)
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
    allowed = {"persistentVolumeClaim", "configMap", "emptyDir", "secret"}
    assert all(set(volume) - {"name"} <= allowed for volume in pod["volumes"])


def test_both_kinds_have_the_same_folders_and_the_same_rights() -> None:
    """One may take the place of the other."""
    watch, run = (
        {key: value for key, value in pod_of(name).items() if key not in ("restartPolicy", "containers")}
        for name in KINDS
    )
    assert watch == run
    same = ("image", "envFrom", "volumeMounts", "securityContext")
    assert [container_of(KINDS[0])[key] for key in same] == [container_of(KINDS[1])[key] for key in same]


@each_kind
def test_the_user_is_that_of_the_image(name: str) -> None:
    user = re.findall(r"(?m)^USER (\d+):(\d+)$", (DEPLOY / "docker/Dockerfile").read_text(encoding="utf-8"))[-1]
    context = pod_of(name)["securityContext"]
    assert (str(context["runAsUser"]), str(context["fsGroup"])) == user


@each_kind
def test_the_folders_that_the_image_names_are_mounted(name: str) -> None:
    dockerfile = (DEPLOY / "docker/Dockerfile").read_text(encoding="utf-8")
    config, lake = (re.findall(rf"{variable}=(\S+)", dockerfile)[-1] for variable in ("NEWSLAKE_CONFIG", "_LAKE"))
    mounts = {mount["mountPath"] for mount in container_of(name)["volumeMounts"]}
    assert mounts == {lake, str(Path(config).parent), "/tmp"}


@each_kind
def test_newslake_takes_the_command(name: str) -> None:
    check_command(container_of(name)["args"], {"NEWSLAKE_LAKE": "/lake"})


def test_newslake_takes_the_configuration_with_the_secrets_of_the_example() -> None:
    lines = (FOLDER / "secrets.env").read_text(encoding="utf-8").splitlines()
    secrets = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    check_config(tomllib.loads((FOLDER / "newslake.toml").read_text(encoding="utf-8")), secrets)


def test_the_names_of_image_configuration_secret_and_volume_are_those_that_the_pods_use() -> None:
    made = manifest("kustomization.yaml")
    for name in KINDS:
        pod, container = pod_of(name), container_of(name)
        claim, config, _ = pod["volumes"]
        assert claim["persistentVolumeClaim"]["claimName"] == manifest("lake.yaml")["metadata"]["name"]
        assert config["configMap"]["name"] == made["configMapGenerator"][0]["name"]
        assert container["envFrom"][0]["secretRef"]["name"] == made["secretGenerator"][0]["name"]
        assert container["image"] == made["images"][0]["name"]
    assert made["images"][0]["newTag"] == __version__


def test_one_process_watches_and_answers_probes_where_it_listens() -> None:
    spec, container = manifest("watch.yaml")["spec"], container_of("watch.yaml")
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    assert container["ports"] == [{"name": "health", "containerPort": PORT}]
    assert container["args"][-1] == f"0.0.0.0:{PORT}"
    assert spec["template"]["metadata"]["annotations"]["prometheus.io/port"] == str(PORT)
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"path": "/healthz", "port": "health"}


def test_a_job_tries_again_what_may_end_better() -> None:
    spec = manifest("cronjob.yaml")["spec"]
    job = spec["jobTemplate"]["spec"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert pod_of("cronjob.yaml")["restartPolicy"] == "Never"  # what podFailurePolicy needs
    (ends,) = (rule["onExitCodes"] for rule in job["podFailurePolicy"]["rules"] if rule["action"] == "FailJob")
    assert ends["containerName"] == container_of("cronjob.yaml")["name"]
    assert set(ends["values"]) == FINAL
    assert job["backoffLimit"] > 0


def test_the_run_key_is_the_same_for_all_pods_of_a_job() -> None:
    container = container_of("cronjob.yaml")
    assert container["args"][-2:] == ["--run-key", "$(JOB_NAME)"]
    (variable,) = container["env"]
    assert variable["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['batch.kubernetes.io/job-name']"
