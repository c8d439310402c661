//! Strings are redacted before they are serialised.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::redact::{Digest, Redacted, Redactor, Word};
use crate::text::secret::Secret;
use crate::vocabulary::token_shapes;

#[derive(Serialize)]
enum Choice {
    Unit,
    One(String),
    Two(String, u8),
    Named { text: String },
}

#[derive(Serialize)]
struct Everything {
    name: &'static str,
    some: Option<String>,
    none: Option<String>,
    list: Vec<String>,
    pair: (String, i64),
    map: BTreeMap<String, f64>,
    choices: Vec<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<u8>,
    number: u64,
    unit: (),
    yes: bool,
    letter: char,
}

fn everything(secret: &str, number: u64) -> Everything {
    let text = || format!("<{secret}>");
    Everything {
        name: "ours",
        some: Some(text()),
        none: None,
        list: vec![text(), "kept \"as\" it is\n".to_owned()],
        pair: (text(), -7),
        map: [(text(), 1.5)].into(),
        choices: vec![Choice::Unit, Choice::One(text()), Choice::Two(text(), 9), Choice::Named { text: text() }],
        skipped: None,
        number,
        unit: (),
        yes: true,
        letter: 'é',
    }
}

#[test]
fn a_value_is_written_as_it_is_but_for_its_secrets() {
    let secret = "a\"secret\\of quotes";
    let redactor = Redactor::new(token_shapes());
    redactor.add(&Secret::token(secret).unwrap());
    let written = |value: &Everything| serde_json::to_string_pretty(&Redacted::new(&redactor, value)).unwrap();
    let plain = |value: &Everything| serde_json::to_string_pretty(value).unwrap();
    let harmless = everything("nothing", 12_345);
    assert_eq!(written(&harmless), plain(&harmless));
    let value = serde_json::to_value(everything(secret, 1)).unwrap();
    assert_eq!(
        serde_json::to_value(Redacted::new(&redactor, &value)).unwrap(),
        serde_json::to_value(everything("***", 1)).unwrap()
    );
    redactor.add(&Secret::token("name").unwrap());
    assert_eq!(written(&everything(secret, 1)), plain(&everything("***", 1)), "names of fields stay");
}

#[test]
fn a_number_that_spells_a_secret_is_masked() {
    let redactor = Redactor::new(token_shapes());
    redactor.add(&Secret::token("8675309").unwrap());
    let written = serde_json::to_string(&Redacted::new(&redactor, &(8_675_309_u64, 867_530, -8_675_309, 1.5))).unwrap();
    assert_eq!(written, "[\"***\",867530,\"-***\",1.5]");
}

#[derive(Serialize)]
struct Told {
    word: Word,
    digest: Digest,
    no_digest: Digest,
    text: &'static str,
}

#[test]
fn words_of_ours_and_digests_stay_whatever_a_secret_is_spelled_like() {
    let redactor = Redactor::new(token_shapes());
    redactor.add(&Secret::token("unknown").unwrap());
    redactor.add(&Secret::token("0123456789ab").unwrap());
    let digest = "0123456789abcdef0123456789abcdef";
    let told = Told {
        word: Word("unknown"),
        digest: Digest(digest.to_owned()),
        no_digest: Digest(format!("{digest}, and 0123456789ab")),
        text: "unknown",
    };
    let written = serde_json::to_value(Redacted::new(&redactor, &told)).unwrap();
    assert_eq!(written["word"], "unknown");
    assert_eq!(written["digest"], digest);
    assert_eq!(written["text"], "***");
    assert!(!written["no_digest"].as_str().unwrap().contains("0123456789ab"), "{written}");
}
