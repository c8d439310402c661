//! Excerpts: the few lines around the places that a diagnostic points at, cut to a readable size.
//!
//! An excerpt is a small text of its own, in which places have new offsets and lines keep their numbers and columns. So
//! a source of any size, with lines of any length, costs no more than the lines shown, and several sources can stand
//! below each other.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::text::source::Source;

/// Lines longer than this many characters are cut around what is pointed at, where there is no width.
const LONG_LINE: usize = 240;
/// Characters kept before and after a place on a cut line, at most and at least.
const AROUND: usize = 40;
const LEAST_AROUND: usize = 4;
/// The most lines of one place; the rest of a longer one is not shown.
const MOST_LINES: usize = 6;

/// A source whose text can be shown: every byte stands where it stood, and nothing in it can command a terminal.
pub(super) struct CleanSource {
    /// The name, cleaned.
    pub(super) name: String,
    text: String,
    /// Where each line's text is, without its line end.
    lines: Vec<Range<usize>>,
}

impl CleanSource {
    /// A source with its cleaned text; `text` must be as long as the source's own, else the source is shown empty.
    pub(super) fn new(source: &Source, name: String, text: String) -> Self {
        let original = source.text();
        let text = if text.len() == original.len() { text } else { String::new() };
        let mut lines = Vec::new();
        let mut start = 0;
        // Line ends are those of the original: cleaning makes a space of a carriage return.
        for line in original.split('\n') {
            let end = start + line.trim_end_matches('\r').len();
            lines.push(start.min(text.len())..end.min(text.len()));
            start += line.len() + 1;
        }
        Self { name, text, lines }
    }

    /// The line of an offset, from 0.
    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    /// Where a line's text starts and ends, without its line end.
    fn line(&self, line: usize) -> Range<usize> {
        self.lines.get(line).cloned().unwrap_or(self.text.len()..self.text.len())
    }

    /// The first line of a place: its number from 0, its text, and the characters of it that are meant.
    pub(super) fn spot(&self, start: usize, end: usize) -> (usize, &str, Range<usize>) {
        let place = self.place(start, end);
        let number = self.line_of(place.start);
        let line = self.line(number);
        let text = self.text.get(line.clone()).unwrap_or("");
        let characters = |to: usize| self.text.get(line.start..to).map_or(0, |before| before.chars().count());
        (number, text, characters(place.start)..characters(place.end.min(line.end)))
    }

    /// The last line that has anything on it.
    fn last_line(&self) -> usize {
        let last = self.lines.len().saturating_sub(1);
        if last > 0 && self.line(last).is_empty() { last - 1 } else { last }
    }

    /// A place, moved onto text: inside the source, on character boundaries, off line ends, of a readable height.
    fn place(&self, start: usize, end: usize) -> Range<usize> {
        let floor = |mut offset: usize| {
            offset = offset.min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset
        };
        let start = floor(start);
        let mut end = end.min(self.text.len()).max(start);
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        let first = self.line_of(start);
        let start = start.min(self.line(first).end);
        let mut last = self.line_of(end);
        if last > first && self.line(last).start == end {
            last -= 1;
        }
        if last >= first + MOST_LINES {
            last = first + MOST_LINES - 1;
        }
        start..end.min(self.line(last).end).max(start)
    }
}

/// A place to show: source (a position in the list given), and bytes there.
pub(super) struct Place {
    /// Which source.
    pub(super) source: usize,
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// A place within an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The bytes of the excerpt's text.
    pub(super) range: Range<usize>,
    /// Its column in the whole line, in characters from 0.
    pub(super) column: usize,
    /// Whether its line is shown cut.
    pub(super) cut: bool,
}

/// One line of an excerpt.
#[derive(Debug)]
pub(super) struct Row {
    /// The source's position in the list given.
    pub(super) source: usize,
    /// The line's number in its source, from 0.
    pub(super) line: usize,
    /// Its bytes in the excerpt's text, without the line end.
    pub(super) range: Range<usize>,
}

/// A few lines of one or more sources.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// The lines, each with a line end.
    pub(super) text: String,
    /// What they are.
    pub(super) rows: Vec<Row>,
    /// Where the places are, in the order given.
    pub(super) marks: Vec<Mark>,
}

impl Excerpt {
    /// The lines around the places, those of the first place's source first. `ellipsis` stands for what is cut, `empty`
    /// for the text of an empty line; `width` is the most characters of a line.
    pub(super) fn new(
        sources: &[Option<CleanSource>],
        places: &[Place],
        ellipsis: &str,
        empty: &str,
        width: Option<usize>,
    ) -> Self {
        let source_at = |at: usize| sources.get(at).and_then(Option::as_ref);
        let ranges: Vec<Range<usize>> = places
            .iter()
            .map(|place| source_at(place.source).map_or(0..0, |source| source.place(place.start, place.end)))
            .collect();
        let mut order: Vec<usize> = Vec::new();
        for place in places {
            if !order.contains(&place.source) {
                order.push(place.source);
            }
        }
        let mut excerpt =
            Self { marks: vec![Mark { range: 0..0, column: 0, cut: false }; places.len()], ..Self::default() };
        for at in order {
            let Some(source) = source_at(at) else { continue };
            let here = || places.iter().zip(&ranges).enumerate().filter(|(_, (place, _))| place.source == at);
            let mut lines = BTreeSet::new();
            for (_, (_, range)) in here() {
                let (first, last) = (source.line_of(range.start), source.line_of(range.end));
                lines.extend(first.saturating_sub(1)..=last);
                if last < source.last_line() {
                    lines.insert(last + 1);
                }
            }
            for line in lines {
                let whole = source.line(line);
                let on_line: Vec<(usize, Range<usize>)> = here()
                    .filter(|(_, (_, range))| range.start <= whole.end && range.end >= whole.start)
                    .map(|(mark, (_, range))| (mark, range.clone()))
                    .collect();
                excerpt.add_row(source, at, line, &on_line, (ellipsis, empty, width));
            }
        }
        excerpt
    }

    /// The column at which miette hangs a text on a place: the middle of what is meant, or below all of several lines.
    pub(super) fn hangs_at(&self, mark: &Mark) -> usize {
        let row = self.rows.partition_point(|row| row.range.start <= mark.range.start).checked_sub(1);
        let Some(row) = row.and_then(|row| self.rows.get(row)) else { return 0 };
        if mark.range.end > row.range.end {
            return 1;
        }
        let text = |range: Range<usize>| columns(self.text.get(range).unwrap_or(""));
        text(row.range.start..mark.range.start) + text(mark.range.clone()) / 2
    }

    fn add_row(
        &mut self,
        source: &CleanSource,
        at: usize,
        line: usize,
        on_line: &[(usize, Range<usize>)],
        (ellipsis, empty, width): (&str, &str, Option<usize>),
    ) {
        let whole = source.line(line);
        let kept = kept(&source.text, &whole, on_line, width);
        let start = self.text.len();
        let mut pieces: Vec<(Range<usize>, usize)> = Vec::with_capacity(kept.len());
        for piece in kept {
            if piece.start > whole.start {
                self.text.push_str(ellipsis);
            }
            pieces.push((piece.clone(), self.text.len()));
            self.text.push_str(source.text.get(piece).unwrap_or(""));
        }
        let cut = pieces.first().is_none_or(|(piece, _)| *piece != whole);
        if pieces.last().is_some_and(|(piece, _)| piece.end < whole.end) {
            self.text.push_str(ellipsis);
        }
        if self.text.len() == start {
            self.text.push_str(empty);
        }
        let end = self.text.len();
        self.text.push('\n');
        self.rows.push(Row { source: at, line, range: start..end });
        let moved = |offset: usize| {
            let piece = pieces.iter().rev().find(|(piece, _)| piece.start <= offset);
            piece.map_or(start, |(piece, to)| to + offset.min(piece.end).saturating_sub(piece.start))
        };
        for (mark, range) in on_line {
            let Some(mark) = self.marks.get_mut(*mark) else { continue };
            if range.start >= whole.start {
                mark.range.start = moved(range.start);
                mark.column = source.text.get(whole.start..range.start).map_or(0, |before| before.chars().count());
                mark.cut = cut;
            }
            if range.end <= whole.end {
                mark.range.end = moved(range.end).max(mark.range.start);
            }
        }
    }
}

/// The parts of a line to show: all of it, or what surrounds the places on it.
fn kept(
    text: &str,
    whole: &Range<usize>,
    on_line: &[(usize, Range<usize>)],
    width: Option<usize>,
) -> Vec<Range<usize>> {
    let width = width.unwrap_or(LONG_LINE);
    if whole.len() <= width || text.get(whole.clone()).is_some_and(|line| columns(line) <= width) {
        return std::iter::once(whole.clone()).collect();
    }
    // As much before and after either end of each place as fits.
    let fits = |parts: &Vec<Range<usize>>| {
        let shown = parts.iter().map(|part| text.get(part.clone()).map_or(0, columns));
        shown.sum::<usize>() + 3 * (parts.len() + 1) <= width
    };
    let mut around = (LEAST_AROUND..=AROUND).rev().map(|around| parts(text, whole, on_line, around));
    around.find(fits).unwrap_or_else(|| parts(text, whole, on_line, LEAST_AROUND))
}

/// The parts of a line that stand so many characters before and after either end of the places on it.
fn parts(text: &str, whole: &Range<usize>, on_line: &[(usize, Range<usize>)], around: usize) -> Vec<Range<usize>> {
    let back = |offset: usize, count: usize| {
        let before = text.get(whole.start..offset).unwrap_or("");
        before.char_indices().rev().take(count).last().map_or(offset, |(at, _)| whole.start + at)
    };
    let forth = |offset: usize, count: usize| {
        let after = text.get(offset..whole.end).unwrap_or("");
        after.char_indices().nth(count).map_or(whole.end, |(at, _)| offset + at)
    };
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (_, range) in on_line {
        for offset in [range.start, range.end] {
            if (whole.start..=whole.end).contains(&offset) {
                parts.push(back(offset, around)..forth(offset, around));
            }
        }
    }
    if parts.is_empty() {
        parts.push(whole.start..forth(whole.start, 2 * around));
    }
    parts.sort_unstable_by_key(|part| part.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match merged.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => merged.push(part),
        }
    }
    merged
}

/// How many columns a text takes: a tab up to four.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|character| if character == '\t' { 4 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::SourceMap;

    fn excerpt(text: &str, places: &[(usize, usize)]) -> Excerpt {
        let mut map = SourceMap::new();
        let id = map.add("a.pol", text);
        let source = CleanSource::new(map.get(id).unwrap(), "a.pol".into(), text.into());
        let places: Vec<Place> =
            places.iter().map(|(start, end)| Place { source: 0, start: *start, end: *end }).collect();
        Excerpt::new(&[Some(source)], &places, "…", "", None)
    }

    fn marked(excerpt: &Excerpt) -> Vec<&str> {
        excerpt.marks.iter().filter_map(|mark| excerpt.text.get(mark.range.clone())).collect()
    }

    #[test]
    fn lines_around_a_place_keep_their_numbers() {
        let excerpt = excerpt("one\r\ntwo\r\nthree\r\nfour\r\nfive\r\n", &[(10, 15)]);
        assert_eq!(excerpt.text, "two\nthree\nfour\n");
        assert_eq!(excerpt.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(marked(&excerpt), ["three"]);
    }

    #[test]
    fn a_long_line_is_cut_around_every_place_and_keeps_columns() {
        let line = format!("{}HERE{}THERE{}", "é".repeat(500_000), "b".repeat(500_000), "c".repeat(9_000));
        let here = line.find("HERE").unwrap();
        let there = line.find("THERE").unwrap();
        let excerpt = excerpt(&line, &[(there, there + 5), (here, here + 4)]);
        assert_eq!(marked(&excerpt), ["THERE", "HERE"]);
        assert!(excerpt.text.len() < 600, "{}", excerpt.text.len());
        assert_eq!(excerpt.marks[1], Mark { range: excerpt.marks[1].range.clone(), column: 500_000, cut: true });
        assert!(excerpt.text.starts_with('…') && excerpt.text.ends_with("…\n"));
    }

    #[test]
    fn a_place_longer_than_a_line_shows_both_its_ends() {
        let line = format!("start{}end", "x".repeat(10_000));
        let excerpt = excerpt(&line, &[(0, line.len())]);
        let shown = marked(&excerpt)[0];
        assert!(shown.starts_with("start") && shown.ends_with("end") && shown.contains('…'), "{shown}");
    }

    #[test]
    fn tall_places_are_shortened() {
        let text = "line\n".repeat(1_000);
        let excerpt = excerpt(&text, &[(0, text.len())]);
        assert_eq!(excerpt.rows.len(), MOST_LINES + 1);
    }

    #[test]
    fn odd_places_are_moved_onto_text() {
        for (text, start, end) in
            [("", 0, 0), ("", 5, 9), ("a\n", 2, 2), ("a\r\nb", 1, 3), ("é", 1, 1), ("ab", 2, 1), ("a", 900, 1_000)]
        {
            let excerpt = excerpt(text, &[(start, end)]);
            let mark = &excerpt.marks[0];
            assert!(excerpt.text.get(mark.range.clone()).is_some(), "{text:?} {start}..{end}");
            assert!(
                excerpt.rows.iter().any(|row| row.range.start <= mark.range.start && mark.range.end <= row.range.end)
            );
        }
    }
}
