//! The policy language through its public API: policies in, diagnostics out.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod constructs;
#[cfg(test)]
mod formatting;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod lint;
#[cfg(test)]
mod properties;
