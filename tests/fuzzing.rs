//! The fuzz targets over their seeds, and over seeds that a plain mutator changes: a few of them, and where `FUZZ_SECONDS`
//! is set as many as that time takes. See `docs/fuzzing.md`.

#![allow(clippy::disallowed_methods, reason = "seeds are files, and runs take as long as they are told")]
#![allow(clippy::print_stderr, reason = "who runs a target for a while is told how far it came")]

#[cfg(test)]
#[path = "../fuzz/src/targets.rs"]
#[allow(unreachable_pub, reason = "the fuzz package has it as a library")]
mod targets;

#[cfg(test)]
mod runs {
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};

    use super::targets;

    /// The seeds of a target by their names.
    fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let mut seeds: Vec<_> = paths.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
        if target == "policy" {
            // The policies that there are, as they are.
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
            let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            seeds.extend(paths.map(|path| (path.clone(), std::fs::read(path).unwrap())));
        }
        seeds
    }

    fn over_seeds(name: &str, target: fn(&[u8])) {
        let seeds = seeds(name);
        assert!(seeds.len() >= 3, "{name} has seeds");
        for (path, bytes) in seeds {
            let started = Instant::now();
            let held = std::panic::catch_unwind(|| target(&bytes));
            assert!(held.is_ok(), "{}", path.display());
            assert!(started.elapsed() < Duration::from_secs(20), "{} takes too long", path.display());
        }
    }

    /// Numbers by splitmix64: the same from run to run for one seed.
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        }

        fn below(&mut self, bound: usize) -> usize {
            usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
        }
    }

    /// What is odd in one place or another.
    const ODD: [&str; 24] = [
        "\n",
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        "null",
        "true",
        "0",
        "-1",
        "1e308",
        "18446744073709551616",
        "\u{202e}",
        "\u{0}",
        "${X}",
        "::",
        "##vso[",
        "https://",
        "@",
        "*",
        "\r\n",
        "\u{FEFF}",
        "é",
    ];

    /// A seed with a few changes.
    fn changed(numbers: &mut Numbers, seeds: &[(PathBuf, Vec<u8>)], words: &[&str]) -> Vec<u8> {
        let pick = numbers.below(seeds.len());
        let mut bytes = seeds[pick].1.clone();
        for _ in 0..=numbers.below(6) {
            let at = numbers.below(bytes.len() + 1);
            let end = (at + numbers.below(24)).min(bytes.len());
            match numbers.below(8) {
                0 => drop(bytes.drain(at..end)),
                1 => {
                    let piece = bytes[at..end].to_vec();
                    let to = numbers.below(bytes.len() + 1);
                    drop(bytes.splice(to..to, piece));
                }
                2 => bytes.truncate(at),
                3 | 4 => drop(bytes.splice(at..end, ODD[numbers.below(ODD.len())].bytes())),
                5 => drop(bytes.splice(at..end, words[numbers.below(words.len())].bytes())),
                6 => {
                    let other = &seeds[numbers.below(seeds.len())].1;
                    let from = numbers.below(other.len() + 1);
                    let to = (from + numbers.below(400)).min(other.len());
                    drop(bytes.splice(at..end, other[from..to].iter().copied()));
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << numbers.below(8);
                    }
                }
            }
        }
        bytes
    }

    /// How many changed seeds are tried where no time is given.
    const FEW: u64 = 100;

    fn over_changed_seeds(name: &str, target: fn(&[u8])) {
        let seconds: Option<u64> = std::env::var("FUZZ_SECONDS").ok().map(|text| text.parse().unwrap());
        let seed = std::env::var("FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
        // Large ones take long, and say the same.
        let small = |(_, bytes): &(PathBuf, Vec<u8>)| bytes.len() <= 4096;
        let (seeds, words) = (
            seeds(name).into_iter().filter(small).collect::<Vec<_>>(),
            targets::words().into_iter().collect::<Vec<_>>(),
        );
        let (mut numbers, started, mut runs, mut longest) = (Numbers(seed), Instant::now(), 0_u64, Duration::ZERO);
        while seconds.map_or(runs < FEW, |seconds| started.elapsed() < Duration::from_secs(seconds)) {
            let bytes = changed(&mut numbers, &seeds, &words);
            let one = Instant::now();
            let held = std::panic::catch_unwind(|| target(&bytes));
            let took = one.elapsed();
            // What takes long is a finding for who looks for it, and no verdict of a busy machine's tests.
            if held.is_err() || (seconds.is_some() && took > Duration::from_secs(10)) {
                let path = std::env::temp_dir().join(format!("credcheck-{name}-{seed}-{runs}"));
                std::fs::write(&path, &bytes).unwrap();
                panic!("{name} after {runs} runs, {} ms: {}", took.as_millis(), path.display());
            }
            longest = longest.max(took);
            runs += 1;
        }
        if let Some(seconds) = seconds {
            eprintln!("{name}: {runs} runs in {seconds} s, the longest {} ms", longest.as_millis());
        }
    }

    macro_rules! target {
        ($name:ident) => {
            #[test]
            fn $name() {
                over_seeds(stringify!($name), targets::$name);
                over_changed_seeds(stringify!($name), targets::$name);
            }
        };
    }

    target!(policy);
    target!(settings);
    target!(replay);
    target!(decoders);
    target!(redaction);
}
