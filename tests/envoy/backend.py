"""Scripted HTTP/1.1 servers on the loopback device, and a client, in one asyncio loop.

A try of a request is answered by the case's script (n-th try of one request) or by its host's own
(n-th request that the host receives); a script's last entry repeats. Times are of time.perf_counter.
"""

import asyncio
import socket
import struct
import time


class Case:
    """What is seen of one case while it runs."""

    def __init__(self, spec: dict):
        self.spec = spec
        count = len(spec["arrivals_ms"])
        self.started = [0.0] * count
        self.tries = [[] for _ in range(count)]  # of each request: (time, host)
        self.received = [0] * len(spec["cluster"]["hosts"])

    def answer(self, request: int, host: int) -> dict:
        own = self.spec["cluster"]["hosts"][host]
        self.tries[request].append((time.perf_counter(), host))
        number = len(self.tries[request]) - 1
        if isinstance(own, dict):
            number = self.received[host]
        self.received[host] += 1
        script = own["script"] if isinstance(own, dict) else self.spec["script"]
        return script[min(number, len(script) - 1)]


class Server(asyncio.Protocol):
    """A connection that Envoy has made to a host."""

    def __init__(self, case: Case, host: int):
        self.case, self.host, self.head = case, host, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.head += data
        while b"\r\n\r\n" in self.head:
            head, self.head = self.head.split(b"\r\n\r\n", 1)
            number = head.lower().split(b"x-number: ", 1)[1].split(b"\r\n", 1)[0]
            entry = self.case.answer(int(number), self.host)
            delay = entry.get("after_ms", 0) / 1e3
            if "hang" in entry:
                continue
            if delay > 0:
                asyncio.get_running_loop().call_later(delay, self.act, entry)
            else:
                self.act(entry)

    def act(self, entry: dict):
        if self.transport.is_closing():
            return
        if "reset" in entry:
            raw = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        elif "close" in entry:
            self.transport.close()
        else:
            lines = [f"HTTP/1.1 {entry.get('status', 200)} X", "content-length: 0"]
            lines += [f"{name}: {value}" for name, value in entry.get("headers", {}).items()]
            self.transport.write("\r\n".join(lines + ["", ""]).encode())


class Client(asyncio.Protocol):
    """A connection to Envoy for one request; done once the answer's head is there."""

    def __init__(self):
        self.done = asyncio.get_running_loop().create_future()
        self.head = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.head += data
        if b"\r\n\r\n" in self.head and not self.done.done():
            self.done.set_result(None)
            self.transport.close()

    def connection_lost(self, _):
        if not self.done.done():
            self.done.set_result(None)


def bound_socket() -> socket.socket:
    """Bound to a free port of the loopback device; it does not listen, so it refuses."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    raw.bind(("127.0.0.1", 0))
    return raw


async def serve(case: Case) -> list:
    """Opens the hosts of a case; sets spec["ports"]["hosts"]."""
    loop = asyncio.get_running_loop()
    opened, ports = [], []
    for index, host in enumerate(case.spec["cluster"]["hosts"]):
        raw = bound_socket()
        ports.append(raw.getsockname()[1])
        if host == "closed":
            opened.append(raw)
        else:
            opened.append(await loop.create_server(
                lambda index=index: Server(case, index), sock=raw, backlog=512))
    case.spec["ports"]["hosts"] = ports
    return opened


async def send(case: Case, number: int, client: Client, start: float):
    delay = start + case.spec["arrivals_ms"][number] / 1e3 - time.perf_counter()
    if delay > 0:
        await asyncio.sleep(delay)
    case.started[number] = time.perf_counter()
    client.transport.write(
        f"GET / HTTP/1.1\r\nhost: case\r\nx-case: {case.spec['name']}\r\n"
        f"x-number: {number}\r\n\r\n".encode())
    await asyncio.wait_for(client.done, 30)


async def play(case: Case):
    """Sends the requests of a case and waits for all answers."""
    loop, port = asyncio.get_running_loop(), case.spec["ports"]["listener"]
    clients = [(await loop.create_connection(Client, "127.0.0.1", port))[1]
               for _ in case.spec["arrivals_ms"]]
    start = time.perf_counter() + 0.02
    await asyncio.gather(*(send(case, i, client, start) for i, client in enumerate(clients)))
