"""Looks at formats that have no validator: shapes.py FORMAT FILE. What is demanded is what their readers' pages say."""

import json
import re
import sys


def gitlab(text: str) -> int:
    rows = json.loads(text)
    prints = set()
    for row in rows:
        assert row["description"] and row["severity"] in {"info", "minor", "major", "critical", "blocker"}, row
        assert row["fingerprint"] not in prints, row
        prints.add(row["fingerprint"])
        path = row["location"]["path"]
        assert path and not path.startswith(("/", "./")), row
        assert row["location"]["lines"]["begin"] >= 1, row
    return len(rows)


def rdjsonl(text: str) -> int:
    rows = [json.loads(line) for line in text.splitlines()]
    for row in rows:
        assert row["message"] and row["severity"] in {"ERROR", "WARNING", "INFO"}, row
        # What has no place in the repository has none here.
        assert "location" not in row or row["location"]["path"], row
    return len(rows)


def insights(text: str, results: set[str], words: set[str], name: str) -> int:
    whole = json.loads(text)
    report = whole["report"]
    assert report["title"] and report["result"] in results and len(report["data"]) <= 10, report
    batches = whole["annotations"]
    rows = [row for batch in batches for row in (batch["annotations"] if isinstance(batch, dict) else batch)]
    assert len(rows) <= 1000 and len(batches) <= 10, (len(rows), len(batches))
    identities = [row[name] for row in rows]
    assert len(set(identities)) == len(identities)
    for row in rows:
        assert row["severity"] in words and (row.get("summary") or row.get("message")), row
        assert len(row.get("summary", "")) <= 450, row
    return len(rows)


def bitbucket(text: str) -> int:
    return insights(text, {"PASSED", "FAILED"}, {"CRITICAL", "HIGH", "MEDIUM", "LOW"}, "external_id")


def bitbucket_server(text: str) -> int:
    return insights(text, {"PASS", "FAIL"}, {"HIGH", "MEDIUM", "LOW"}, "externalId")


def lines(text: str, pattern: str) -> int:
    assert "\r" not in text
    rows = [line for line in text.split("\n") if line]
    for row in rows:
        assert re.fullmatch(pattern, row), row
    return len(rows)


def github(text: str) -> int:
    properties = r"(?: [a-zA-Z]+=[^,:\r\n]*(?:,[a-zA-Z]+=[^,:\r\n]*)*)?"
    number = 0
    for row in text.split("\n"):
        assert "##[" not in row, row
        if row.lstrip().startswith("::"):
            assert re.fullmatch(rf"::(error|warning|notice){properties}::.*", row) and len(row) <= 8192, row
            number += 1
    for level in ("error", "warning", "notice"):
        assert len(re.findall(rf"(?m)^::{level}[ :]", text)) <= 10, level
    return number


def azure(text: str) -> int:
    number = 0
    for row in text.split("\n"):
        commands = row.count("##vso[")
        assert commands <= 1 and (commands == 0 or row.startswith("##vso[")), row
        if commands:
            assert re.fullmatch(r"##vso\[task\.[a-z]+(?: [^\]]*)?\].*", row), row
            number += 1
    return number


def teamcity(text: str) -> int:
    value = r"'(?:[^'|\[\]\n\r]|\|['nr|\[\]]|\|0x[0-9A-Fa-f]{4})*'"
    own = [row for row in text.split("\n") if row.startswith("##teamcity[")]
    for row in own:
        assert re.fullmatch(rf"##teamcity\[[a-zA-Z]+(?: {value})?(?: [a-zA-Z]+={value})*\]", row), row
    assert text.count("##teamcity[") == len(own)
    return len(own)


format_name, path = sys.argv[1:]
with open(path, encoding="utf-8", newline="") as file:
    content = file.read()
assert content and not content.startswith("\ufeff"), "it is empty, or begins with a byte-order mark"
print(globals()[format_name.replace("-", "_")](content), "findings")
