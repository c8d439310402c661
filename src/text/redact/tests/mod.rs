mod alike;
mod oracle;

use base64::engine::general_purpose::URL_SAFE;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::*;
use crate::vocabulary::token_shapes;

/// The value of a `Basic` authorisation, as clients write it; for tests of what must never be seen.
fn basic(user: &str, secret: &str) -> String {
    STANDARD.encode(format!("{user}:{secret}"))
}

fn redactor(secret: &str) -> Redactor {
    let redactor = Redactor::new(token_shapes());
    redactor.add(&Secret::token(secret).unwrap());
    redactor
}

#[test]
fn a_long_secret_is_masked_in_any_case() {
    let text = ["ghp", &"Ax1".repeat(12)].join("_");
    let redactor = Redactor::new(token_shapes());
    redactor.add(&Secret::token(&text).unwrap());
    for text in [text.to_ascii_lowercase(), text.to_ascii_uppercase()] {
        assert_eq!(redactor.redact(&format!("https://{text}.example")), format!("https://{MASK}.example"));
    }
}

#[test]
fn every_form_is_masked_and_the_rest_stays() {
    let secret = "pa/ss+w&rd é\"\\%7";
    let redactor = redactor(secret);
    let json = serde_json::to_string(secret).unwrap();
    let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap();
    for form in [
        secret.to_owned(),
        format!("Bearer {secret}"),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string().to_lowercase(),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        json.to_owned(),
        json.replace('é', "\\u00e9").replace('/', "\\/"),
        secret.replace('&', "&amp;").replace('"', "&#34;"),
        secret.replace('&', "&#x26;").replace('"', "&quot;"),
    ] {
        let text = format!("before [{form}] after ü");
        let expected =
            if form.starts_with("Bearer") { "before [Bearer ***] after ü" } else { "before [***] after ü" };
        assert_eq!(redactor.redact(&text), expected, "{form}");
    }
}

#[test]
fn basic_values_are_masked_whole_and_in_any_alignment() {
    let secret = "correct-horse?battery>staple~~";
    let with_user = Redactor::new(token_shapes());
    with_user.add_basic("atlantis-acme", &Secret::token(secret).unwrap());
    assert_eq!(
        with_user.redact(&format!("Authorization: Basic {}", basic("atlantis-acme", secret))),
        "Authorization: ***"
    );
    let alone = redactor(secret);
    for user in ["", "a", "ab", "abc", "abcd"] {
        for encoded in [basic(user, secret), URL_SAFE.encode(format!("{user}:{secret}"))] {
            let masked = alone.redact(&encoded);
            assert!(masked.contains(MASK), "{user}: {masked}");
            assert!(masked.len() < encoded.len() / 2, "{user}: {masked}");
        }
    }
}

/// Bytes as hex.
fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_secret_is_masked_however_often_it_was_encoded() {
    let classic = ["ghp", &"Ax1".repeat(12)].join("_");
    for secret in [classic.as_str(), "hunter2hunter2", "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", "pä?~~>ss wörd"] {
        let redactor = redactor(secret);
        let once = STANDARD.encode(secret);
        let pair = basic("bot", secret);
        let base64 = |text: &str| STANDARD.encode(text);
        for form in [
            hex(secret),
            hex(secret).to_uppercase(),
            hex(&once),
            hex(&hex(secret)),
            base64(&once),
            base64(&pair),
            URL_SAFE.encode(URL_SAFE.encode(secret)),
            base64(&base64(&once)),
            base64(&hex(secret)),
            base64(&format!("x {once}")),
            base64(&format!("xy {pair}")),
            base64(&format!("{{\"token\":\"{secret}\"}}")),
        ] {
            for (before, after) in
                [("", ""), ("before [", "] after ü"), ("https://git.acme.dev/Api/", "/x"), ("0A", "")]
            {
                let masked = redactor.redact(&format!("{before}{form}{after}")).into_owned();
                assert!(masked.contains(MASK), "{secret}: {before}{form} is {masked}");
                // What is left of its ends spells no four characters of the secret.
                let left = masked.len() - MASK.len();
                assert!(left <= before.len() + after.len() + form.len() - secret.len(), "{form}: {masked}");
            }
        }
    }
}

#[test]
fn a_token_without_its_prefix_is_masked() {
    let body = "Ax1".repeat(12);
    for token in [["ghp", &body].join("_"), ["glpat", &body].join("-"), ["acme-glpat", &body].join("-")] {
        let redactor = redactor(&token);
        assert_eq!(redactor.redact(&format!("token {body}!")), "token ***!", "{token}");
        for form in [STANDARD.encode(&body), hex(&body), body.to_lowercase()] {
            assert!(redactor.redact(&format!("x {form}")).contains(MASK), "{form}");
        }
    }
}

#[test]
fn the_secret_part_of_a_token_in_two_is_masked_alone() {
    let (id, part) = ("11ABCDEFG0".to_owned() + &"aB3d".repeat(3), "Zq9xW4".repeat(9) + "Zq9xW");
    let redactor = redactor(&["github_pat", &id, &part].join("_"));
    assert_eq!(redactor.redact(&format!("token {part}!")), "token ***!");
    assert!(redactor.redact(&hex(&part)).contains(MASK));
    assert_eq!(redactor.redact(&format!("token {id}!")), format!("token {id}!"), "it is told in addresses");
    // A short part could be a word.
    let redactor = self::redactor(&["ghp", &"Ax1".repeat(8), "a_word_of_36"].join("_"));
    assert_eq!(redactor.redact("of_36"), "of_36");
}

#[test]
fn what_is_split_or_written_backwards_is_shown() {
    let secret = "hunter2-hunter3-hunter4";
    let redactor = redactor(secret);
    let backwards: String = secret.chars().rev().collect();
    for text in [backwards, "hunter2-hunter3".to_owned(), "hunter2- hunter3-hunter4".to_owned()] {
        assert_eq!(redactor.redact(&text), text);
    }
}

#[test]
fn texts_that_could_be_encoded_and_are_not_stay() {
    let redactor = redactor("hunter2hunter2");
    for text in [
        "GET https://git.acme.dev/api/v3/repos/Acme/Infrastructure-Live",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "X-GitHub-Authentication-Token-Expiration",
        "MIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9",
    ] {
        assert_eq!(redactor.redact(text), text);
    }
}

#[test]
fn short_secrets_do_not_turn_the_output_to_mush() {
    let word = redactor("repo");
    assert_eq!(word.redact("repository: repo, reports"), "repository: ***, reports");
    // After an escape, too, a word begins; after an escaped letter none does.
    for text in ["a\\nrepo", "a\\trepo", "%20repo", "%0Arepo", "\\u0022repo", "&#34;repo", "x\nrepo\\"] {
        assert!(word.redact(text).contains(MASK), "{text}");
    }
    for text in ["%61repo", "\\u0061repo", "nrepo", "20repo"] {
        assert_eq!(word.redact(text), text);
    }
    let tiny = redactor("ab");
    assert_eq!(tiny.redact("about Bearer ab"), "about ***");
    assert_eq!(tiny.redact("absent"), "absent");
    let basic_tiny = Redactor::new(token_shapes());
    basic_tiny.add_basic("bot", &Secret::token("ab").unwrap());
    assert_eq!(basic_tiny.redact(&format!("Basic {} https://bot:ab@host", basic("bot", "ab"))), "*** https://***@host");
}

#[test]
fn lines_of_a_key_are_masked_each() {
    let body = "MIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9\nAbCdEf0123456789+/AbCdEf01234567";
    let key =
        Secret::key(&format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n")).unwrap();
    let redactor = Redactor::new(token_shapes());
    redactor.add(&key);
    assert_eq!(redactor.redact("line AbCdEf0123456789+/AbCdEf01234567!"), "line ***!");
    assert!(!redactor.redact(key.expose()).contains("MIIE"));
    assert!(!redactor.redact(&serde_json::to_string(key.expose()).unwrap()).contains("MIIE"));
}

#[test]
fn token_shaped_text_is_masked_unasked() {
    let token = ["ghp", &"x1".repeat(18)].join("_");
    assert_eq!(Redactor::new(token_shapes()).redact(&format!("a {token} b")), format!("a ghp_{} b", "*".repeat(36)));
    assert_eq!(redactor(&token).redact(&format!("a {token} b")), "a *** b");
}

#[test]
fn a_redactor_shows_nothing_of_its_secrets() {
    assert!(!format!("{:?}", redactor("hunter2hunter2")).contains("hunter2"));
}

#[test]
fn a_secret_that_the_mask_brings_back_takes_the_whole_text() {
    assert_eq!(redactor("********").redact("x ******** y"), "x *** y");
    assert_eq!(redactor("a***bcdef").redact("aa***bcdefbcdef"), "***");
}

proptest! {
    #[test]
    fn no_output_holds_the_secret(
        secret in "[!-~é]{8,40}",
        before in "\\PC{0,30}",
        after in "\\PC{0,30}",
        user in "[a-z]{0,5}",
    ) {
        let known = redactor(&secret);
        let with_user = known.clone();
        with_user.add_basic(&user, &Secret::token(&secret).unwrap());
        let encoded = utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string();
        let json = serde_json::to_string(&secret).unwrap();
        let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap().to_owned();
        for form in [secret.clone(), encoded, json] {
            let text = format!("{before}{form}{after}");
            let masked = known.redact(&text);
            prop_assert!(!masked.contains(&form));
            prop_assert!(!masked.contains(&secret));
        }
        let pair = basic(&user, &secret);
        let text = format!("{before}{pair}{after}");
        let masked = with_user.redact(&text);
        prop_assert!(!masked.contains(&pair));
    }

    #[test]
    fn text_without_a_secret_stays(text in "[g-z \n:,]{0,200}") {
        prop_assert_eq!(redactor("SECRET-VALUE-0123").redact(&text), text.as_str());
    }

    #[test]
    fn any_text_is_safe(text in "\\PC{0,200}", secret in "[%\\\\&+ -~]{1,12}") {
        if let Ok(secret) = Secret::token(&secret) {
            let redactor = Redactor::new(token_shapes());
            redactor.add_basic("u", &secret);
            let _ = redactor.redact(&text);
        }
    }
}
