"""validate_exports.py SPILLWAY EXAMPLES TRANSLATIONS BUILD: a real Envoy must accept every configuration
that `spillway export envoy` writes: for every scenario of EXAMPLES under every profile, and for the
manifests of every case of TRANSLATIONS under the profiles of their implementation."""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys

from envoy_package import find_envoy

IMPLEMENTATIONS = {"istio": ["istio-ambient", "istio-sidecar"], "cilium": ["cilium"],
                   "kgateway": ["kgateway"]}


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, capture_output=True, text=True, stdin=subprocess.DEVNULL)


class Checks:
    """Exports scenarios, and gives each different configuration to Envoy once."""

    def __init__(self, spillway: str, envoy: pathlib.Path):
        self.spillway, self.envoy = spillway, envoy
        self.seen, self.failures, self.exports = set(), [], 0

    def profiles(self) -> list[str]:
        listed = json.loads(run(self.spillway, "profiles", "--format", "json").stdout)
        return [profile["name"] for profile in listed]

    def export(self, scenario: pathlib.Path, profile: str, target: pathlib.Path) -> str:
        """Why it is not exported; empty: what it came to has been judged."""
        done = run(self.spillway, "export", "envoy", scenario, "--profile", profile, "--out", target)
        if done.returncode != 0:
            return done.stderr
        self.exports += 1
        for file in sorted(target.rglob("*.json")):
            digest = hashlib.sha256(file.read_bytes()).digest()
            if digest in self.seen:
                continue
            self.seen.add(digest)
            done = run(self.envoy, "--mode", "validate", "-c", file)
            if done.returncode != 0:
                self.failures.append(f"{file}: {done.stderr[-600:]}")
        return ""


def without_envoy(message: str) -> bool:
    return "has no Envoys to export" in message or "places no Envoy on the way" in message


def check_examples(checks: Checks, examples: pathlib.Path, folder: pathlib.Path):
    for scenario in sorted(examples.glob("*/scenario*.yaml")):
        for profile in checks.profiles():
            target = folder / f"{scenario.parent.name}-{scenario.stem}-{profile}"
            problem = checks.export(scenario, profile, target)
            if problem and not without_envoy(problem):
                checks.failures.append(f"{scenario} as {profile}: {problem}")


def services(manifests: str) -> list[tuple]:
    """Name, namespace and first port of the Services."""
    found = []
    for document in manifests.split("\n---\n"):
        if re.search(r"^kind: Service$", document, re.M):
            name = re.search(r"^  name: (\S+)", document, re.M)
            namespace = re.search(r"^  namespace: (\S+)", document, re.M)
            port = re.search(r"\bport: (\d+)", document)
            if name and port:
                found.append((name[1], namespace[1] if namespace else "default", port[1]))
    return found


def scenario_of(manifests: str) -> str:
    """A scenario with its Services, and a client of the first."""
    listed = services(manifests)
    name, namespace, port = listed[0]
    return "\n".join([
        "apiVersion: spillway.dev/v1alpha1", "kind: Scenario", "metadata: {name: case}", "spec:",
        "  manifests: [manifests.yaml]", "  services:",
        *(f"    - {{name: {n}, namespace: {ns}, ports: [{p}], operations: [{{name: all}}]}}"
          for n, ns, p in listed),
        "  traffic:", f"    - {{name: clients, from: {{namespace: {namespace}}},"
        f" to: {{service: {name}.{namespace}:{port}}}, request: {{path: /}},"
        " arrivals: {poisson: {rate: 1/s}}}", ""])


def check_translations(checks: Checks, translations: pathlib.Path, folder: pathlib.Path):
    """Manifests that the implementation or this program refuses are not exported; others are."""
    for implementation, profiles in IMPLEMENTATIONS.items():
        for line in (translations / f"{implementation}.jsonl").read_text().splitlines():
            case = json.loads(line)
            if not services(case["manifests"]):
                continue
            place = folder / f"{implementation}-{case['name']}"
            place.mkdir(parents=True)
            (place / "manifests.yaml").write_text(case["manifests"])
            (place / "scenario.yaml").write_text(scenario_of(case["manifests"]))
            for profile in profiles:
                checks.export(place / "scenario.yaml", profile, place / profile)


def main() -> int:
    spillway, examples, translations, build = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
    checks = Checks(spillway, find_envoy(build))
    exports = build / "exports"
    shutil.rmtree(exports, ignore_errors=True)
    check_examples(checks, examples, exports / "examples")
    of_examples = checks.exports
    check_translations(checks, translations, exports / "translations")
    for failure in checks.failures:
        print(failure)
    print(f"{checks.exports} exports ({of_examples} of examples), {len(checks.seen)} different "
          f"configurations, {len(checks.failures)} failures")
    return 1 if checks.failures or of_examples < 20 or checks.exports < 200 else 0


if __name__ == "__main__":
    sys.exit(main())
