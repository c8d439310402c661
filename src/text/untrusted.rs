//! Text of hosts and policies, made harmless for the place where it is shown.
//!
//! A repository's name, a host's error message or a policy's title may try to move the cursor, to read in another order
//! than it is written, to hide, or to give commands to the CI system that reads our log. Everything of theirs that is
//! shown passes here, for the sink that shows it.

use std::borrow::Cow;

/// Where a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sink {
    /// A terminal. Its text often ends in a CI log, so commands are defused here too.
    Terminal,
    /// The log of a CI system.
    CiLog,
    /// Markdown, as comments and job summaries show it.
    Markdown,
    /// HTML, in text and in quoted attributes.
    Html,
    /// XML 1.0, in text and in quoted attributes.
    Xml,
    /// The message of a workflow command: `::error::…`.
    WorkflowMessage,
    /// A property of one: `::error title=…::`.
    WorkflowProperty,
    /// The message of a logging command: `##vso[…]…`.
    LoggingMessage,
    /// A property of one: `##vso[task.logissue code=…;]`.
    LoggingProperty,
    /// A value of a service message: `##teamcity[name key='…']`.
    ServiceMessage,
}

impl Sink {
    /// Every sink.
    pub const ALL: [Self; 10] = [
        Self::Terminal,
        Self::CiLog,
        Self::Markdown,
        Self::Html,
        Self::Xml,
        Self::WorkflowMessage,
        Self::WorkflowProperty,
        Self::LoggingMessage,
        Self::LoggingProperty,
        Self::ServiceMessage,
    ];
}

/// What stands for a character that is not shown.
const REPLACEMENT: char = '\u{FFFD}';

/// The text, harmless in the sink. Line feeds and tabs stay; other control characters, bidirectional, zero-width and
/// tag characters show as `U+FFFD`; commands to CI systems are broken up visibly; the sink's own markup is escaped.
///
/// Applying it twice is safe, but escapes twice: render once, at the end.
pub fn render(text: &str, sink: Sink) -> String {
    let clean = defuse(&clean(text), Width::Free).into_owned();
    match sink {
        Sink::Terminal | Sink::CiLog => clean,
        Sink::Markdown => escape(&clean, markdown),
        Sink::Html => escape(&clean, html),
        Sink::Xml => escape(&clean, xml),
        // What the runner makes of it is the text that was broken up, so nothing in it is a command again.
        Sink::WorkflowMessage => escape(&clean, workflow_message),
        Sink::WorkflowProperty => escape(&clean, workflow_property),
        Sink::LoggingMessage => escape(&clean, logging_message),
        Sink::LoggingProperty => escape(&clean, logging_property),
        Sink::ServiceMessage => escape(&clean, service_message),
    }
}

/// Like [`render`], on one line: line feeds and tabs become spaces, so that a text cannot forge a line of ours.
pub fn one_line(text: &str, sink: Sink) -> String {
    let joined = text.trim_end().replace("\r\n", " ").replace(['\n', '\t'], " ");
    render(&joined, sink)
}

/// The text with every dangerous character replaced by harmless ones of the same length in bytes, so that spans into it
/// stay valid: for excerpts of sources. Line feeds and tabs stay; a carriage return before a line feed becomes a space.
pub fn same_length(text: &str) -> String {
    let mut same = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\r' && characters.peek() == Some(&'\n') {
            same.push(' ');
        } else if is_dangerous(character) {
            same.push_str(match character.len_utf8() {
                1 => "?",
                2 => "??",
                3 => "\u{FFFD}",
                _ => "\u{FFFD}?",
            });
        } else {
            same.push(character);
        }
    }
    defuse(&same, Width::Same).into_owned()
}

/// Characters that do something, hide something or reorder something instead of being seen. Line feed and tab are not
/// among them.
pub fn is_dangerous(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        _ if character.is_control() => true,
        // Bidirectional marks, embeddings, overrides, isolates.
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
        // Zero width, joiners, invisible operators, deprecated format characters, fillers.
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' => true,
        '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{3164}' => true,
        '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' => true,
        // Line and paragraph separators.
        '\u{2028}' | '\u{2029}' => true,
        '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => true,
        // Tags and variation selectors: text inside text.
        '\u{E0000}'..='\u{E0FFF}' => true,
        // Not characters at all; XML does not allow the first two.
        '\u{FFFE}' | '\u{FFFF}' => true,
        _ => false,
    }
}

fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            // They only choose between a plain and a coloured form of the character before them.
            '\u{FE0E}' | '\u{FE0F}' => {}
            _ if is_dangerous(character) => clean.push(REPLACEMENT),
            _ => clean.push(character),
        }
    }
    clean
}

/// Whether breaking a command up may change the text's length.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    Free,
    Same,
}

/// Breaks up what a CI system would take for a command.
///
/// - `::name::` at the start of a line (GitHub, which ignores white space before it). Output is wrapped, so what follows
///   white space may come to start a line, and what a long word holds may too: colons after white space are always
///   broken up, others where the line could hold a whole command.
/// - `##[…]`, `##vso[…]` (Azure, old GitHub runners) and `##teamcity[…]` anywhere: the bracket becomes a parenthesis.
fn defuse(text: &str, width: Width) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            safe.push('\n');
        }
        defuse_line(line, width, &mut safe);
    }
    Cow::Owned(safe)
}

fn defuse_line(line: &str, width: Width, safe: &mut String) {
    let last_colons = line.rfind("::");
    let mut before = None;
    let mut hashes = Hashes::Outside;
    let mut characters = line.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        hashes = hashes.next(character);
        if character == '[' && hashes == Hashes::Command {
            safe.push('(');
            hashes = Hashes::Outside;
        } else if character == ':' {
            let mut run = 1;
            while characters.next_if(|(_, next)| *next == ':').is_some() {
                run += 1;
            }
            let after = characters.peek().map(|(_, next)| *next);
            let starts = before.is_none_or(char::is_whitespace);
            let whole = last_colons.is_some_and(|last| last >= at + run) && after.is_some_and(char::is_alphabetic);
            match (run > 1 && (starts || whole), width) {
                (false, _) => safe.extend(std::iter::repeat_n(':', run)),
                (true, Width::Free) => safe.push_str(&vec![":"; run].join(" ")),
                (true, Width::Same) => safe.extend([':', ';'].into_iter().cycle().take(run)),
            }
        } else {
            safe.push(character);
        }
        before = Some(character);
    }
}

/// How far `##word[` has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hashes {
    Outside,
    One,
    /// `##` and perhaps letters.
    Word,
    /// `##`, perhaps letters, and the bracket.
    Command,
}

impl Hashes {
    const fn next(self, character: char) -> Self {
        match (self, character) {
            (Self::Outside | Self::Command, '#') => Self::One,
            (Self::One | Self::Word, '#') => Self::Word,
            (Self::Word, '[') => Self::Command,
            (Self::Word, letter) if letter.is_ascii_alphabetic() => Self::Word,
            _ => Self::Outside,
        }
    }
}

fn escape(text: &str, one: fn(char, Option<char>, &mut String)) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        one(character, characters.peek().copied(), &mut escaped);
    }
    escaped
}

/// Every mark that could begin markup gets a backslash; `<`, `>` and `&` become entities for renderers that let HTML
/// through. An `@` before a name would call a person: it is shown full-width.
fn markdown(character: char, next: Option<char>, escaped: &mut String) {
    match character {
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '&' => escaped.push_str("&amp;"),
        '@' if next.is_some_and(char::is_alphanumeric) => escaped.push('\u{FF20}'),
        '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '.' | '!' | '|' | '~' | '@'
        | '$' | ':' | '=' | '^' => {
            escaped.push('\\');
            escaped.push(character);
        }
        _ => escaped.push(character),
    }
}

fn html(character: char, _: Option<char>, escaped: &mut String) {
    match character {
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '&' => escaped.push_str("&amp;"),
        '"' => escaped.push_str("&quot;"),
        '\'' => escaped.push_str("&#39;"),
        '`' => escaped.push_str("&#96;"),
        _ => escaped.push(character),
    }
}

fn xml(character: char, _: Option<char>, escaped: &mut String) {
    match character {
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '&' => escaped.push_str("&amp;"),
        '"' => escaped.push_str("&quot;"),
        '\'' => escaped.push_str("&apos;"),
        _ => escaped.push(character),
    }
}

fn workflow_message(character: char, _: Option<char>, escaped: &mut String) {
    match character {
        '%' => escaped.push_str("%25"),
        '\r' => escaped.push_str("%0D"),
        '\n' => escaped.push_str("%0A"),
        _ => escaped.push(character),
    }
}

fn workflow_property(character: char, next: Option<char>, escaped: &mut String) {
    match character {
        ':' => escaped.push_str("%3A"),
        ',' => escaped.push_str("%2C"),
        _ => workflow_message(character, next, escaped),
    }
}

fn logging_message(character: char, _: Option<char>, escaped: &mut String) {
    match character {
        '%' => escaped.push_str("%AZP25"),
        '\r' => escaped.push_str("%0D"),
        '\n' => escaped.push_str("%0A"),
        _ => escaped.push(character),
    }
}

fn logging_property(character: char, next: Option<char>, escaped: &mut String) {
    match character {
        ';' => escaped.push_str("%3B"),
        ']' => escaped.push_str("%5D"),
        _ => logging_message(character, next, escaped),
    }
}

/// Everything but ASCII as UTF-16, which is what the server's strings are made of.
fn service_message(character: char, _: Option<char>, escaped: &mut String) {
    match character {
        '\n' => escaped.push_str("|n"),
        '\r' => escaped.push_str("|r"),
        '|' | '\'' | '[' | ']' => {
            escaped.push('|');
            escaped.push(character);
        }
        _ if character.is_ascii() => escaped.push(character),
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("|0x{unit:04X}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether some line is a command to a CI system.
    fn commands(text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        text.lines().any(|line| line.trim_start().starts_with("::"))
            || ["##[", "##vso[", "##teamcity["].iter().any(|start| lower.contains(start))
    }

    #[test]
    fn terminals_get_no_control_and_no_command() {
        let show = |text| render(text, Sink::Terminal);
        assert_eq!(show("plain é 漢字 😀, `std::string`, [a: b]"), "plain é 漢字 😀, `std::string`, [a: b]");
        assert_eq!(show("http://[::1]:8080/"), "http://[::1]:8080/");
        assert_eq!(show("a\u{1b}[31mred\u{7}"), "a\u{FFFD}[31mred\u{FFFD}");
        assert_eq!(show("a\r\nb\rc\td"), "a\nb\u{FFFD}c\td");
        assert_eq!(show("user\u{202e}nimda\u{200b}"), "user\u{FFFD}nimda\u{FFFD}");
        assert_eq!(show("a\u{E0041}b\u{85}c\u{2028}d"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}d");
        assert_eq!(show("❤\u{FE0F}"), "❤");
        assert_eq!(show("x\n  ::error file=a::boo"), "x\n  : :error file=a::boo");
        assert_eq!(show(":\u{FE0F}:set-output name=a::b"), ": :set-output name=a::b");
        assert_eq!(
            show("x##VSO[task.setvariable]1 ##[error] ##teamcity[x]"),
            "x##VSO(task.setvariable]1 ##(error] ##teamcity(x]"
        );
        assert_eq!(show("a ::: b"), "a : : : b");
        assert_eq!(show("longword::add-mask::x"), "longword: :add-mask::x");
        assert_eq!(show("# title ## [x]"), "# title ## [x]");
    }

    #[test]
    fn each_markup_is_escaped() {
        assert_eq!(
            render("<a href=\"x\" b='y'>&`", Sink::Html),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;&#96;"
        );
        assert_eq!(
            render("<a b='\"'>&\u{0}\u{FFFE}", Sink::Xml),
            "&lt;a b=&apos;&quot;&apos;&gt;&amp;\u{FFFD}\u{FFFD}"
        );
        assert_eq!(render("[x](http://e) @acme <b>", Sink::Markdown), "\\[x\\]\\(http\\://e\\) \u{FF20}acme &lt;b&gt;");
        assert_eq!(render("1. a | b\n- c", Sink::Markdown), "1\\. a \\| b\n\\- c");
    }

    #[test]
    fn each_runners_commands_are_escaped() {
        let text = "50% a,b; [c]:\n|'d' é😀";
        for (sink, escaped) in [
            (Sink::WorkflowMessage, "50%25 a,b; [c]:%0A|'d' é😀"),
            (Sink::WorkflowProperty, "50%25 a%2Cb; [c]%3A%0A|'d' é😀"),
            (Sink::LoggingMessage, "50%AZP25 a,b; [c]:%0A|'d' é😀"),
            (Sink::LoggingProperty, "50%AZP25 a,b%3B [c%5D:%0A|'d' é😀"),
            (Sink::ServiceMessage, "50% a,b; |[c|]:|n|||'d|' |0x00E9|0xD83D|0xDE00"),
        ] {
            assert_eq!(render(text, sink), escaped, "{sink:?}");
        }
        // What is escaped already is escaped once more: it means itself.
        assert_eq!(render("%0A%250A", Sink::WorkflowMessage), "%250A%25250A");
        assert_eq!(render("%0A%AZP250A", Sink::LoggingMessage), "%AZP250A%AZP25AZP250A");
        assert_eq!(render("|'|n", Sink::ServiceMessage), "|||'||n");
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(one_line("a\r\nb\n\tc\n", Sink::Terminal), "a b  c");
        assert_eq!(one_line("a\n::error::b", Sink::CiLog), "a : :error::b");
    }

    #[test]
    fn excerpts_keep_their_length() {
        assert_eq!(same_length("a\r\nb\u{1b}[0m\u{85}\u{202e}\u{E0041}é\t"), "a \nb?[0m??\u{FFFD}\u{FFFD}?é\t");
        assert_eq!(same_length("  ::error::x\n##vso[y]"), "  :;error::x\n##vso(y]");
        assert_eq!(same_length("plain"), "plain");
    }

    /// Text made of what attacks are made of.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("::".to_owned()),
            Just(":".to_owned()),
            Just("##".to_owned()),
            Just("[".to_owned()),
            Just("vso".to_owned()),
            Just("error".to_owned()),
            Just("\n".to_owned()),
            Just("\r".to_owned()),
            Just(" ".to_owned()),
            Just("\u{a0}".to_owned()),
            Just("\u{FE0F}".to_owned()),
            Just("\u{200b}".to_owned()),
            Just("\u{202e}".to_owned()),
            Just("\u{1b}]8;;".to_owned()),
            Just("<&>\"'".to_owned()),
            Just("%0A".to_owned()),
            Just("%25".to_owned()),
            Just("%AZP25".to_owned()),
            Just("|".to_owned()),
            Just("];,|n".to_owned()),
            any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
    }

    /// What a server reads in a service message's value; `None` where the value would end early.
    fn of_service(value: &str) -> Option<String> {
        let (mut units, mut rest) = (Vec::new(), value);
        while let Some(character) = rest.chars().next() {
            let (unit, length) = match (character, rest.get(..2)) {
                ('\'' | '[' | ']', _) => return None,
                (_, Some("|n")) => (u16::from(b'\n'), 2),
                (_, Some("|r")) => (u16::from(b'\r'), 2),
                (_, Some("|0")) => (u16::from_str_radix(rest.get(3..7)?, 16).ok()?, 7),
                ('|', Some(pair)) => (u16::from(*pair.as_bytes().get(1)?), 2),
                _ => (u16::try_from(u32::from(character)).ok()?, 1),
            };
            units.push(unit);
            rest = rest.get(length..)?;
        }
        String::from_utf16(&units).ok()
    }

    proptest! {
        #[test]
        fn no_sink_lets_anything_dangerous_through(text in hostile()) {
            for sink in Sink::ALL {
                let once = render(&text, sink);
                prop_assert!(!once.chars().any(is_dangerous), "{:?}", once);
                prop_assert!(!commands(&once), "{:?}", once);
                let twice = render(&once, sink);
                prop_assert!(!twice.chars().any(is_dangerous) && !commands(&twice), "{:?}", twice);
                prop_assert!(!one_line(&text, sink).contains(['\n', '\t', '\r']));
                if matches!(sink, Sink::Html | Sink::Xml) {
                    prop_assert!(!once.contains(['<', '>', '"', '\'']));
                }
            }
            let shown = render(&text, Sink::Terminal);
            prop_assert_eq!(render(&shown, Sink::Terminal), shown);
        }

        /// What a runner reads is what a log would show, and nothing of it ends the command or a property early.
        #[test]
        fn a_runner_reads_commands_back(text in hostile()) {
            let shown = render(&text, Sink::CiLog);
            let read = |sink, escapes: &[(&str, &str)]| {
                let escaped = render(&text, sink);
                let ends = match sink {
                    Sink::WorkflowProperty => &[',', ':', '\n', '\r'][..],
                    Sink::LoggingProperty => &[';', ']', '\n', '\r'][..],
                    _ => &['\n', '\r'][..],
                };
                // The last of the escapes is that of the per cent sign itself.
                let read = escapes.iter().fold(escaped.clone(), |text, (from, to)| text.replace(from, to));
                (read, escaped.contains(ends))
            };
            let message = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
            prop_assert_eq!(read(Sink::WorkflowMessage, &message), (shown.clone(), false));
            let property = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
            prop_assert_eq!(read(Sink::WorkflowProperty, &property), (shown.clone(), false));
            let logging = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")];
            prop_assert_eq!(read(Sink::LoggingMessage, &logging), (shown.clone(), false));
            prop_assert_eq!(read(Sink::LoggingProperty, &logging), (shown.clone(), false));
            let service = render(&text, Sink::ServiceMessage);
            prop_assert!(service.is_ascii() && !service.contains(['\n', '\r']));
            prop_assert_eq!(of_service(&service), Some(shown));
        }

        #[test]
        fn excerpts_are_safe_and_keep_length_and_lines(text in hostile()) {
            let same = same_length(&text);
            prop_assert_eq!(same.len(), text.len());
            prop_assert_eq!(same.match_indices('\n').collect::<Vec<_>>(), text.match_indices('\n').collect::<Vec<_>>());
            prop_assert!(!same.chars().any(is_dangerous) && !commands(&same));
            for (at, _) in text.char_indices() {
                prop_assert!(same.is_char_boundary(at));
            }
            prop_assert_eq!(same_length(&same), same.clone());
        }
    }
}
