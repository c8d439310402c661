//! The page of a diagnostic: its Markdown, plainly.

use crate::diagnostic::Code;
use crate::report::page::Page;

/// The page of a code. Its Markdown has headings, paragraphs, lists and fenced code only.
pub fn code_page(code: Code) -> Page {
    let mut page = Page::default();
    let mut paragraph = String::new();
    let mut fence: Option<String> = None;
    for line in code.page().lines().chain([""]) {
        if let Some(info) = line.strip_prefix("```") {
            flush(&mut page, &mut paragraph);
            fence = match fence {
                None => {
                    match info.split(',').find(|word| ["bad", "good"].contains(word)) {
                        Some("bad") => page.paragraph(2, "This brings it:"),
                        Some(_) => page.paragraph(2, "This does not:"),
                        None => {}
                    }
                    Some(String::new())
                }
                Some(text) => {
                    page.code(4, text);
                    None
                }
            };
        } else if let Some(text) = &mut fence {
            text.push_str(line);
            text.push('\n');
        } else if let Some(heading) = line.strip_prefix("# ") {
            page.heading(format!("{heading} ({})", code.severity().word()));
        } else if let Some(heading) = line.strip_prefix("## ") {
            flush(&mut page, &mut paragraph);
            page.heading(heading);
        } else if line.is_empty() || line.starts_with("- ") {
            flush(&mut page, &mut paragraph);
            paragraph.push_str(line);
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim());
        }
    }
    page
}

fn flush(page: &mut Page, paragraph: &mut String) {
    if paragraph.is_empty() {
        return;
    }
    match paragraph.strip_prefix("- ") {
        Some(item) => page.rows(2, vec![vec!["-".to_owned(), item.to_owned()]]),
        None => page.paragraph(2, paragraph.as_str()),
    }
    paragraph.clear();
}
