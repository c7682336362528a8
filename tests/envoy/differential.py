"""differential.py EXPORT_CASE RECORDINGS BUILD [--seed N] [--keep FILE]: scripted cases through a real
Envoy, whose configuration the product's serialisers write, and through the simulator.

Each case is recorded as in tests/validation/envoy; `recordings envoy` then says whether the simulator
does the same. A case that differs is recorded again, at most twice: a busy machine delays what it
runs. How often that was needed is printed.
"""

import argparse
import asyncio
import collections
import contextlib
import gc
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

from backend import Case, bound_socket, play, serve
from cases import make_cases, up
from envoy_package import find_envoy

ACCESS_LOG = {
    "id": "%REQ(X-CASE)%/%REQ(X-NUMBER)%", "status": "%RESPONSE_CODE%", "flags": "%RESPONSE_FLAGS%",
    "details": "%RESPONSE_CODE_DETAILS%", "attempts": "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
    "us": "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)%"}


def with_access_log(bootstrap: dict, path: pathlib.Path) -> dict:
    log = [{"name": "file", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
        "path": str(path), "log_format": {"json_format": ACCESS_LOG}}}]
    for listener in bootstrap["static_resources"]["listeners"]:
        listener["filter_chains"][0]["filters"][0]["typed_config"]["access_log"] = log
    return bootstrap


def free_ports(count: int) -> list:
    with contextlib.ExitStack() as stack:
        return [stack.enter_context(bound_socket()).getsockname()[1] for _ in range(count)]


class Envoy:
    """A running Envoy with the configuration of some cases."""

    def __init__(self, program, export_case, folder: pathlib.Path, cases: list):
        admin, *listeners = free_ports(len(cases) + 1)
        for case, port in zip(cases, listeners):
            case.spec["ports"]["listener"] = port
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cases.jsonl").write_text(
            "".join(json.dumps(case.spec) + "\n" for case in cases))
        exported = subprocess.run([export_case, folder / "cases.jsonl", "--admin", str(admin)],
                                  capture_output=True, text=True, check=True).stdout
        self.log = folder / "access.jsonl"
        self.log.unlink(missing_ok=True)
        config = folder / "envoy.json"
        config.write_text(json.dumps(with_access_log(json.loads(exported), self.log)))
        self.output = open(folder / "envoy.log", "w")
        self.process = subprocess.Popen(
            [program, "-c", config, "--concurrency", "1", "--disable-hot-restart", "-l", "warning",
             "--file-flush-interval-msec", "50"], stdout=self.output, stderr=self.output)
        self.wait_until_ready(f"http://127.0.0.1:{admin}/ready")

    def wait_until_ready(self, url: str):
        for _ in range(200):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(url, timeout=1).status == 200:
                    return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"Envoy did not start: see {self.output.name}")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.output.close()


def recording(case: Case, seen: dict) -> dict:
    """The case in the format of the recordings."""
    observed = []
    for number, start in enumerate(case.started):
        line = seen[f"{case.spec['name']}/{number}"]
        observed.append({
            "status": line["status"], "flags": line["flags"], "details": line["details"],
            "attempt_count": line["attempts"] or 0, "ms": round(line["us"] / 1e3, 1),
            "attempts": [{"at_ms": round((at - start) * 1e3, 1), "host": host}
                         for at, host in case.tries[number]]})
    fields = {key: value for key, value in case.spec.items() if key != "ports"}
    return fields | {"observed": observed}


def read_log(path: pathlib.Path, count: int) -> dict:
    """Lines by request, once all are there."""
    for _ in range(100):
        lines = path.read_text().splitlines() if path.exists() else []
        if len(lines) >= count:
            break
        time.sleep(0.05)
    return {line["id"]: line for line in map(json.loads, lines)}


def warm_up() -> list:
    """A case that nobody looks at: the first requests of a process take longer."""
    case = up({}, [{"status": 200}], {}, [i * 5 for i in range(40)])
    return [{"name": "warm-up", "family": "warm-up"} | case]


@contextlib.contextmanager
def undisturbed():
    """Ahead of all else that the machine does, where that is allowed."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except OSError:
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


async def play_all(groups: list):
    for together, cases in groups:
        gate = asyncio.Semaphore(together)

        async def one(case, apart: float):
            async with gate:
                await asyncio.sleep(apart)  # what starts in one instant disturbs each other
                await play(case)

        await asyncio.gather(*(one(case, i % together * 0.013) for i, case in enumerate(cases)))


def record(options, program, groups: list, folder: pathlib.Path) -> list:
    """Runs the cases, whose specifications come in groups, and returns them recorded."""
    async def run():
        playing = [(together, [Case(dict(spec, ports={})) for spec in specs])
                   for together, specs in [(1, warm_up()), *groups]]
        cases = [case for _, group in playing for case in group]
        opened = [server for case in cases for server in await serve(case)]
        gc.disable()  # its pauses would be taken for Envoy's
        envoy = Envoy(program, options.export_case, folder, cases)
        try:
            await play_all(playing)
            seen = read_log(envoy.log, sum(len(case.started) for case in cases))
        finally:
            gc.enable()
            envoy.stop()
            for server in opened:
                server.close()
        return [recording(case, seen) for case in cases if case.spec["name"] != "warm-up"]

    with undisturbed():
        return asyncio.run(run())


def compare(options, recorded: list, file: pathlib.Path) -> str:
    """What `recordings envoy` prints."""
    file.write_text("".join(json.dumps(case) + "\n" for case in recorded))
    done = subprocess.run([options.recordings, "envoy", file], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"recordings envoy: {done.stderr}")
    return done.stdout


def disagreeing(printed: str) -> set:
    return {line.split(":")[0] for line in printed.splitlines() if ": " in line}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("export_case")
    parser.add_argument("recordings")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=20260715)
    parser.add_argument("--keep", type=pathlib.Path, help="write the recorded cases here")
    options = parser.parse_args()
    program = find_envoy(options.build)
    folder = options.build / "differential"
    groups = make_cases(options.seed)
    recorded = {case["name"]: case for case in record(options, program, groups, folder)}
    printed = compare(options, list(recorded.values()), folder / "recorded.jsonl")
    for _ in range(2):
        bad = disagreeing(printed)
        if not bad:
            break
        print(f"recorded again: {', '.join(sorted(bad))}")
        again = [case for _, cases in groups for case in cases if case["name"] in bad]
        for case in record(options, program, [(1, again)], folder):
            recorded[case["name"]] = case
        printed = compare(options, list(recorded.values()), folder / "recorded.jsonl")
    if options.keep:
        options.keep.write_text((folder / "recorded.jsonl").read_text())
    families = collections.Counter(case["family"] for case in recorded.values())
    print(", ".join(f"{count} {name}" for name, count in families.items()))
    print(printed, end="")
    return 1 if disagreeing(printed) or len(recorded) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
