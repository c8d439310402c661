#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| credcheck_fuzz::targets::redaction(bytes));
