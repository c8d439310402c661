"""Writes a dashboard's queries as rules, which promtool can check: dashboard.py FILE."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    board = json.load(file)
panels = board["panels"]
assert len({panel["id"] for panel in panels}) == len(panels), "two panels have one id"
taken = set()
for panel in panels:
    place = panel["gridPos"]
    cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
    assert not cells & taken and max(x for x, _ in cells) < 24, f"{panel['title']} lies on another, or outside"
    taken |= cells
    assert panel["targets"] and panel["title"], panel["id"]
queries = [target["expr"] for panel in panels for target in panel["targets"]]
rules = [{"record": f"query:number_{at}", "expr": query} for at, query in enumerate(queries)]
print(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
