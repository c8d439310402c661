//! The redactor: knows each secret and masks it in every string on its way out.
//!
//! Whether an error echoes a URL, a server echoes a header or a command echoes its arguments: what is printed, written
//! or recorded passes here last, string by string, before it is serialised.

mod encoded;
mod escape;
mod index;
mod memo;
mod needle;
mod own;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use zeroize::Zeroizing;

use super::secret::Secret;
use super::token_shape::Shapes;
use index::Index;
use memo::{Looked, Memo, Texts};
use needle::Needle;
pub(super) use own::OWN;
pub use own::{Digest, Word};

/// What stands in a secret's place. It has no character that JSON, XML or HTML would need to escape.
pub const MASK: &str = "***";

/// From this length on a secret is masked anywhere, inside words too.
const ANYWHERE: usize = 8;
/// From this length on a secret is masked where it stands as a word of its own.
const AS_WORD: usize = 4;
/// Encoded forms shorter than this would match too much that is no secret.
const SHORTEST_ENCODED: usize = 8;
/// What follows a token's prefix and is shorter than this could be a word.
const SHORTEST_REST: usize = 12;
/// What follows the last underscore of a token is a secret by itself from this length on.
const SHORTEST_PART: usize = 32;
/// Lines of a key shorter than this (the last one) say nothing of it.
const SHORTEST_LINE: usize = 16;

/// Masks the secrets it was told of, in every form they may take on the way out, and whatever has the shape of a token.
///
/// The forms: verbatim; percent-encoded, JSON-escaped and HTML-escaped, whichever characters are (matched character by
/// character, so no spelling escapes it; a long one in any case of its letters); base64 and base64url at each of the
/// three alignments that the secret can have inside a longer text, which covers any `Basic` value; `Basic` values with
/// their username; each line of a PEM key; a token without the prefix that tells its vendor, and a long part of it after
/// its last underscore. All of that in hex too, in either case, and encoded once or twice more, in base64 or hex.
///
/// Short secrets must not turn the output to mush: one of four to seven bytes is masked only where it stands as a word
/// of its own, and one of less than four only as a whole authorisation (`Bearer …`, `Basic …`, `user:…`), because such
/// a secret is guessed faster than it is read from a report. A base64 text broken over several lines is found by whole
/// lines of PEM keys only. Another part of a secret, or one written backwards, is not found.
///
/// Clones share what they know: whoever makes a secret, on whichever thread, tells its clone before the secret is used,
/// and from then on no other lets it out. Time grows with the text, and hardly with the number of secrets.
#[derive(Clone)]
pub struct Redactor {
    shapes: &'static Shapes,
    known: Arc<RwLock<Known>>,
}

/// What clones share. Texts are found clean while it is read, and secrets learnt while it is written: what is found clean
/// is so by all that is known.
#[derive(Default)]
struct Known {
    index: Index,
    clean: Memo,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Redactor({} forms, hidden)", self.known().index.len())
    }
}

impl Redactor {
    /// A redactor that knows no secret yet, and masks what has one of these shapes only.
    pub fn new(shapes: &'static Shapes) -> Self {
        Self { shapes, known: Arc::default() }
    }

    /// The shapes that it masks unasked.
    pub const fn shapes(&self) -> &'static Shapes {
        self.shapes
    }

    /// Learns a secret: a token, a password, a minted token, a key in PEM.
    pub fn add(&self, secret: &Secret) {
        let mut forms = Vec::new();
        forms_of(secret.expose(), self.shapes, &mut forms);
        self.learn(forms);
    }

    /// Learns a secret that is sent with a username: besides the secret itself the whole `Basic` value.
    pub fn add_basic(&self, user: &str, secret: &Secret) {
        let mut forms = Vec::new();
        forms_of(secret.expose(), self.shapes, &mut forms);
        let pair = Zeroizing::new(format!("{user}:{}", secret.expose()));
        encoded_forms(STANDARD_NO_PAD.encode(pair.as_bytes()), &mut forms);
        forms.push(Needle::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())), false));
        if !user.is_empty() {
            forms.push(Needle::new(pair.to_string(), true));
        }
        self.learn(forms);
    }

    /// One string with each secret, and each token-shaped part, masked. The rest stays byte for byte.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.at_once(|view| view.redact(text))
    }

    /// Whether a secret that was learnt stands in a text.
    pub fn knows(&self, text: &str) -> bool {
        let known = self.known();
        known.index.fits(text.len()) && !find(&known.index, text).is_empty()
    }

    /// Does something with what is known. What is learnt meanwhile waits, so `work` asks no clone of this: both would wait
    /// for what waits between them.
    pub(super) fn at_once<T>(&self, work: impl FnOnce(&View<'_>) -> T) -> T {
        let known = self.known();
        work(&View { shapes: self.shapes, index: &known.index, clean: known.clean.open().map(RefCell::new) })
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self, forms: Vec<Needle>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.clean.forget();
        for form in forms {
            known.index.add(form);
        }
    }
}

/// What is known while one text, or the texts of one value, are redacted.
pub(super) struct View<'a> {
    shapes: &'static Shapes,
    index: &'a Index,
    /// `None` while somebody else uses it.
    clean: Option<RefCell<MutexGuard<'a, Texts>>>,
}

impl View<'_> {
    pub(super) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.index.fits(text.len()) && !self.shapes.fit(text.len()) {
            return Cow::Borrowed(text);
        }
        let looked = self.clean.as_ref().map(|clean| clean.borrow().look(text));
        if looked == Some(Looked::Clean) {
            return Cow::Borrowed(text);
        }
        let masked = self.mask(text);
        if let (Cow::Borrowed(text), Some(clean), Some(Looked::New(hash))) = (&masked, &self.clean, looked) {
            clean.borrow_mut().add(text, hash);
        }
        masked
    }

    /// That, where it must be looked at.
    fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        /// A mask can complete a secret that holds stars; nobody's secret needs more rounds.
        const ROUNDS: usize = 4;
        let mut found = find(self.index, text);
        if found.is_empty() {
            return self.shapes.mask(text);
        }
        let mut masked = replace(text, found);
        for _ in 1..ROUNDS {
            found = find(self.index, &masked);
            if found.is_empty() {
                return Cow::Owned(self.shapes.mask(&masked).into_owned());
            }
            masked = replace(&masked, found);
        }
        // A secret that the mask itself brings back (`**`, say): better no text than that one.
        let safe = find(self.index, &masked).is_empty();
        Cow::Owned(if safe { self.shapes.mask(&masked).into_owned() } else { MASK.to_owned() })
    }

    /// A number, where a secret is spelled by it.
    pub(super) fn redact_number(&self, number: impl fmt::Display) -> Option<String> {
        if !self.index.has_numeric() {
            return None;
        }
        match self.redact(&number.to_string()) {
            Cow::Borrowed(_) => None,
            Cow::Owned(masked) => Some(masked),
        }
    }
}

/// Where known texts stand in a text, encoded too.
fn find(known: &Index, text: &str) -> Vec<(usize, usize)> {
    if !known.fits(text.len()) {
        return Vec::new();
    }
    let mut found = known.find(text);
    found.extend(encoded::find(text, known.shortest(), &|inner: &str| known.find(inner)));
    found
}

/// Every form of a secret that is no escape of another one and in no further code.
fn forms_of(text: &str, shapes: &Shapes, forms: &mut Vec<Needle>) {
    if text.len() < AS_WORD {
        let schemes = ["Bearer", "Basic", "token"].map(|scheme| format!("{scheme} {text}"));
        let headers = shapes.headers().iter().map(|header| format!("{header}: {text}"));
        forms.extend(schemes.into_iter().chain(headers).map(|form| Needle::new(form, false)));
        return;
    }
    forms.push(Needle::new(text.to_owned(), text.len() < ANYWHERE));
    for shift in 0..3 {
        encoded_forms(aligned(text.as_bytes(), shift), forms);
    }
    if let Some(rest) = without_prefix(text, shapes) {
        forms.push(Needle::new(rest.to_owned(), false));
        // Of a token in two parts, an id and a secret.
        if let Some((_, last)) = rest.rsplit_once('_').filter(|(_, last)| last.len() >= SHORTEST_PART) {
            forms.push(Needle::new(last.to_owned(), false));
        }
    }
    if text.contains('\n') {
        for line in text.lines().map(str::trim) {
            if line.len() >= SHORTEST_LINE && !line.starts_with("-----") {
                forms.push(Needle::new(line.to_owned(), false));
            }
        }
    }
}

/// A token without what tells its vendor: the part that is secret.
fn without_prefix<'a>(token: &'a str, shapes: &Shapes) -> Option<&'a str> {
    let prefix = shapes.of(token)?.prefix;
    let (_, rest) = token.split_once(prefix)?;
    (rest.len() >= SHORTEST_REST).then_some(rest)
}

/// Both alphabets of a base64 text.
fn encoded_forms(standard: String, forms: &mut Vec<Needle>) {
    if standard.len() < SHORTEST_ENCODED {
        return;
    }
    let url_safe = standard.replace('+', "-").replace('/', "_");
    if url_safe != standard {
        forms.push(Needle::new(url_safe, false));
    }
    forms.push(Needle::new(standard, false));
}

/// Base64 of a secret that begins `shift` bytes after a group of three: the characters that the secret alone decides.
fn aligned(secret: &[u8], shift: usize) -> String {
    let mut padded = Zeroizing::new(vec![0; shift]);
    padded.extend_from_slice(secret);
    let encoded = STANDARD_NO_PAD.encode(padded.as_slice());
    let (from, to) = ((shift * 8).div_ceil(6), padded.len() * 8 / 6);
    encoded.get(from..to).unwrap_or("").to_owned()
}

/// The text with one mask for each range; ranges that touch or overlap become one.
fn replace(text: &str, mut ranges: Vec<(usize, usize)>) -> String {
    ranges.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        match joined.last_mut() {
            Some((_, until)) if start <= *until => *until = end.max(*until),
            _ => joined.push((start, end)),
        }
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in joined {
        masked.push_str(text.get(done..start).unwrap_or(""));
        masked.push_str(MASK);
        done = end;
    }
    masked.push_str(text.get(done..).unwrap_or(""));
    masked
}
