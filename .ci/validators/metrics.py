"""Reads metrics back as OpenMetrics and as the classic text: the same samples, gauges only, none with a time of its own."""

import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as modern
from prometheus_client.parser import text_string_to_metric_families as classic

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
assert text.endswith("# EOF\n"), "it does not end with `# EOF`"
readings = []
for parser in (modern, classic):
    families = list(parser(text))
    samples = [sample for family in families for sample in family.samples]
    assert {family.type for family in families} == {"gauge"}, {family.type for family in families}
    assert all(sample.timestamp is None for sample in samples)
    for family in families:
        labels = {tuple(sorted(sample.labels)) for sample in family.samples}
        assert len(labels) == 1, (family.name, labels)
    readings.append(sorted((sample.name, sorted(sample.labels.items()), sample.value) for sample in samples))
assert readings[0] == readings[1]
print(f"{len(families)} families, {len(samples)} samples")
