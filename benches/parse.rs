//! Parsing and checking: the ready-made policy, and the largest file that is read.

use std::fmt::Write as _;
use std::hint::black_box;

use credcheck::language::{CheckOptions, MAX_FILE_BYTES, OpenError, Opened, PolicyStore, check, load, load_to_judge};
use credcheck::text::source::SourceMap;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

struct Store(String);

impl PolicyStore for Store {
    fn open(&self, path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
        Ok(Opened { id: path.into(), name: path.into(), bytes: self.0.clone().into_bytes() })
    }
}

/// Loads and checks; the number of statements.
fn read(store: &Store) -> usize {
    let mut sources = SourceMap::new();
    let (program, problems) = load(&["bench.pol".into()], store, &mut sources);
    let (policy, problems) = check(&program, &sources, problems, CheckOptions::default());
    assert!(problems.is_empty(), "{:?}", problems.first());
    policy.statements.len()
}

/// Loads and checks the ready-made policy, as a check does: without its tests.
fn read_ready_made(store: &Store) -> usize {
    let mut sources = SourceMap::new();
    let (program, problems) = load_to_judge(&["builtin:atlantis".into()], store, &mut sources);
    let (policy, problems) = check(&program, &sources, problems, CheckOptions::default());
    assert!(problems.is_empty(), "{:?}", problems.first());
    policy.statements.len()
}

/// A policy of nearly: many rules of a usual kind.
fn large(bytes: usize) -> String {
    let mut text = String::from("host github {\n");
    let mut number = 0;
    while text.len() < bytes - 400 {
        let _ = write!(
            text,
            "  rule rule-{number} \"a token that can clone and comment\" {{\n    when    token.kind in [classic, oauth_app]\n\
             \x20   require token.scopes covers [\"repo\"] and (user.is_bot or user.username like \"*-bot\")\n    because \
             \"the bot clones the repository and comments on the pull request\"\n  }}\n"
        );
        number += 1;
    }
    text.push_str("}\n");
    text
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(20);
    let ready_made = include_str!("../policies/default.pol").to_owned();
    group.throughput(Throughput::Bytes(ready_made.len() as u64));
    let store = Store(String::new());
    group.bench_function("builtin:atlantis", |bencher| bencher.iter(|| black_box(read_ready_made(black_box(&store)))));
    // Half and whole: time grows with the size.
    for (name, text) in
        [("default.pol", ready_made), ("512 KiB", large(MAX_FILE_BYTES / 2)), ("1 MiB", large(MAX_FILE_BYTES))]
    {
        let store = Store(text);
        group.throughput(Throughput::Bytes(store.0.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(read(black_box(&store)))));
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
