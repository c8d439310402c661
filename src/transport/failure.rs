//! Why an attempt failed, in our words: never the HTTP stack's `Debug`, never a word of the server's.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use crate::facts::Failure;
use crate::text::english;

/// A failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// What to say.
    pub(super) failure: Failure,
    /// Whether the same request may well work in a moment.
    pub(super) transient: bool,
}

impl Broken {
    /// A failure that a retry would only repeat.
    pub(super) const fn lasting(failure: Failure) -> Self {
        Self { failure, transient: false }
    }

    const fn transient(failure: Failure) -> Self {
        Self { failure, transient: true }
    }
}

/// What failures call the other side: from our own URL and settings, never from an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The host's name or address.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// The proxy on the way, by its host and port.
    pub(super) proxy: Option<String>,
}

impl Place {
    /// Who is connected to: the host, or the proxy on the way to it.
    fn peer(&self) -> String {
        self.proxy.as_ref().map_or_else(
            || format!("`{}:{}`", self.host, self.port),
            |proxy| format!("the proxy `{proxy}` on the way to `{}`", self.host),
        )
    }

    /// The proxy wants to know who asks; it answers for itself, so this says nothing about the credential.
    pub(super) fn proxy_credentials(&self) -> Failure {
        Failure::Connection(format!("{} asks for a user and a password of its own", self.peer()))
    }

    /// Whose name has to be resolved.
    fn name(&self) -> String {
        self.proxy.as_ref().map_or_else(|| format!("`{}`", self.host), |proxy| format!("the proxy `{proxy}`"))
    }
}

/// The words for an error of the HTTP stack. `limit` is the timeout that was running.
pub(super) fn classify(error: &reqwest::Error, place: &Place, limit: Duration) -> Broken {
    if error.is_timeout() {
        // Retrying would only double a wait that was long enough already.
        return Broken::lasting(Failure::Timeout(length(limit)));
    }
    if error.is_dns() {
        return Broken::lasting(Failure::Connection(format!("the name of {} could not be resolved", place.name())));
    }
    if let Some(broken) = by_causes(error, place) {
        return broken;
    }
    // What the decompression itself says has no error of the connection below it.
    if error.is_decode() && !causes(error).any(|cause| cause.is::<hyper::Error>()) {
        return Broken::lasting(Failure::Unreadable("its compressed body is broken".into()));
    }
    if error.is_builder() {
        return Broken::lasting(Failure::Connection("the request could not be built".into()));
    }
    if error.is_connect() {
        return Broken::lasting(Failure::Connection(format!("no connection to {} could be made", place.peer())));
    }
    lost(place)
}

/// The words where the HTTP stack itself cannot be set up.
pub(super) fn not_built(error: &(dyn Error + 'static)) -> Failure {
    if causes(error).any(|cause| cause.is::<rustls::Error>()) {
        return Failure::Tls(
            "this machine has no certificate authorities (`SSL_CERT_FILE` and `--ca-cert` name some)".into(),
        );
    }
    Failure::Connection("the HTTP client could not be set up".into())
}

fn lost(place: &Place) -> Broken {
    Broken::transient(Failure::Connection(format!("the connection to {} was lost", place.peer())))
}

fn by_causes(error: &(dyn Error + 'static), place: &Place) -> Option<Broken> {
    // TLS first: what is above it only says that something was wrong.
    let tls = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
    tls.map(|error| Broken::lasting(by_tls(error, place)))
        .or_else(|| causes(error).find_map(|cause| by_cause(cause, place)))
}

fn by_cause(cause: &(dyn Error + 'static), place: &Place) -> Option<Broken> {
    if let Some(error) = cause.downcast_ref::<hyper::Error>() {
        if error.is_parse_too_large() {
            return Some(Broken::lasting(Failure::Unreadable("its headers are too large".into())));
        }
        let below = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
        if error.is_parse() || matches!(below, Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)) {
            return Some(Broken::lasting(Failure::Unreadable("it is not HTTP".into())));
        }
        if below == Some(io::ErrorKind::UnexpectedEof) {
            return Some(lost(place));
        }
        if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            return Some(lost(place));
        }
    }
    if let Some(error) = cause.downcast_ref::<io::Error>() {
        return by_io(error, place);
    }
    // The proxy's errors have no public type.
    match cause.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some(Broken::lasting(place.proxy_credentials())),
        "tunnel error: unsuccessful" => {
            Some(Broken::lasting(Failure::Connection(format!("{} refused to pass the request on", place.peer()))))
        }
        _ => None,
    }
}

fn by_io(error: &io::Error, place: &Place) -> Option<Broken> {
    use io::ErrorKind;
    let peer = place.peer();
    let lasting = |text: String| Some(Broken::lasting(Failure::Connection(text)));
    match error.kind() {
        ErrorKind::ConnectionRefused => lasting(format!("{peer} refused the connection")),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            lasting(format!("{peer} cannot be reached from here"))
        }
        ErrorKind::AddrNotAvailable => lasting(format!("there is no way to the address of {peer}")),
        ErrorKind::PermissionDenied => lasting(format!("this machine does not allow a connection to {peer}")),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::NotConnected => {
            Some(lost(place))
        }
        _ => None,
    }
}

fn by_tls(error: &rustls::Error, place: &Place) -> Failure {
    let peer = place.peer();
    match error {
        rustls::Error::InvalidCertificate(error) => Failure::Tls(certificate(error).into()),
        rustls::Error::NoCertificatesPresented => Failure::Tls("the server showed none".into()),
        rustls::Error::InvalidMessage(_) => Failure::Connection(format!("{peer} does not speak TLS on this port")),
        rustls::Error::AlertReceived(_) | rustls::Error::PeerIncompatible(_) => {
            Failure::Connection(format!("{peer} and this client could not agree on how to speak TLS"))
        }
        _ => Failure::Connection(format!("the TLS connection to {peer} failed")),
    }
}

const fn certificate(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired, or this machine's clock is ahead"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet, or this machine's clock is behind"
        }
        CertificateError::UnknownIssuer => "its issuer is not known here (`--ca-cert` adds one)",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it was issued for another name"
        }
        CertificateError::Revoked => "it has been revoked",
        CertificateError::BadEncoding | CertificateError::BadSignature => "it is damaged or forged",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it was not issued for a server"
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "it is signed in a way that is not supported here"
        }
        _ => "it does not pass the checks of this machine",
    }
}

/// The chain of causes, looking into what `io::Error` wraps, which its `source` leaves out.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map_or_else(|| error.source(), |inner| Some(inner))
    })
    // A chain that leads back to itself must not hold us.
    .take(32)
}

/// A length of time for people.
pub(super) fn length(time: Duration) -> String {
    let seconds = usize::try_from(time.as_secs()).unwrap_or(usize::MAX);
    match seconds {
        0 => format!("{} ms", time.as_millis()),
        1..120 => english::count(seconds, "second", "seconds"),
        120..7_200 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(proxy: Option<&str>) -> Place {
        Place { host: "git.acme.dev".into(), port: 443, proxy: proxy.map(str::to_owned) }
    }

    fn words(error: &(dyn Error + 'static), proxy: Option<&str>) -> Option<(String, bool)> {
        let broken = by_causes(error, &place(proxy))?;
        Some((broken.failure.to_string(), broken.transient))
    }

    #[test]
    fn tls_errors_are_found_inside_io_errors() {
        let unsupported = CertificateError::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id: Vec::new(),
            supported_algorithms: Vec::new(),
        };
        let wrap = |error: rustls::Error| io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error));
        for (error, text) in [
            (CertificateError::Expired, "it has expired, or this machine's clock is ahead"),
            (CertificateError::NotValidYet, "it is not valid yet, or this machine's clock is behind"),
            (CertificateError::UnknownIssuer, "its issuer is not known here (`--ca-cert` adds one)"),
            (CertificateError::NotValidForName, "it was issued for another name"),
            (CertificateError::Revoked, "it has been revoked"),
            (unsupported, "it is signed in a way that is not supported here"),
        ] {
            assert_eq!(
                words(&wrap(rustls::Error::InvalidCertificate(error)), None),
                Some((format!("the TLS certificate was not accepted: {text}"), false))
            );
        }
        let plain = wrap(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType));
        assert_eq!(words(&plain, None), Some(("`git.acme.dev:443` does not speak TLS on this port".into(), false)));
    }

    #[test]
    fn connections_have_words_and_a_proxy_is_named() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(words(&refused, None), Some(("`git.acme.dev:443` refused the connection".into(), false)));
        assert_eq!(
            words(&refused, Some("proxy.acme.dev:3128")),
            Some(("the proxy `proxy.acme.dev:3128` on the way to `git.acme.dev` refused the connection".into(), false))
        );
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(words(&reset, None), Some(("the connection to `git.acme.dev:443` was lost".into(), true)));
        let proxy = io::Error::other("tunnel error: proxy authorization required");
        let (text, transient) = words(&proxy, Some("p:1")).unwrap();
        assert_eq!(text, "the proxy `p:1` on the way to `git.acme.dev` asks for a user and a password of its own");
        assert!(!transient);
        assert_eq!(words(&io::Error::other("something new"), None), None);
    }

    #[test]
    fn lengths_read_well() {
        for (ms, text) in
            [(50, "50 ms"), (1_000, "1 second"), (30_500, "30 seconds"), (150_000, "3 minutes"), (9_000_000, "3 hours")]
        {
            assert_eq!(length(Duration::from_millis(ms)), text);
        }
    }
}
