//! The site: every page is in the table of contents, every link and anchor leads somewhere, in the order of `SUMMARY.md`.
//! `.ci/docs` builds it and looks at what was built.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::pages::{Page, all_pages, prose, read, root};

const SUMMARY: &str = "docs/SUMMARY.md";

/// The targets of links in a page, each with its line.
fn links(page: &Page) -> Vec<(usize, String)> {
    let of_line = |(line, text): (usize, &str)| {
        let targets = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned());
        targets.map(|target| (line, target)).collect::<Vec<_>>()
    };
    prose(page).into_iter().flat_map(of_line).filter(|(_, target)| !target.contains("://")).collect()
}

/// The path of a link's file below the project's folder.
fn leads_to(page: &Page, file: &str) -> PathBuf {
    if file.is_empty() {
        return PathBuf::from(&page.name);
    }
    let mut path = PathBuf::new();
    for part in Path::new(&page.name).parent().unwrap().join(file).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{}: `{file}` leads out of the project", page.name),
            other => path.push(other),
        }
    }
    path
}

fn anchors(page: &Page) -> BTreeSet<String> {
    prose(page).iter().filter(|(_, line)| line.starts_with('#')).map(|(_, line)| slug(line)).collect()
}

/// The anchor that Markdown viewers give a heading.
fn slug(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            other => other.is_alphanumeric().then_some(other),
        })
        .collect()
}

#[test]
fn links_between_pages_lead_somewhere() {
    let pages = all_pages();
    for page in &pages {
        for (line, target) in links(page) {
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = leads_to(page, file);
            let name = path.to_str().unwrap();
            assert!(root().join(&path).exists(), "{}:{line}: `{target}` leads nowhere", page.name);
            if !anchor.is_empty() {
                let other = pages.iter().find(|other| other.name == name).unwrap();
                assert!(anchors(other).contains(anchor), "{}:{line}: `{target}` names no heading", page.name);
            }
        }
    }
}

#[test]
fn the_table_of_contents_has_every_page_once() {
    let summary = Page { name: SUMMARY.to_owned(), text: read(SUMMARY) };
    let mut listed = BTreeSet::new();
    for (line, target) in links(&summary) {
        let path = leads_to(&summary, &target).to_str().unwrap().to_owned();
        assert!(listed.insert(path), "{SUMMARY}:{line}: `{target}` stands there twice");
    }
    let pages: BTreeSet<String> = all_pages()
        .into_iter()
        .map(|page| page.name)
        .filter(|name| name.starts_with("docs/") && name != SUMMARY)
        .collect();
    let missing: Vec<_> = pages.difference(&listed).collect();
    assert!(missing.is_empty(), "not in {SUMMARY}: {missing:?}");
    let gone: Vec<_> = listed.difference(&pages).collect();
    assert!(gone.is_empty(), "{SUMMARY} has what is not there: {gone:?}");
}

/// A page of the site is named by its first line, and has one such heading.
#[test]
fn every_page_has_one_title() {
    for page in all_pages() {
        let titles = prose(&page).iter().filter(|(_, line)| line.starts_with("# ")).count();
        let first = page.text.starts_with("# ");
        assert!(first && (titles == 1 || page.name == SUMMARY), "{}: {titles} titles", page.name);
    }
}

/// A site shows each table as wide as it is, and scrolls it. Prose is wrapped where people wrote it.
#[test]
fn prose_is_no_wider_than_a_diff() {
    for page in all_pages().iter().filter(|page| page.name.starts_with("docs/guides/")) {
        for (line, text) in prose(page) {
            let long = text.chars().count() > 130 && !text.starts_with('|');
            assert!(!long, "{}:{line} is longer than the others", page.name);
        }
    }
}
