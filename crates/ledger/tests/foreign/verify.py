#!/usr/bin/env python3
"""Lets another implementation, the PyPI package aics-tlog, judge what Probity's ledger writes.

    cargo run -p probity-ledger --example foreign -- DIR
    python verify.py DIR

Checked, each as one case: 1,000 raw RFC 6962 inclusion and consistency proofs that must hold and 400 spoiled ones that
must be refused; checkpoints with a witness's cosignature and changed ones; the tree's root, and proofs, as that package
recomputes them from our tiles; a bundle opened as an ordinary ZIP, its sums, checkpoint and proofs. Exits 1 on any disagreement, 2 when the package is not installed.

aics-tlog asks for Python 3.12; version 0.2.1 runs unchanged on 3.11 (`pip install --ignore-requires-python aics-tlog`).
"""

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

try:
    import aics_tlog as tlog
except ImportError:
    print("aics-tlog is not installed: pip install aics-tlog", file=sys.stderr)
    sys.exit(2)


def unhex(texts):
    return [bytes.fromhex(text) for text in texts]


def proof_holds(case):
    path, root = unhex(case["path"]), bytes.fromhex(case["root"])
    if case["kind"] == "inclusion":
        return tlog.verify_inclusion(bytes.fromhex(case["leaf"]), case["index"], case["size"], path, root)
    return tlog.verify_consistency(case["old"], case["size"], bytes.fromhex(case["old_root"]), root, path)


def note_holds(case, log, witness):
    try:
        note = tlog.parse_note(case["note"])
    except ValueError:
        return False
    result = tlog.verify_checkpoint(note, log, [witness], quorum=1, expected_origin="log.example/crm")
    return result.ok and result.size == case["size"] and result.root == bytes.fromhex(case["root"])


def check_bundle(path, log, check):
    with zipfile.ZipFile(path) as archive:
        check("the bundle's ZIP checksums", archive.testzip() is None)
        sums = [line.split("  ", 1) for line in archive.read("SHA256SUMS").decode().splitlines()]
        check("the bundle's sums name every file", sorted(n for _, n in sums) + ["SHA256SUMS"] == sorted(archive.namelist(), key=lambda n: (n == "SHA256SUMS", n)))
        for digest, name in sums:
            check(f"the bundle's sum of {name}", hashlib.sha256(archive.read(name)).hexdigest() == digest)
        bundle = json.loads(archive.read("bundle.json"))
    head = tlog.verify_checkpoint(tlog.parse_note(bundle["checkpoint"]), log, expected_origin=bundle["origin"])
    check("the bundle's checkpoint", head.ok)
    for item in bundle["items"]:
        leaf = base64.b64decode(item["leaf"])
        check(f"leaf {item['index']} of the bundle", tlog.verify_leaf_inclusion(leaf, item["index"], head.size, unhex(item["proof"]), head.root))


def main(folder):
    data = json.loads((folder / "proofs.json").read_text())
    passed, failed = 0, []

    def check(what, agrees):
        nonlocal passed
        if agrees:
            passed += 1
        else:
            failed.append(what)

    for number, case in enumerate(data["proofs"] + data["refused"]):
        check(f"{case['kind']} proof {number}", proof_holds(case) == case["holds"])

    log, witness = tlog.parse_vkey(data["log"]), tlog.parse_vkey(data["witness"])
    for number, case in enumerate(data["notes"]):
        check(f"checkpoint {number}", note_holds(case, log, witness) == case["holds"])

    tree = data["tree"]
    check("the tile at the edge is at its address", (folder / tree["edge"]).is_file())
    reader = tlog.FileSystemTileReader(folder)
    check("the root from tiles", tlog.tree_root_from_tiles(reader, tree["size"]) == bytes.fromhex(tree["root"]))
    for case in data["proofs"][:100]:
        size = case["size"]
        if case["kind"] == "inclusion":
            theirs = tlog.inclusion_proof_from_tiles(reader, case["index"], size, tree["size"])
        else:
            theirs = tlog.consistency_proof_from_tiles(reader, case["old"], size, tree["size"])
        check(f"{case['kind']} proof from tiles at {size}", list(theirs) == unhex(case["path"]))

    check_bundle(folder / "bundle.zip", log, check)

    for what in failed:
        print(f"DISAGREES: {what}")
    print(f"{passed} passed, {len(failed)} failed")
    expected = len(data["proofs"]) >= 1000 and len(data["refused"]) > 0 and len(data["notes"]) > 0
    return 0 if expected and not failed else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: verify.py DIR")
    sys.exit(main(Path(sys.argv[1])))
