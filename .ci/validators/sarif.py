"""Holds a SARIF file against the rules of GitHub: sarif.py NODE-FOLDER FILE.

The validator ends with 0 whatever it finds, so its own output is read. It does not see an index that names another rule,
nor a fingerprint that is missing: that is looked at here.
"""

import json
import pathlib
import subprocess
import sys
import tempfile


def main() -> None:
    node, path = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    tool = node / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    with tempfile.TemporaryDirectory() as folder:
        # It takes files by their ending.
        copy, out = pathlib.Path(folder, "in.sarif"), pathlib.Path(folder, "out.sarif")
        copy.write_bytes(path.read_bytes())
        command = [tool, "validate", copy, "--rule-kind", "Sarif;Ghas", "--output", out, "--log", "ForceOverwrite"]
        ran = subprocess.run([*command, "--level", "Error;Warning;Note"], capture_output=True, text=True)
        if not out.exists():
            sys.exit(f"the validator wrote nothing\n{ran.stdout}{ran.stderr}")
        said = json.loads(out.read_text(encoding="utf-8-sig"))
    found = [one for run in said["runs"] for one in run.get("results", [])]
    levels = {level: [one for one in found if one.get("level", "warning") == level] for level in ("error", "warning", "note")}
    for one in levels["error"]:
        print(one["ruleId"], json.dumps(one.get("message")), json.dumps(one.get("locations", [])[:1]))
    wrong, results = own(json.loads(path.read_text(encoding="utf-8")))
    for line in wrong:
        print(line)
    if levels["error"] or wrong:
        sys.exit(1)
    # Warnings and notes are advice, on keys that GitHub does not read.
    counts = "; ".join(f"{level} {len(ones)}{about(ones)}" for level, ones in levels.items())
    print(f"{results} results; {counts}")


def about(ones: list[dict]) -> str:
    rules = sorted({one["ruleId"] for one in ones})
    return f" ({', '.join(rules)})" if rules else ""


def own(log: dict) -> tuple[list[str], int]:
    wrong = []
    if len(log["runs"]) != 1:
        wrong.append("there is not one run")
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    prints = set()
    for at, result in enumerate(run["results"]):
        if "ruleIndex" in result and rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            wrong.append(f"result {at}: its index is that of another rule")
        elif result["ruleId"] not in {rule["id"] for rule in rules}:
            wrong.append(f"result {at}: there is no rule {result['ruleId']}")
        fingerprint = result.get("partialFingerprints", {}).get("primaryLocationLineHash")
        if not fingerprint or fingerprint in prints:
            wrong.append(f"result {at}: its fingerprint is {fingerprint}, which is none or another's")
        prints.add(fingerprint)
        if not result.get("locations"):
            wrong.append(f"result {at}: it is nowhere")
        if len(result["message"]["text"]) > 1000:
            wrong.append(f"result {at}: its text is too long for GitLab")
    return wrong, len(run["results"])


main()
