//! What a report tells, read from a JSON report.
