//! How tokens look: what is recognised, what is masked, and what stays.

use proptest::prelude::*;

use crate::text::token_shape::Purpose;
use crate::vocabulary::{HOSTS, host_of_shape, token_shapes};

fn classic() -> String {
    ["ghp", &"x1".repeat(18)].join("_")
}

fn installation() -> String {
    ["ghs", "300001", &["eyJhbGciOiJSUzI1NiJ9", "eyJpc3MiOiIzMDAwMDEifQ", "c2ln-bmF0_dXJl"].join(".")].join("_")
}

fn gitlab() -> String {
    ["glpat", &"Zy9_".repeat(5)].join("-")
}

#[test]
fn longer_prefixes_come_first_and_titles_have_their_article() {
    let shapes = token_shapes().rows();
    for (at, shape) in shapes.iter().enumerate() {
        let hidden = shapes.iter().take(at).find(|before| shape.prefix.starts_with(before.prefix));
        assert_eq!(hidden.map(|before| before.prefix), None, "{}", shape.prefix);
        assert!(shape.title.starts_with("a ") || shape.title.starts_with("an "), "{}", shape.title);
        assert!(shape.prefix.len() >= 2, "{}", shape.prefix);
    }
}

#[test]
fn a_host_has_the_shapes_of_its_kinds() {
    for host in HOSTS {
        for shape in host.shapes {
            assert_eq!(host_of_shape(shape).map(|owner| owner.kind), Some(host.kind), "{}", shape.prefix);
        }
        for (kind, prefix) in host.kinds.iter().flat_map(|kind| kind.prefixes.iter().map(move |prefix| (kind, prefix)))
        {
            let known = host.shapes.iter().any(|shape| prefix.starts_with(shape.prefix));
            assert!(known, "{} {} begins with {prefix}", host.word, kind.word);
        }
    }
    let hosts: usize = HOSTS.iter().map(|host| host.shapes.len()).sum();
    assert!(token_shapes().rows().iter().skip(hosts).all(|shape| host_of_shape(shape).is_none()));
}

#[test]
fn tokens_are_masked_after_their_prefix_with_the_same_length() {
    for (token, prefix) in [
        (classic(), "ghp_"),
        (installation(), "ghs_"),
        (gitlab(), "glpat-"),
        (["AT", "ATT3xFfGF0T4-x_", &"kQ9".repeat(12), "=1A2B3C4D"].concat(), "ATATT"),
    ] {
        for (before, after) in
            [("", ""), ("token: `", "`"), ("https://x:", "@github.com/a"), ("%3D", "%0A"), ("\\n", "\"")]
        {
            let text = format!("{before}{token}{after}");
            let masked = token_shapes().mask(&text);
            assert_eq!(masked.len(), text.len());
            assert_eq!(masked, format!("{before}{prefix}{}{after}", "*".repeat(token.len() - prefix.len())));
            let found = token_shapes().find(&text);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0], before.len()..before.len() + token.len());
        }
    }
}

#[test]
fn ordinary_words_stay() {
    for text in [
        "ghp_",
        "a token that begins with `ghp_` or `github_pat_`",
        "sk-learn",
        "sk-learn-contrib-and-other-packages-with-long-names",
        "risk-averse task-runner",
        "ghs_installation_token_of_the_production_cluster",
        "glpat-your-token-goes-right-here-please",
        "npm_config_registry_of_the_whole_company",
        "AKIA",
        "eyJ",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "a file that begins with `-----BEGIN RSA PRIVATE KEY-----` is a key",
        "repository.permission >= write",
        "hf_hub and SG. and AIza",
        "",
    ] {
        assert_eq!(token_shapes().mask(text), text);
        assert!(token_shapes().find(text).is_empty(), "{text}");
    }
}

#[test]
fn private_keys_are_masked_between_their_lines() {
    let body = "MIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9\nAbCdEf0123456789+/AbCdEf01234567\nShort==";
    let whole = format!("key:\n-----BEGIN RSA PRIVATE KEY-----\r\n{body}\n-----END RSA PRIVATE KEY-----\nafter");
    let masked = token_shapes().mask(&whole);
    assert_eq!(masked.len(), whole.len());
    assert!(!masked.contains("MIIE") && !masked.contains("Short"));
    assert!(masked.ends_with("-----END RSA PRIVATE KEY-----\nafter"));
    assert_eq!(masked.matches('\n').count(), whole.matches('\n').count());
    let cut = format!("-----BEGIN PRIVATE KEY-----\\n{}", body.replace('\n', "\\n"));
    assert!(!token_shapes().mask(&cut).contains("MIIE") && !token_shapes().mask(&cut).contains("Short"));
    let two = format!("-----BEGIN PRIVATE KEY-----\n{body}\n{whole}");
    assert!(!token_shapes().mask(&two).contains("MIIE"));
}

#[test]
fn a_token_tells_its_vendor() {
    let vendor = |token: &str| token_shapes().of(token).map(|shape| (shape.vendor, shape.purpose));
    assert_eq!(vendor(&classic()), Some((Some("github"), Purpose::Api)));
    assert_eq!(vendor("ghp_x"), Some((Some("github"), Purpose::Api)), "a damaged token is still GitHub's");
    assert_eq!(vendor(&["ghr", &"x1".repeat(38)].join("_")), Some((Some("github"), Purpose::Refresh)));
    assert_eq!(vendor(&gitlab()), Some((Some("gitlab"), Purpose::Api)));
    assert_eq!(vendor(&format!("acme-{}", gitlab())), Some((Some("gitlab"), Purpose::Api)));
    assert_eq!(vendor(&["gloas", &"0f".repeat(32)].join("-")), Some((Some("gitlab"), Purpose::Other)));
    assert_eq!(vendor(&["BBDC", &"Mz/9".repeat(11)].join("-")), Some((Some("bitbucket_server"), Purpose::Api)));
    assert_eq!(vendor("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"), Some((None, Purpose::Key)));
    assert_eq!(vendor("sk-hunter2"), None);
    assert_eq!(vendor(&"0f".repeat(20)), None);
    assert_eq!(vendor("x-ghp_y"), None);
    assert_eq!(vendor(""), None);
}

#[test]
fn many_near_tokens_take_linear_time() {
    for piece in
        ["ghp_", "sk-", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----A", "eyJ", "glpat-a", "AKIAA"]
    {
        let text = piece.repeat(200_000 / piece.len());
        assert_eq!(token_shapes().mask(&text).len(), text.len());
    }
}

proptest! {
    #[test]
    fn masking_keeps_length_and_lines_and_is_idempotent(before in "\\PC{0,20}", body in "[A-Za-z0-9]{36,80}", after in "[^A-Za-z0-9_.=-]\\PC{0,20}") {
        let text = format!("{before}ghp_{body}{after}");
        let masked = token_shapes().mask(&text).into_owned();
        prop_assert_eq!(masked.len(), text.len());
        prop_assert!(!masked.contains(&body));
        prop_assert_eq!(token_shapes().mask(&masked).into_owned(), masked.clone());
        prop_assert!(token_shapes().find(&masked).is_empty());
    }

    #[test]
    fn any_text_keeps_its_length(text in "(\\PC|\n|-----BEGIN PRIVATE KEY-----|-----END|ghs_|eyJ|A1b2C3d4E5f6G7h8){0,40}") {
        let masked = token_shapes().mask(&text);
        prop_assert_eq!(masked.len(), text.len());
        prop_assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
        for range in token_shapes().find(&text) {
            prop_assert!(text.get(range).is_some());
        }
    }
}
