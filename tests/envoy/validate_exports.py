"""validate_exports.py SPILLWAY EXAMPLES BUILD: a real Envoy must accept every configuration that
`spillway export envoy` writes, for every scenario of EXAMPLES and every profile."""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

from envoy_package import find_envoy


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def profiles(spillway: str) -> list[str]:
    listed = json.loads(run(spillway, "profiles", "--format", "json").stdout)
    return [profile["name"] for profile in listed]


def without_envoy(message: str) -> bool:
    return "has no Envoys to export" in message or "places no Envoy on the way" in message


def main() -> int:
    spillway, examples, build = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    envoy = find_envoy(build)
    exports = build / "exports"
    shutil.rmtree(exports, ignore_errors=True)
    failures, seen, exported = [], set(), 0
    for scenario in sorted(examples.glob("*/scenario*.yaml")):
        for profile in profiles(spillway):
            target = exports / f"{scenario.parent.name}-{scenario.stem}-{profile}"
            done = run(spillway, "export", "envoy", scenario, "--profile", profile, "--out", target)
            if done.returncode != 0 and not without_envoy(done.stderr):
                failures.append(f"{scenario} as {profile}: {done.stderr}")
            exported += done.returncode == 0
    for file in sorted(exports.rglob("*.json")):
        digest = hashlib.sha256(file.read_bytes()).digest()
        if digest in seen:
            continue
        seen.add(digest)
        done = run(envoy, "--mode", "validate", "-c", file)
        if done.returncode != 0:
            failures.append(f"{file.relative_to(exports)}: {done.stderr[-600:]}")
    for failure in failures:
        print(failure)
    print(f"{exported} exports, {len(seen)} different configurations, {len(failures)} failures")
    return 1 if failures or exported < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
