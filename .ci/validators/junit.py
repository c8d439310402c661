"""Reads a JUnit file back: the counts are those of the cases, and no two cases have one name."""

import sys
from collections import Counter

from junitparser import Error, Failure, JUnitXml, Skipped

suites = list(JUnitXml.fromfile(sys.argv[1]))
names, total = Counter(), Counter()
for suite in suites:
    kinds = Counter()
    for case in suite:
        names[case.classname, case.name] += 1
        assert case.time is not None, case.name
        kinds["tests"] += 1
        for result in case.result:
            kinds[{Failure: "failures", Error: "errors", Skipped: "skipped"}[type(result)]] += 1
            assert isinstance(result, Skipped) or (result.message and result.text), case.name
    for kind in ("tests", "failures", "errors", "skipped"):
        assert getattr(suite, kind) == kinds[kind], (suite.name, kind, getattr(suite, kind), kinds[kind])
    total += kinds
assert max(names.values()) == 1, [name for name, times in names.items() if times > 1]
print(f"{len(suites)} suites, " + ", ".join(f"{total[kind]} {kind}" for kind in ("tests", "failures", "errors", "skipped")))
