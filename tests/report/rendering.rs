//! Diagnostics as text: places, sources, sizes.

use credcheck::diagnostic::{Code, Diagnostic, Style, render_redacted};
use credcheck::text::redact::Redactor;
use credcheck::text::secret::Secret;
use credcheck::text::source::{SourceMap, Span};
use credcheck::vocabulary::token_shapes;

const UNICODE: Style = Style::Graphical { color: false, unicode: true, width: 80, links: false };

fn at(map: &mut SourceMap, name: &str, text: &str, words: &[&str]) -> Vec<Span> {
    let id = map.add(name, text);
    words
        .iter()
        .map(|word| {
            let start = text.find(word).unwrap();
            Span::new(id, start, start + word.len())
        })
        .collect()
}

/// For diagnostics without secrets.
fn render(diagnostics: &[Diagnostic], map: &SourceMap, style: Style) -> String {
    render_redacted(diagnostics, map, style, &Redactor::new(token_shapes()))
}

#[test]
fn several_places_in_several_sources() {
    let mut map = SourceMap::new();
    let policy = at(
        &mut map,
        "main.pol",
        "input days: integer = 7\r\n\r\n\r\n\r\n# é\r\nrequire\tx >= days\r\n",
        &["days", "x >="],
    );
    let settings = at(&mut map, "settings.toml", "[inputs]\ndays = \"seven\"\n", &["\"seven\""]);
    let diagnostic = Diagnostic::at(Code::InputValue, settings[0], "`seven` is not an integer")
        .labelled("this is text")
        .label(policy[1], "read here")
        .label(policy[0], "declared here as `integer`")
        .help("write a number\nor leave it out")
        .note("the command line would win over this file")
        .url("https://example.com/a/long/address/that-must-not-be-broken/in-the-middle/however-long-it-gets-to-be");
    let all = std::slice::from_ref(&diagnostic);
    let mut text = String::new();
    let linked = Style::Graphical { color: false, unicode: true, width: 80, links: true };
    for style in [UNICODE, Style::Plain, Style::Narrated, linked] {
        text.push_str(&format!("=== {style:?}\n{}", render(all, &map, style).replace('\u{1b}', "ESC")));
    }
    insta::assert_snapshot!("places", text);
}

#[test]
fn odd_places_never_panic_and_always_show_the_message() {
    let styles = [
        UNICODE,
        Style::Plain,
        Style::Narrated,
        Style::Graphical { color: true, unicode: false, width: 0, links: true },
    ];
    let texts = ["", "\n", "\r\n", "a", "a\r\nb\r\n", "é\té\n\n\nß", "\u{feff}x\u{0}\u{85}\n", "漢字\n漢字", "a\rb\rc"];
    for text in texts {
        let mut map = SourceMap::new();
        let id = map.add("x.pol", text);
        for start in 0..=text.len() + 2 {
            for end in 0..=text.len() + 2 {
                let mut diagnostic =
                    Diagnostic::at(Code::UnexpectedText, Span::new(id, start, end), "message").labelled("here");
                diagnostic = diagnostic.label(Span::new(id, end, end), "there");
                for style in styles {
                    let shown = render(std::slice::from_ref(&diagnostic), &map, style);
                    assert!(shown.contains("message"), "{text:?} {start}..{end} {style:?}: {shown}");
                    assert!(!shown.contains("Failed to read"), "{shown}");
                }
            }
        }
    }
    let elsewhere =
        Diagnostic::at(Code::UnexpectedText, Span::new(credcheck::text::source::SourceId(9), 1, 2), "message");
    assert!(render(&[elsewhere], &SourceMap::new(), UNICODE).contains("message"));
}

#[test]
fn a_megabyte_in_one_line_stays_small_and_keeps_its_column() {
    let text = format!("{}é BAD {}", "x ".repeat(250_000), "y ".repeat(250_000));
    let mut map = SourceMap::new();
    let span = at(&mut map, "big.pol", &text, &["BAD"])[0];
    let one = Diagnostic::at(Code::UnexpectedText, span, "message").labelled("here");
    let many = vec![one; 100];
    for style in [UNICODE, Style::Plain, Style::Narrated] {
        let shown = render(&many, &map, style);
        assert!(shown.len() < 100 * 1_000, "{}", shown.len());
        assert!(shown.contains("500003"), "{}", shown.get(..600).unwrap_or(""));
    }
}

#[test]
fn many_places_are_capped_and_counted() {
    let text = "word\n".repeat(100);
    let mut map = SourceMap::new();
    let id = map.add("x.pol", text.as_str());
    let mut diagnostic = Diagnostic::new(Code::UnexpectedText, "message");
    for line in 0..100 {
        diagnostic = diagnostic.label(Span::new(id, line * 5, line * 5 + 4), "again");
    }
    let shown = render(&[diagnostic], &map, UNICODE);
    assert_eq!(shown.matches("again").count(), 12);
    assert!(shown.contains("88 places more not shown") || shown.contains("88 more places not shown"), "{shown}");
}

#[test]
fn secrets_and_tokens_in_sources_are_masked_before_anything_is_cut() {
    let token = ["ghp", &"x1".repeat(18)].join("_");
    let secret = "correct horse battery staple";
    let text = format!("a = \"{token}\"\n{}b = \"{secret}\" {}\nc = 1\n", "z".repeat(300), "z".repeat(300));
    let mut map = SourceMap::new();
    let spans = at(&mut map, "x.toml", &text, &["a = ", "horse", "c = 1"]);
    let diagnostic = Diagnostic::at(Code::BadSettings, spans[1], format!("bad `{secret}`"))
        .labelled(secret)
        .label(spans[0], token.clone())
        .label(spans[2], "");
    let redactor = Redactor::new(token_shapes());
    for secret in [secret, &token] {
        redactor.add(&Secret::token(secret).unwrap());
    }
    for style in [UNICODE, Style::Plain, Style::Narrated] {
        let shown = render_redacted(std::slice::from_ref(&diagnostic), &map, style, &redactor);
        assert!(shown.contains("c = 1"), "{shown}");
        for part in ["horse", "staple", "x1x1", token.as_str()] {
            assert!(!shown.contains(part), "{part} in {shown}");
        }
    }
}

#[test]
fn a_token_is_masked_in_place_and_leaves_the_rest_of_its_line() {
    let token = ["ghp", &"x1".repeat(18)].join("_");
    let mut map = SourceMap::new();
    let span = at(&mut map, "x.toml", &format!("token = \"{token}\" # of the bot\n"), &[&token])[0];
    let diagnostic = Diagnostic::at(Code::LiteralToken, span, "a token stands here").labelled("revoke it");
    let redactor = Redactor::new(token_shapes());
    let shown = render_redacted(&[diagnostic], &map, Style::Plain, &redactor);
    assert!(shown.contains("token = \"ghp_***") && shown.contains("# of the bot") && !shown.contains("x1"), "{shown}");
    assert!(shown.contains(&"^".repeat(17)), "the underline keeps its length: {shown}");
}

#[test]
fn nothing_drawn_is_wider_than_the_terminal() {
    let text = format!(
        "rule one {{\n\trequire token.scopes covers [\"repo\", \"workflow\"] and repository.can covers [clone, comment, \
         set_status, push] # {}\n  because \"it is so\"\n}}\n",
        "and more ".repeat(12)
    );
    for words in
        [&["\"repo\"", "set_status"][..], &["push"], &["require", "# and", "because"], &["rule one {\n\trequire"]]
    {
        let mut map = SourceMap::new();
        let spans = at(&mut map, "policies/main.pol", &text, words);
        let mut diagnostic =
            Diagnostic::new(Code::UnexpectedText, "a headline that has more words than fit into a row");
        for span in spans {
            let said =
                "what is said of this place is longer than most terminals are wide, and none of it is cut or lost";
            diagnostic = diagnostic.label(span, said);
        }
        let diagnostic =
            diagnostic.help("there is something to be done about it, and it takes more than a few words to say");
        for width in [40, 60, 80, 100, 140] {
            let style = Style::Graphical { color: false, unicode: true, width, links: false };
            let shown = render(std::slice::from_ref(&diagnostic), &map, style);
            let wide: Vec<&str> = shown.lines().filter(|line| line.chars().count() > width).collect();
            assert_eq!(wide, Vec::<&str>::new(), "at {width}\n{shown}");
            let said: String = shown.replace(['│', '┤', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains("lost"), "{shown}");
        }
    }
}
