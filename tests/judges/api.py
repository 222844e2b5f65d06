"""schemathesis against a running server: the API is what its own description says.

Sets up fresh data folders, makes API keys, serves, and drives every operation of `probity openapi`: half of them against one server, half against
another, since one of schemathesis keeps one core busy and no more.
Environment: PROBITY_BIN, CARGO_TARGET_DIR, PROBITY_FULL, PROBITY_API_ONLY (filters of schemathesis for a part of it, such as
`--include-path /imports`). Last line: `N passed, N failed`, an operation and phase each.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import xml.etree.ElementTree
from pathlib import Path

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", "target")).resolve()
BINARY = Path(os.environ.get("PROBITY_BIN", TARGET / "debug/probity")).resolve()
EXAMPLES = "200" if os.environ.get("PROBITY_FULL") else "15"
REPORTS = TARGET / "judges"
# Everything but to manage the house: a key that may disable users and revoke keys soon ends itself.
SCOPES = [word for privilege in ("read", "write", "export", "import", "requests", "audit", "dispose", "rules") for word in ("--scope", f"{privilege}:*")]
FILTERS = os.environ.get("PROBITY_API_ONLY", "").split()


def cli(folder: Path, *words: str) -> str:
    ran = subprocess.run([BINARY, *words, "--data", folder / "data"], cwd=folder, capture_output=True, text=True, timeout=120)
    if ran.returncode != 0:
        sys.exit(f"probity {' '.join(words[:2])} ended with {ran.returncode}: {ran.stderr.strip() or ran.stdout.strip()}")
    return ran.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(server: subprocess.Popen, port: int, log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"probity serve does not answer; it said: {log.read_text()}")


def drive(description: Path, url: str, key: str, folder: Path, report: Path) -> subprocess.CompletedProcess:
    """Runs schemathesis, and keeps what it says."""
    command = [
        TARGET / "judges/bin/schemathesis", "--config-file", Path(__file__).resolve().parent / "schemathesis.toml", "run", description, "--url", url,
        "--header", f"Authorization: Bearer {key}",
        # The bar: every check. No server error, no undocumented status, type, header or body, no way round the key; what the description
        # calls valid is accepted, what it calls invalid is refused. schemathesis.toml names the statuses that no schema can tell.
        *FILTERS,
        "--max-examples", EXAMPLES, "--seed", "20261121",
        "--generation-deterministic",
        # How fast the machine makes up data says nothing of the API.
        "--suppress-health-check", "too_slow",
        "--request-timeout", "20", "--continue-on-failure", "--no-color",
        "--report", "junit", "--report-junit-path", report,
    ]
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def halves(description: dict) -> list[dict]:
    """The description in two of about as many operations, what begins with the same word together: one operation's answers feed another's."""
    groups: dict[str, dict] = {}
    for path, item in description["paths"].items():
        groups.setdefault(path.split("/")[1], {})[path] = item
    parts: list[dict] = [{}, {}]
    size = lambda paths: sum(len(item) for item in paths.values())
    for group in sorted(groups.values(), key=size, reverse=True):
        min(parts, key=size).update(group)
    return [description | {"paths": paths} for paths in parts]


def count(report: Path) -> tuple[int, int]:
    """Passed and failed of the report: one for each operation that schemathesis judged."""
    cases = list(xml.etree.ElementTree.parse(report).getroot().iter("testcase"))
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return len(cases) - failed - skipped, failed


def judge(folder: Path, description: dict, report: Path) -> tuple[int, int, str]:
    """A server of its own for these operations: passed, failed, and what was said."""
    (folder / "password").write_text("correct horse battery staple 7")
    cli(folder, "init", "--admin", "ada@example.org", "--password-file", str(folder / "password"), "--country", "DE", "--industry", "general")
    key = json.loads(cli(folder, "apikey", "new", "--name", "schemathesis", *SCOPES, "--json"))["key"]
    written = folder / "openapi.json"
    written.write_text(json.dumps(description))
    servers = description.get("servers") or [{"url": "/"}]
    port = free_port()
    url = f"http://127.0.0.1:{port}" + urllib.parse.urlparse(servers[0]["url"]).path.rstrip("/")
    log = folder / "serve.log"
    with log.open("w") as out:
        server = subprocess.Popen([BINARY, "serve", "--listen", f"127.0.0.1:{port}", "--data", folder / "data"], cwd=folder, stdout=out, stderr=out)
        try:
            wait(server, port, log)
            ran = drive(written, url, key, folder, report)
            alive = server.poll() is None
        finally:
            server.terminate()
            server.wait(timeout=30)
    said = ran.stdout
    if not report.is_file():
        return 0, 1, f"{said}\nschemathesis wrote no report (it ended with {ran.returncode})"
    passed, failed = count(report)
    if not alive:
        said += f"\nthe server died under the requests: {log.read_text()[-2000:]}"
    return passed, failed + (not alive or (ran.returncode != 0 and failed == 0)), said


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="probity-api-") as name:
        folder = Path(name)
        whole = json.loads(cli(folder, "openapi"))
        parts = [whole] if FILTERS else halves(whole)
        ended: list[tuple[int, int, str]] = [(0, 1, "did not end")] * len(parts)

        def one(n: int) -> None:
            report, own = REPORTS / f"api-{n}.xml", folder / str(n)
            report.unlink(missing_ok=True)
            own.mkdir()
            try:
                ended[n] = judge(own, parts[n], report)
            except SystemExit as cause:
                ended[n] = (0, 1, str(cause))

        threads = [threading.Thread(target=one, args=(n,)) for n in range(len(parts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for _, _, said in ended:
        print(said)
    passed, failed = sum(part[0] for part in ended), sum(part[1] for part in ended)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
