//! Escapes: how percent encoding, JSON, HTML and XML write a character.

/// One escape in a text.
pub(super) struct Escape {
    /// How long it is in the text.
    pub(super) length: usize,
    meaning: [u8; 4],
    size: usize,
}

impl Escape {
    /// The bytes that it stands for: one, or those of one character.
    pub(super) fn meaning(&self) -> &[u8] {
        self.meaning.get(..self.size).unwrap_or(&[])
    }

    const fn byte(length: usize, byte: u8) -> Self {
        Self { length, meaning: [byte, 0, 0, 0], size: 1 }
    }

    fn character(length: usize, character: char) -> Self {
        let mut meaning = [0; 4];
        let size = character.encode_utf8(&mut meaning).len();
        Self { length, meaning, size }
    }
}

/// Whether an escape can begin with this byte.
pub(super) const fn begins(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | b'+')
}

/// The escape that the text begins with.
pub(super) fn read(rest: &[u8]) -> Option<Escape> {
    match rest.first()? {
        b'%' => hex(rest.get(1..3)?).and_then(|byte| Some(Escape::byte(3, u8::try_from(byte).ok()?))),
        b'+' => Some(Escape::byte(1, b' ')),
        b'\\' => match rest.get(1)? {
            b'u' => unicode(rest),
            b'n' => Some(Escape::byte(2, b'\n')),
            b'r' => Some(Escape::byte(2, b'\r')),
            b't' => Some(Escape::byte(2, b'\t')),
            b'b' => Some(Escape::byte(2, 8)),
            b'f' => Some(Escape::byte(2, 12)),
            other if other.is_ascii_punctuation() => Some(Escape::byte(2, *other)),
            _ => None,
        },
        b'&' => entity(rest),
        _ => None,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value: u32, digit| Some((value << 4) | char::from(*digit).to_digit(16)?))
}

/// `\u` and four digits, or two of them for a character beyond the first plane.
fn unicode(rest: &[u8]) -> Option<Escape> {
    let high = hex(rest.get(2..6)?)?;
    if let Some(character) = char::from_u32(high) {
        return Some(Escape::character(6, character));
    }
    let low = rest.get(6..8).filter(|start| *start == b"\\u").and_then(|_| hex(rest.get(8..12)?))?;
    if !(0xD800..0xDC00).contains(&high) || !(0xDC00..0xE000).contains(&low) {
        return None;
    }
    let character = char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))?;
    Some(Escape::character(12, character))
}

/// `&amp;`, `&#39;`, `&#x27;`: what HTML and XML writers write.
fn entity(rest: &[u8]) -> Option<Escape> {
    const LONGEST: usize = 10;
    let end = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let meaning = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some(Escape::character(end + 1, meaning))
}
