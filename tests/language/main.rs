//! The policy language through its public API: policies in, diagnostics out.

#[cfg(test)]
mod harness;

#[cfg(test)]
mod cases;
