"""schemathesis against a running server: the API is what its own description says.

Sets up a fresh data folder, makes an API key, serves, and drives every operation of `probity openapi`.
Environment: PROBITY_BIN, CARGO_TARGET_DIR, PROBITY_FULL, PROBITY_API_ONLY (filters of schemathesis for a part of it, such as
`--include-path /imports`). Last line: `N passed, N failed`, an operation and phase each.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import xml.etree.ElementTree
from pathlib import Path

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", "target")).resolve()
BINARY = Path(os.environ.get("PROBITY_BIN", TARGET / "debug/probity")).resolve()
EXAMPLES = "200" if os.environ.get("PROBITY_FULL") else "15"
REPORT = TARGET / "judges/api.xml"
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


def drive(description: Path, url: str, key: str, folder: Path) -> int:
    """Runs schemathesis; answers its exit code."""
    command = [
        TARGET / "judges/bin/schemathesis", "--config-file", Path(__file__).resolve().parent / "schemathesis.toml", "run", description, "--url", url,
        "--header", f"Authorization: Bearer {key}",
        # The bar: every check. No server error, no undocumented status, type, header or body, no way round the key; what the description
        # calls valid is accepted, what it calls invalid is refused. schemathesis.toml names the statuses that no schema can tell.
        *FILTERS,
        "--max-examples", EXAMPLES, "--seed", "20261121",
        "--generation-deterministic",
        "--request-timeout", "20", "--continue-on-failure", "--no-color",
        "--report", "junit", "--report-junit-path", REPORT,
    ]
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL).returncode


def count() -> tuple[int, int]:
    """Passed and failed of the report: one for each operation that schemathesis judged."""
    cases = list(xml.etree.ElementTree.parse(REPORT).getroot().iter("testcase"))
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return len(cases) - failed - skipped, failed


def main() -> None:
    REPORT.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="probity-api-") as name:
        folder = Path(name)
        (folder / "password").write_text("correct horse battery staple 7")
        cli(folder, "init", "--admin", "ada@example.org", "--password-file", str(folder / "password"), "--country", "DE", "--industry", "general")
        key = json.loads(cli(folder, "apikey", "new", "--name", "schemathesis", *SCOPES, "--json"))["key"]
        description = folder / "openapi.json"
        description.write_text(cli(folder, "openapi"))
        servers = json.loads(description.read_text()).get("servers") or [{"url": "/"}]
        port = free_port()
        url = f"http://127.0.0.1:{port}" + urllib.parse.urlparse(servers[0]["url"]).path.rstrip("/")
        log = folder / "serve.log"
        with log.open("w") as out:
            server = subprocess.Popen([BINARY, "serve", "--listen", f"127.0.0.1:{port}", "--data", folder / "data"], cwd=folder, stdout=out, stderr=out)
            try:
                wait(server, port, log)
                ended = drive(description, url, key, folder)
                alive = server.poll() is None
            finally:
                server.terminate()
                server.wait(timeout=30)
        if not REPORT.is_file():
            sys.exit(f"schemathesis wrote no report (it ended with {ended})")
        passed, failed = count()
        if not alive:
            print("the server died under the requests:", log.read_text()[-2000:])
        failed += not alive or (ended != 0 and failed == 0)
        print(f"{passed} passed, {failed} failed")
        sys.exit(1 if failed else 0)


main()
