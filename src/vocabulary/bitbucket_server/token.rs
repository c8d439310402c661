//! The number that the text of an HTTP access token holds.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

const PREFIX: &str = "BBDC-";

/// The number of the token's record: the digits before the first colon of what the text encodes. Tokens begin with
/// `BBDC-`; before that prefix came, they were bare base64 of the record's number, a colon and 20 bytes. That what follows
/// the prefix has the same layout is not known: where it has not, there is no number.
pub(super) fn record_number(text: &str) -> Option<String> {
    let text = text.strip_prefix(PREFIX).unwrap_or(text);
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let standard = Zeroizing::new(text.replace('-', "+").replace('_', "/"));
    let decoded =
        GeneralPurpose::new(&alphabet::STANDARD, config).decode(standard.as_bytes()).ok().map(Zeroizing::new)?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let digits = decoded.get(..colon)?;
    let is_number = (9..=13).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let rest = decoded.len().saturating_sub(colon + 1);
    (is_number && rest >= 16).then(|| String::from_utf8_lossy(digits).into_owned())
}
