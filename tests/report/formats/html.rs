//! The page: nothing is fetched, nothing runs, and a reader without eyes or colours finds the way.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credcheck::report::Machine;
use roxmltree::{Document, Node, ParsingOptions};
use sha2::{Digest as _, Sha256};

use super::data::{HOSTILE, Run};
use super::whole::fleet;

/// The elements that the page is made of. None of them fetches or runs anything.
const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "span", "ul", "li", "nav",
    "main", "section", "article", "table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "code",
    "details", "summary", "time", "br", "footer",
];
const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "href",
    "rel",
    "aria-label",
    "aria-labelledby",
    "aria-hidden",
    "id",
    "tabindex",
    "role",
    "scope",
    "datetime",
];

fn runs() -> Vec<Run> {
    vec![
        Run::clean(),
        Run::of_each("plain").interrupted(),
        Run::of_each(HOSTILE),
        Run::of_each(&HOSTILE.repeat(300)),
        fleet(30, 40),
    ]
}

/// Gives each page, parsed. It is XML, too, so that nothing in it can be read in two ways.
fn each(check: impl Fn(Node<'_, '_>, &str)) {
    for run in runs() {
        let page = run.report(Machine::Html);
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let document = Document::parse_with_options(&page, options).unwrap_or_else(|error| panic!("{error}\n{page}"));
        check(document.root_element(), &page);
    }
}

fn elements<'a>(root: Node<'a, 'a>, name: &'static str) -> Vec<Node<'a, 'a>> {
    root.descendants().filter(|node| node.has_tag_name(name)).collect()
}

#[test]
fn nothing_runs_and_nothing_is_fetched() {
    each(|root, page| {
        for node in root.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            assert!(ELEMENTS.contains(&name), "{name}");
            for attribute in node.attributes() {
                let (key, value) = (attribute.name(), attribute.value());
                assert!(ATTRIBUTES.contains(&key), "{key} of {name}");
                assert!(key != "src" && key != "style" && !key.starts_with("on"), "{key}");
                if key == "href" {
                    assert!(value.starts_with('#') || value.starts_with("https://"), "{value}");
                    let rel = node.attribute("rel");
                    assert_eq!(rel, value.starts_with("https:").then_some("noreferrer noopener"), "{value}");
                }
            }
        }
        assert!(!page.to_ascii_lowercase().contains("<script"));
    });
}

#[test]
fn the_policy_of_the_page_lets_its_style_through_and_nothing_else() {
    each(|root, _| {
        let head = elements(root, "head")[0];
        let metas: Vec<_> = head.children().filter(Node::is_element).take(2).collect();
        assert_eq!(metas[0].attribute("charset"), Some("utf-8"));
        assert_eq!(metas[1].attribute("http-equiv"), Some("Content-Security-Policy"));
        let style = elements(root, "style")[0].text().unwrap();
        let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
        let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
        assert_eq!(metas[1].attribute("content"), Some(policy.as_str()));
    });
}

#[test]
fn readers_find_their_way() {
    each(|root, _| {
        assert_eq!(root.attribute("lang"), Some("en"));
        assert_eq!(elements(root, "h1").len(), 1);
        for landmark in ["header", "nav", "main", "footer"] {
            assert_eq!(elements(root, landmark).len(), 1, "{landmark}");
        }
        let ids: Vec<&str> = root.descendants().filter_map(|node| node.attribute("id")).collect();
        let unlike: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unlike.len());
        for node in root.descendants() {
            let within = node.attribute("href").and_then(|address| address.strip_prefix('#'));
            for id in within.into_iter().chain(node.attribute("aria-labelledby")) {
                assert!(unlike.contains(id), "{id}");
            }
        }
        let first = elements(root, "body")[0].children().find(Node::is_element).unwrap();
        assert_eq!(first.attribute("href"), Some("#main"));
        for table in elements(root, "table") {
            assert!(table.children().any(|node| node.has_tag_name("caption")));
            assert!(elements(table, "th").iter().all(|cell| cell.attribute("scope").is_some()));
        }
        for details in elements(root, "details") {
            assert!(details.children().find(Node::is_element).unwrap().has_tag_name("summary"));
        }
        let mut level = 1;
        for node in root.descendants().filter(Node::is_element) {
            if let Some(next) = node.tag_name().name().strip_prefix('h').and_then(|level| level.parse::<usize>().ok()) {
                assert!(next <= level + 1, "h{next} after h{level}");
                level = next;
            }
        }
    });
}

#[test]
fn the_result_is_told_first_and_in_words() {
    let title = |run: &Run| {
        let page = run.report(Machine::Html);
        page.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap().to_owned()
    };
    assert_eq!(title(&Run::clean()), "Everything demanded holds · credcheck policies/team.pol");
    let interrupted = title(&Run::clean().interrupted());
    assert!(interrupted.starts_with("Interrupted: 3 of 12 credentials judged · "), "{interrupted}");
    let mut run = Run::clean();
    run.closing.exit = 3;
    run.closing.summary.undetermined = 2;
    assert!(title(&run).starts_with("2 undetermined: unknown never passes · "));
    run.closing.summary.decided = 0;
    assert!(title(&run).starts_with("Nothing was decided, which is not a success · "));
    let fleet = title(&fleet(2, 2));
    assert!(fleet.starts_with("4 violations · "), "{fleet}");
}

#[test]
fn many_names_are_folded() {
    let page = fleet(1, 200).report(Machine::Html);
    assert_eq!(page.matches("<article").count(), 2);
    assert!(page.contains("<summary>the same for 199 more names</summary>"), "{page}");
    assert!(page.contains("<code>acme/r199</code>"));
}
