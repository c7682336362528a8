"""Scripted cases in the format of tests/validation/envoy/README.md, made from a seed.

Whatever decides an outcome is at least GAP ms away from what could decide it otherwise, so that the
scheduling of a loaded machine does not turn it; what is left to chance by Envoy (backoff, choice of
hosts, shares) is compared as a distribution.
"""

import random

GAP = 70
CONDITIONS = ["5xx", "gateway-error", "reset", "reset-before-request", "connect-failure",
              "refused-stream", "retriable-4xx", "retriable-status-codes", "cancelled",
              "deadline-exceeded", "internal", "resource-exhausted", "unavailable",
              "envoy-ratelimited"]
STATUSES = [200, 404, 408, 409, 429, 500, 501, 502, 503, 504, 505, 599]


def failure(rng: random.Random) -> dict:
    kind = rng.choice(["status"] * 5 + ["grpc", "limited", "reset", "close"])
    if kind == "reset" or kind == "close":
        return {kind: True}
    if kind == "grpc":
        return {"status": 200, "headers": {"content-type": "application/grpc",
                                           "grpc-status": str(rng.choice([1, 2, 4, 8, 13, 14]))}}
    if kind == "limited":
        return {"status": rng.choice([429, 503]), "headers": {"x-envoy-ratelimited": "true"}}
    return {"status": rng.choice(STATUSES)}


def retry(rng: random.Random, **more) -> dict:
    conditions = rng.sample(CONDITIONS, rng.choice([1, 1, 2, 3, 4]))
    policy = {"on": ",".join(conditions), "num": rng.choice([0, 1, 1, 2, 3, 5]), "base_ms": 10,
              "max_ms": 20}
    if "retriable-status-codes" in conditions or rng.random() < 0.2:
        policy["codes"] = sorted(rng.sample(STATUSES[1:], rng.choice([1, 2, 4])))
    return policy | more


def up(route: dict, script: list, cluster: dict | None = None, arrivals=(0,)) -> dict:
    return {"route": route, "cluster": {"hosts": ["up"]} | (cluster or {}), "script": script,
            "arrivals_ms": list(arrivals)}


def decision(rng: random.Random) -> dict:
    """Which condition retries which failure."""
    script = [failure(rng) for _ in range(rng.choice([1, 1, 2, 3]))]
    if rng.random() < 0.6:
        script.append({"status": 200})
    case = up({"retry": retry(rng)}, script)
    if rng.random() < 0.12:
        case["cluster"]["hosts"] = ["closed"]
    return case


def clear_of(moment: float, spans: list) -> bool:
    return all(not low - GAP <= moment <= high + GAP for low, high in spans)


def timeline(script: list, tries: int, per_try: float | None, most_wait: float) -> list:
    """When each try could end, as [earliest, latest] from the request's start."""
    spans, low, high = [], 0.0, 0.0
    for number in range(tries):
        entry = script[min(number, len(script) - 1)]
        length = float("inf") if "hang" in entry else entry.get("after_ms", 0)
        length = min(length, per_try or float("inf"))
        low, high = low + length, high + length
        spans.append((low, high))
        high += most_wait
    return spans


def timeout(rng: random.Random, hedge: bool = False) -> dict:
    """Timers against slow and missing answers."""
    while True:
        script = []
        for _ in range(rng.choice([1, 2, 3])):
            entry = {"hang": True} if rng.random() < 0.25 else failure(rng)
            if rng.random() < 0.3:
                entry = {"status": 200}
            if "hang" not in entry:
                entry["after_ms"] = rng.choice([0, 100, 200, 300, 500])
            script.append(entry)
        per_try = rng.choice([None, 150, 250, 400]) if not hedge else rng.choice([150, 250])
        overall = rng.choice([0, None, 350, 550, 900, 1300])
        policy = retry(rng, num=rng.choice([0, 1, 2, 3]))
        policy["on"] = ",".join(rng.sample(["reset", "5xx", "gateway-error", "connect-failure",
                                            "retriable-status-codes"], 2))
        tries = policy["num"] + 1
        if per_try:
            policy["per_try_ms"] = per_try
            lengths = [entry.get("after_ms", 0) for entry in script if "hang" not in entry]
            if any(abs(length - per_try) < GAP for length in lengths):
                continue
            if overall and overall <= per_try:
                per_try = None
        if not per_try and not overall and any("hang" in entry for entry in script):
            continue
        if overall and not clear_of(overall, timeline(script, tries, per_try, 20)):
            continue
        if hedge and not hedged_is_clear(script, tries, per_try, overall, policy):
            continue
        route = {"retry": policy} | ({} if overall is None else {"timeout_ms": overall})
        return up(route | ({"hedge": True} if hedge else {}), script)


def hedged_is_clear(script, tries, per_try, overall, policy) -> bool:
    """Tries of a hedged request overlap: no two of them may end, or start, close to each other."""
    policy |= {"base_ms": 10, "max_ms": 10}
    if not per_try or not overall:
        return False
    ends = []
    for number in range(tries):
        entry = script[min(number, len(script) - 1)]
        low, high = number * per_try, number * (per_try + 10)
        if "hang" not in entry:
            ends.append((low + entry.get("after_ms", 0), high + entry.get("after_ms", 0)))
        ends.append((low + per_try, high + per_try))
    ends.append((overall, overall))
    ends.sort()
    return all(b[0] - a[1] >= 50 for a, b in zip(ends, ends[1:]))


def hedge(rng: random.Random) -> dict:
    return timeout(rng, hedge=True)


def breaker(rng: random.Random) -> dict:
    """A burst that fails, or waits, together."""
    count = rng.choice([12, 20, 30, 40])
    slow = {"status": rng.choice([200, 503]), "after_ms": 250}
    policy = {"on": "5xx", "num": rng.choice([1, 2]), "base_ms": 100, "max_ms": 100}
    cluster, route = {}, {"retry": policy}
    kind = rng.choice(["max_retries", "budget", "max_requests", "pool"])
    if kind == "max_retries":
        slow["status"] = 503
        cluster["max_retries"] = rng.choice([0, 1, 4, 9])
        policy["num"] = 1
    elif kind == "budget":
        slow["status"] = 503
        policy["num"] = 1
        cluster["budget"] = rng.choice([{}, {"percent": 30.0}, {"min": 6}, {"percent": 50.0, "min": 1},
                                        {"percent": 25.0, "interval_ms": 2000}])
    elif kind == "max_requests":
        del route["retry"]
        cluster["max_requests"] = rng.choice([3, 7, 12])
    else:  # one after the other: a connection is made before the next request comes
        del route["retry"]
        slow["after_ms"] = 600
        cluster |= {"max_connections": rng.choice([1, 3, 6]), "max_pending": rng.choice([1, 2, 8, 20])}
    return up(route, [slow], cluster, [i * 10 * (kind == "pool") for i in range(count)])


def hosts(rng: random.Random) -> dict:
    """Which hosts are tried, and tried again."""
    count = rng.choice([2, 3, 4, 5])
    bad = rng.choice(["closed", {"script": [{"status": 503}]}, {"script": [{"reset": True}]}])
    members = ["up"] * (count - 1) + [bad]
    policy = {"on": "5xx", "num": rng.choice([1, 2]), "base_ms": 2, "max_ms": 2}
    if rng.random() < 0.5:
        policy |= {"avoid_previous": True, "host_attempts": rng.choice([1, 2, 5])}
    return up({"retry": policy}, [{"status": 200}],
              {"hosts": members, "lb": rng.choice(["ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"]),
               "max_retries": 1000}, [i * 20 for i in range(80)])


def outlier(rng: random.Random) -> dict:
    """Hosts that fail are ejected, and come back."""
    count = rng.choice([2, 3, 4, 5])
    bad = rng.choice([1, 1, 2])
    broken = rng.choice([{"script": [{"status": 503}]}, {"script": [{"status": 500}]},
                         {"script": [{"reset": True}]}, "closed"])
    # Requests come every 80 ms: in between end ejections, for which Envoy looks every 20 ms from
    # its own start on, and the second for which it holds back changes of the hosts.
    detection = {"consecutive_5xx": rng.choice([2, 3, 5]), "interval": "0.02s",
                 "base_ejection_time": rng.choice(["1.08s", "30s"]),
                 "max_ejection_percent": rng.choice([10, 34, 50, 100])}
    if rng.random() < 0.3:
        detection |= {"consecutive_gateway_failure": 2, "enforcing_consecutive_gateway_failure": 100}
    if rng.random() < 0.3:
        detection |= {"split_external_local_origin_errors": True,
                      "consecutive_local_origin_failure": 3}
    cluster = {"hosts": ["up"] * (count - bad) + [broken] * bad, "outlier": detection,
               "lb": rng.choice(["ROUND_ROBIN", "RANDOM"])}
    if rng.random() < 0.4:
        cluster["panic"] = 0.0
    return up({}, [{"status": 200}], cluster, [i * 80 for i in range(70)])


def rates(rng: random.Random) -> dict:
    """Hosts that fail more than others are ejected at the end of an interval: much is sent at first,
    then more after the interval, wherever in it Envoy was at first."""
    count = rng.choice([3, 4, 6])
    members = ["up"] * (count - 1) + [{"script": [{"status": rng.choice([500, 503])}]}]
    detection = {"consecutive_5xx": 1000, "interval": "0.9s", "base_ejection_time": "30s",
                 "max_ejection_percent": rng.choice([34, 100])}
    if rng.random() < 0.5:
        detection |= {"success_rate_minimum_hosts": rng.choice([3, 5]),
                      "success_rate_request_volume": 4,
                      "success_rate_stdev_factor": rng.choice([1000, 1500, 1900])}
    else:
        detection |= {"failure_percentage_threshold": rng.choice([80, 100]),
                      "enforcing_failure_percentage": 100, "enforcing_success_rate": 0,
                      "failure_percentage_minimum_hosts": rng.choice([3, 5]),
                      "failure_percentage_request_volume": 4}
    return up({}, [{"status": 200}], {"hosts": members, "outlier": detection},
              [i * 2 for i in range(count * 6)] + [1300 + i * 15 for i in range(60)])


def mixed(rng: random.Random) -> dict:
    """Several hosts with their own answers, and retries over all of them."""
    def member():
        script = [failure(rng) | {"after_ms": rng.choice([0, 10])}
                  for _ in range(rng.choice([1, 1, 2, 3]))]
        if rng.random() < 0.6:
            script += [{"status": 200}] * rng.choice([1, 2, 4])
        return {"script": script * 40}
    members = [rng.choice(["up", "up", member(), member(), "closed"])
               for _ in range(rng.choice([2, 3, 4]))]
    policy = retry(rng, num=rng.choice([1, 2]))
    policy["on"] += "," + rng.choice(["5xx", "reset,connect-failure", "gateway-error"])
    if rng.random() < 0.4:
        policy |= {"avoid_previous": True, "host_attempts": rng.choice([1, 3, 5])}
    route, cluster = {"retry": policy}, {"hosts": members, "max_retries": 1000}
    if rng.random() < 0.3:
        policy["per_try_ms"] = 150
        route["timeout_ms"] = rng.choice([0, 1000])
    cluster["lb"] = rng.choice(["ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"])
    if rng.random() < 0.3:
        cluster["outlier"] = {"consecutive_5xx": rng.choice([2, 4]), "interval": "0.02s",
                              "base_ejection_time": "30s",
                              "max_ejection_percent": rng.choice([34, 50, 100])}
    return up(route, [{"status": 200}], cluster, [i * 80 for i in range(50)])


def weights(rng: random.Random) -> dict:
    shares = rng.choice([[1, 1], [9, 1], [1, 0, 3], [2, 3, 5]])
    members = ["up"] * len(shares)
    members[rng.randrange(len(shares))] = rng.choice(["closed", {"script": [{"status": 503}]}])
    route = {"weights": shares, "retry": {"on": "5xx", "num": 2, "base_ms": 2, "max_ms": 2}}
    return up(route, [{"status": 200}], {"hosts": members, "max_retries": 1000},
              [i * 15 for i in range(80)])


def fault(rng: random.Random) -> dict:
    settings = {}
    if rng.random() < 0.7:
        settings |= {"delay_ms": rng.choice([100, 200]), "delay_percent": rng.choice([100.0, 30.0])}
    if rng.random() < 0.6 or not settings:
        settings |= {"abort": rng.choice([418, 503, 429]), "abort_percent": rng.choice([100.0, 40.0])}
    route = {"fault": settings, "retry": {"on": "5xx", "num": 2, "base_ms": 10, "max_ms": 10}}
    script = [{"status": rng.choice([200, 503])}, {"status": 200}]
    if rng.random() < 0.3:
        route["timeout_ms"] = 300
        script = [{"hang": True}]
    return up(route, script, {"max_retries": 1000}, [i * 15 for i in range(60)])


def mirror(rng: random.Random) -> dict:
    route = {"mirror_percent": rng.choice([100.0, 30.0]),
             "retry": {"on": "5xx", "num": 2, "base_ms": 5, "max_ms": 5}}
    return up(route, [{"status": rng.choice([200, 503])}, {"status": 200}],
              {"hosts": ["up", {"script": [{"status": rng.choice([200, 503])}]}],
               "max_retries": 1000}, [i * 20 for i in range(60)])


def backoff(rng: random.Random) -> dict:
    policy = {"on": "5xx", "num": rng.choice([2, 4]), "base_ms": rng.choice([5, 20, 30])}
    if rng.random() < 0.7:
        policy["max_ms"] = rng.choice([30, 45, 100])
    return up({"retry": policy}, [{"status": 503}], {"max_retries": 1000},
              [i * 20 for i in range(60)])


# How many of each, and how many may run at once: single requests do not disturb each other, bursts
# and samples of times are alone.
FAMILIES = [(decision, 45, 1), (timeout, 24, 4), (hedge, 10, 4), (breaker, 12, 1), (hosts, 8, 2),
            (outlier, 10, 5), (rates, 4, 2), (mixed, 12, 6), (weights, 4, 2), (fault, 6, 2), (mirror, 3, 2), (backoff, 3, 1)]


def make_cases(seed: int) -> list:
    """Groups of cases with the number that may run at once."""
    groups = []
    for family, count, together in FAMILIES:
        rng = random.Random(f"{seed} {family.__name__}")
        cases = []
        for number in range(count):
            case = family(rng)
            cases.append({"name": f"{family.__name__}-{number}", "family": family.__name__} | case)
        groups.append((together, cases))
    return groups
