//! Values are laid out as the library lays them out, but for what is redacted.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::text::json::{Escapes, Writer};
use crate::text::redact::{Digest, Redactor, Word};
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

fn laid_out(value: &impl Serialize, redactor: &Redactor) -> String {
    let mut bytes = Vec::new();
    Writer::new(&mut bytes, Escapes::Needed, 0, redactor).value(value).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_value_is_written_as_it_is_but_for_its_secrets() {
    let secret = "a\"secret\\of quotes";
    let redactor = Redactor::new(token_shapes());
    redactor.add(&Secret::token(secret).unwrap());
    let written = |value: &Everything| laid_out(value, &redactor);
    let plain = |value: &Everything| serde_json::to_string_pretty(value).unwrap();
    let harmless = everything("nothing", 12_345);
    assert_eq!(written(&harmless), plain(&harmless));
    let value = serde_json::to_value(everything(secret, 1)).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&laid_out(&value, &redactor)).unwrap(),
        serde_json::to_value(everything("***", 1)).unwrap()
    );
    redactor.add(&Secret::token("name").unwrap());
    assert_eq!(written(&everything(secret, 1)), plain(&everything("***", 1)), "names of fields stay");
}

#[test]
fn a_number_that_spells_a_secret_is_masked() {
    let redactor = Redactor::new(token_shapes());
    redactor.add(&Secret::token("8675309").unwrap());
    let written = laid_out(&(8_675_309_u64, 867_530, -8_675_309, 1.5), &redactor);
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), json!(["***", 867_530, "-***", 1.5]));
    let named = BTreeMap::from([(8_675_309, 1), (867_530, 2)]);
    let written = laid_out(&named, &redactor);
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), json!({ "***": 1, "867530": 2 }));
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
    let written = serde_json::from_str::<Value>(&laid_out(&told, &redactor)).unwrap();
    assert_eq!(written["word"], "unknown");
    assert_eq!(written["digest"], digest);
    assert_eq!(written["text"], "***");
    assert!(!written["no_digest"].as_str().unwrap().contains("0123456789ab"), "{written}");
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Unit,
    Character(char),
    Number(u64),
}

#[derive(Serialize)]
struct Unit;

/// Bytes as a format with bytes would take them.
struct Bytes(&'static [u8]);

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

#[test]
fn values_of_every_kind_are_laid_out_as_the_library_does() {
    let redactor = Redactor::new(token_shapes());
    let value = (
        (BTreeMap::from([(true, 1), (false, 2)]), BTreeMap::from([(-3, ()), (4, ())]), BTreeMap::from([('"', 'é')])),
        (BTreeMap::from([(Name::Unit, Unit)]), [[(); 0]; 2], Vec::<u8>::new()),
        (f64::NAN, f32::MAX, 1.0, u128::MAX, i128::MIN, i8::MIN),
        [Choice::Two(String::new(), 1), Choice::Named { text: "\u{1}".to_owned() }],
        Bytes(b"a\xff"),
        std::net::Ipv4Addr::LOCALHOST,
    );
    assert_eq!(laid_out(&value, &redactor), serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn what_is_no_text_is_no_name() {
    let redactor = Redactor::new(token_shapes());
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, Escapes::Needed, 0, &redactor);
    assert!(writer.value(&BTreeMap::from([([1, 2], 1)])).is_err());
    assert!(writer.value(&BTreeMap::from([(Name::Number(1), 1)])).is_err());
    assert!(writer.value(&BTreeMap::from([(Name::Character('a'), 1)])).is_err());
}

#[test]
fn bytes_that_spell_a_secret_are_masked() {
    let redactor = Redactor::new(token_shapes());
    redactor.add(&Secret::token("hunter2hunter2").unwrap());
    assert_eq!(laid_out(&Bytes(b"hunter2hunter2"), &redactor), serde_json::to_string_pretty(&Bytes(b"***")).unwrap());
}
