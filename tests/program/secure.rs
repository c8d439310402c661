//! The program over TLS: the platform's certificates, named authorities, and proxies on the way.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use credcheck::simulator::github::Running;
use rustls::ServerConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;
use crate::bench::{Bench, acme, classic, good};

const HERE: &str = "127.0.0.1";
/// A name that no resolver knows: only a proxy finds the way.
const FAR: &str = "git.acme.test";
const ACCOUNT: &str = "host github {\n  rule account { require user.username like \"*-bot\" }\n}\n";

/// A simulated host behind TLS, and a proxy before that.
struct Front {
    authority: Authority,
    /// Where TLS is spoken.
    secure: SocketAddr,
    /// Where the proxy listens, for HTTP and for SOCKS.
    proxy: SocketAddr,
    /// The places that the proxy was asked to connect to.
    asked: Arc<Mutex<Vec<String>>>,
    _runtime: Runtime,
}

impl Front {
    /// TLS for a name or address, before a host.
    fn new(name: &str, host: &Running) -> Self {
        let runtime = Runtime::new().unwrap();
        let authority = Authority::new("one");
        let plain = host.url().trim_start_matches("http://").to_owned();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (secure, proxy) = runtime.block_on(async {
            let secure = TcpListener::bind((HERE, 0)).await.unwrap();
            let proxy = TcpListener::bind((HERE, 0)).await.unwrap();
            let addresses = (secure.local_addr().unwrap(), proxy.local_addr().unwrap());
            tokio::spawn(unwrap_tls(secure, authority.server(name, 2100, &["http/1.1"]), plain));
            tokio::spawn(pass_on(proxy, addresses.0, Arc::clone(&asked)));
            addresses
        });
        Self { authority, secure, proxy, asked, _runtime: runtime }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Passes what arrives by TLS on to a host that speaks none.
async fn unwrap_tls(listener: TcpListener, config: Arc<ServerConfig>, to: String) {
    let acceptor = TlsAcceptor::from(config);
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, to) = (acceptor.clone(), to.clone());
        tokio::spawn(async move {
            let mut stream = acceptor.accept(stream).await?;
            tokio::io::copy_bidirectional(&mut stream, &mut TcpStream::connect(to).await?).await
        });
    }
}

/// A proxy that leads everybody to one place, whatever they ask for.
async fn pass_on(listener: TcpListener, to: SocketAddr, asked: Arc<Mutex<Vec<String>>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let asked = Arc::clone(&asked);
        tokio::spawn(async move {
            let place = greeted(&mut stream).await?;
            asked.lock().unwrap().push(place);
            tokio::io::copy_bidirectional(&mut stream, &mut TcpStream::connect(to).await?).await
        });
    }
}

/// What a proxy's client wants to be connected to, told yes.
async fn greeted(stream: &mut TcpStream) -> std::io::Result<String> {
    let first = stream.read_u8().await?;
    if first == 5 {
        // SOCKS: the ways to log in, of which there are none; then version, command, a zero and a name with its length.
        let mut ways = vec![0; usize::from(stream.read_u8().await?)];
        stream.read_exact(&mut ways).await?;
        stream.write_all(&[5, 0]).await?;
        let mut head = [0; 5];
        stream.read_exact(&mut head).await?;
        assert_eq!(head[..4], [5, 1, 0, 3]);
        let mut name = vec![0; usize::from(head[4])];
        stream.read_exact(&mut name).await?;
        let port = stream.read_u16().await?;
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
        return Ok(format!("SOCKS {}:{port}", String::from_utf8(name).unwrap()));
    }
    let mut head = vec![first];
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
    Ok(String::from_utf8(head).unwrap().lines().next().unwrap().to_owned())
}

/// A bench with one credential for a host behind TLS, at an address that the front makes.
fn bench(name: &str, url: impl Fn(&Front) -> String) -> (Bench, Front) {
    let mut bench = Bench::new();
    let token = classic("secure");
    let host = bench.host(acme().token(good(&token)));
    let front = Front::new(name, &host);
    let url = url(&front);
    bench.credential_at("bot", &url, &url, &token, "repositories = [\"acme/infra\"]");
    bench.policy(ACCOUNT);
    (bench, front)
}

#[test]
fn an_authority_is_named_by_option_or_by_the_platforms_variable() {
    let (mut bench, front) = bench(HERE, |front| format!("https://{}", front.secure));
    let own = bench.file("operator/own.pem", front.authority.pem()).display().to_string();
    let other = bench.file("operator/other.pem", Authority::new("another").pem()).display().to_string();
    // The platform's file holds an authority, but not this one.
    bench.variable("SSL_CERT_FILE", &other);
    bench.check(&["--ca-cert", &own]).exits(0).shows("decided 1 of 1");
    let unknown = "the TLS certificate was not accepted: its issuer is not known here (`--ca-cert` adds one)";
    bench.check(&[]).saying_anything().exits(3).shows(unknown);
    bench.variable("SSL_CERT_FILE", &own);
    bench.check(&[]).exits(0).shows("decided 1 of 1");
    assert_eq!(front.asked(), [""; 0], "loopback needs no proxy");
}

#[test]
fn proxies_lead_to_names_that_are_not_known_here() {
    let (mut bench, front) = bench(FAR, |_| format!("https://{FAR}"));
    let own = bench.file("operator/own.pem", front.authority.pem()).display().to_string();
    bench.variable("HTTPS_PROXY", &format!("http://{}", front.proxy));
    bench.check(&["--ca-cert", &own]).exits(0).shows("decided 1 of 1");
    bench.variable("HTTPS_PROXY", &format!("socks5h://{}", front.proxy));
    bench.check(&["--ca-cert", &own]).exits(0).shows("decided 1 of 1");
    assert_eq!(front.asked(), [format!("CONNECT {FAR}:443 HTTP/1.1"), format!("SOCKS {FAR}:443")]);
    bench.variable("NO_PROXY", FAR);
    bench.check(&["--ca-cert", &own]).saying_anything().exits(3);
    assert_eq!(front.asked().len(), 2);
}
