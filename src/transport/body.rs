//! Reading a body, no further than the cap.

/// Why reading stopped.
pub(super) enum Stopped {
    /// More than the cap.
    TooLarge,
    /// An encoding is left that nobody asked for, so the bytes mean nothing.
    Encoded,
    /// The connection or the compression broke.
    Broken(reqwest::Error),
}

/// Reads a body after decompression, holding at most `cap` bytes and one chunk.
///
/// The cap counts what comes out of the decompression: a small gzip body can stand for gigabytes. What is left on the
/// connection is never read; dropping the response closes it.
pub(super) async fn read(mut response: reqwest::Response, cap: usize) -> Result<Vec<u8>, Stopped> {
    let announced = response.content_length().unwrap_or(0);
    if announced > cap as u64 {
        return Err(Stopped::TooLarge);
    }
    // The client takes the header away where it decodes.
    let encoded = response
        .headers()
        .get(reqwest::header::CONTENT_ENCODING)
        .is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Stopped::Broken)? {
        if encoded && !chunk.is_empty() {
            return Err(Stopped::Encoded);
        }
        if body.len().saturating_add(chunk.len()) > cap {
            return Err(Stopped::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
