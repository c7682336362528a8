#!/usr/bin/env python3
"""Sets the whole program beside bare kernels of the same workloads, as ratios within one run.

    cmake --preset bench && cmake --build --preset bench --target spillway kernels
    tests/bench/speed.py build/bench

Prints a Markdown table. Each workload and its kernel take turns; medians of the rounds. The program's requests per second count
everything: reading the files, simulating with all statistics on, writing all results.
"""
import argparse
import csv
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
KERNEL_REQUESTS = {"mm1": 5_000_000, "chain5": 1_000_000, "two-hop": 4_000_000}


def run_program(program, scenario, out, *flags):
    """(seconds, requests) of one whole command."""
    start = time.monotonic()
    subprocess.run([program, "run", scenario, "--quiet", "--out", out, "--force", *flags], check=True,
                   stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    result = next(pathlib.Path(out).rglob("summary.csv"))
    with open(result, newline="", encoding="utf-8") as file:
        requests = sum(float(row["mean"]) * float(row["replications"]) for row in csv.DictReader(file)
                       if row["scope_kind"] == "traffic" and row["metric"] == "requests")
    return seconds, requests


def run_kernel(kernel, name):
    done = subprocess.run([kernel, name, str(KERNEL_REQUESTS[name])], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["requests_per_s"]


def compare(program, kernel, rounds, folder):
    print("| workload | program, requests/s | bare kernel, requests/s | ratio |")
    print("|---|--:|--:|--:|")
    for name in KERNEL_REQUESTS:
        ours, bare = [], []
        for _ in range(rounds):
            seconds, requests = run_program(program, HERE / "workloads" / f"{name}.yaml", f"{folder}/{name}", "--threads", "1")
            ours.append(requests / seconds)
            bare.append(run_kernel(kernel, name))
        a, b = statistics.median(ours), statistics.median(bare)
        print(f"| {name} | {a / 1e6:.2f} M | {b / 1e6:.2f} M | {a / b:.2f} |", flush=True)


def scaling(program, folder):
    """Wall time of 8 replications on one thread over that on two."""
    times = {}
    for threads in ("1", "2"):
        times[threads], _ = run_program(program, HERE / "workloads" / "mm1.yaml", f"{folder}/scaling", "--threads", threads,
                                        "--replications", "8", "--duration", "1000s")
    print(f"\n8 replications of mm1 on 2 threads: {times['1'] / times['2']:.2f} times as fast as on 1")


def big_scenario(path, services=10_000, calls=3):
    lines = ["apiVersion: spillway.dev/v1alpha1", "kind: Scenario", "metadata: {name: big}", "spec:", "  services:"]
    for i in range(services):
        steps = "".join(f", {{call: {{service: s{i + k}, probability: 0.1}}}}" for k in range(1, calls + 1) if i + k < services)
        lines.append(f"    - {{name: s{i}, workers: 4, operations: [{{name: o, steps: [{{work: 1ms}}{steps}]}}]}}")
    lines += ["  traffic: [{name: t, to: {service: s0}, arrivals: {poisson: {rate: 100/s}}}]",
              "  run: {duration: 1s, replications: 1}"]
    pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def loading(program, folder):
    path = f"{folder}/big.yaml"
    big_scenario(path)
    start = time.monotonic()
    subprocess.run([program, "run", path, "--quiet", "--threads", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    print(f"A scenario of 10,000 services with 30,000 calls, read, checked, compiled and run for 1 s: {time.monotonic() - start:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder with cli/spillway and tests/bench/kernels")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    build = pathlib.Path(arguments.build)
    program, kernel = build / "cli" / "spillway", build / "tests" / "bench" / "kernels"
    folder = tempfile.mkdtemp(prefix="spillway-speed-")
    try:
        compare(program, kernel, arguments.rounds, folder)
        scaling(program, folder)
        loading(program, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
