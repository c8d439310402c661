//! Redacting a report of 1 MiB that holds some of the secrets, by how many secrets are known; learning them one by one;
//! and redacting while serialising.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macro makes a public function; what a bench cannot set up should stop it"
)]

use std::hint::black_box;
use std::time::Duration;

use credcheck::text::json::{Escapes, Writer};
use credcheck::text::redact::Redactor;
use credcheck::text::secret::Secret;
use credcheck::vocabulary::token_shapes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};

const SIZE: usize = 1 << 20;
const COUNTS: [usize; 3] = [1, 100, 1_000];

/// Letters and digits that no other number gives.
fn letters(seed: usize, length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut state = seed as u64 * 0x9E37_79B9_7F4A_7C15 + 1;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ALPHABET.get((state >> 33) as usize % ALPHABET.len()).map_or('x', |byte| char::from(*byte))
        })
        .collect()
}

/// Most tokens have their vendor's prefix, some passwords have none.
fn secret(number: usize) -> Secret {
    let text = match number % 4 {
        0 => ["glpat", &letters(number, 20)].join("-"),
        3 => letters(number, 24),
        _ => ["ghp", &letters(number, 36)].join("_"),
    };
    Secret::token(&text).unwrap()
}

fn redactor(count: usize) -> Redactor {
    let redactor = Redactor::new(token_shapes());
    for number in 0..count {
        match number % 4 {
            3 => redactor.add_basic(&format!("bot-{number}"), &secret(number)),
            _ => redactor.add(&secret(number)),
        }
    }
    redactor
}

/// Findings as the JSON report has them; one in a hundred repeats a secret.
fn report() -> Value {
    let mut findings = Vec::new();
    let mut size = 0;
    for number in 0.. {
        let repeated = if number % 100 == 0 { secret(number / 100).expose().to_owned() } else { String::new() };
        let finding = json!({
            "credential": format!("team-{}-bot", number / 20),
            "url": format!("https://git.example.com/api/v4/projects/acme%2Fservice-{number}?per_page=100&page=2"),
            "statement": "require repository.permission >= write",
            "message": format!("`repository.permission` is \"read\" on acme/service-{number}, which is less than `write` {repeated}"),
            "evidence": { "request": "GET /repos/acme/service", "status": 200, "field": "/permissions/push" },
            "because": "a merge bot must push to the branches that it merges",
        });
        size += finding.to_string().len();
        findings.push(finding);
        if size >= SIZE {
            break;
        }
    }
    Value::Array(findings)
}

fn redact(criterion: &mut Criterion) {
    let document = report();
    let text = serde_json::to_string_pretty(&document).unwrap();
    let mut group = criterion.benchmark_group("redact");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Bytes(text.len() as u64));
    for count in COUNTS {
        let redactor = redactor(count);
        group.bench_with_input(BenchmarkId::new("buffer", count), &text, |bencher, text| {
            bencher.iter(|| redactor.redact(black_box(text)).len());
        });
        group.bench_with_input(BenchmarkId::new("serialised", count), &document, |bencher, document| {
            bencher.iter(|| {
                let mut bytes = Vec::new();
                Writer::new(&mut bytes, Escapes::Harmless, 0, &redactor).value(black_box(document)).unwrap();
                bytes.len()
            });
        });
    }
    group.bench_function("serialised plainly", |bencher| {
        bencher.iter(|| serde_json::to_string_pretty(black_box(&document)).unwrap().len());
    });
    group.finish();
    let mut group = criterion.benchmark_group("learn");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for count in COUNTS {
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &count, |bencher, count| {
            bencher.iter(|| redactor(*count));
        });
    }
    group.finish();
}

criterion_group!(benches, redact);
criterion_main!(benches);
