# What people type daily. Nothing rests on just: each recipe is a command or two, to be typed by hand as well.

# These recipes
default:
    @just --list --unsorted

# Whether it compiles
check:
    cargo check

# Tests beside the code: `just lib hosts::gitea`
lib *FILTER:
    cargo test --lib {{ FILTER }}

# Tests of the whole program: `just program webhooks`
program *FILTER:
    cargo test --test program {{ FILTER }}

# Writes the generated parts of the pages, and tests all pages
docs:
    UPDATE_DOCS=1 cargo test --test docs

# Takes new snapshots of one test binary: `just snapshots reference`, then read `git diff`
snapshots TEST *FILTER:
    INSTA_UPDATE=always cargo test --test {{ TEST }} {{ FILTER }}
    git diff --stat -- '*.snap'

# Rust and policies in their style
fmt:
    cargo fmt --all
    cargo run --quiet -- fmt policies/*.pol examples/acme/*.pol

# Tests and lints of the ready-made policies
policies:
    cargo run --quiet -- lint --strict policies/*.pol examples/acme/*.pol
    cargo run --quiet -- test --coverage --min 100 policies/*.pol examples/acme/*.pol

# Everything that must hold before a merge
gate:
    .ci/run
