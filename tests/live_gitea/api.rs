//! The API of an instance, as an administrator and as accounts, by their passwords.

use std::sync::Arc;

use reqwest::{Client, Method, redirect};
use rustls::{ClientConfig, RootCertStore, crypto};
use serde_json::Value;
use url::{Host, Url};

/// A server, with the name and the password of an administrator.
pub(crate) struct Api {
    pub(crate) root: String,
    admin: (String, String),
    client: Client,
}

impl Api {
    /// # Errors
    /// Where the address is not on this machine, or what is given for an administrator is no name with a password.
    pub(crate) fn new(address: &str, admin: &str) -> Result<Self, String> {
        let url = Url::parse(address).map_err(|error| error.to_string())?;
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if !is_loopback {
            return Err("accounts are made on loopback only".to_owned());
        }
        let Some((name, password)) = admin.split_once(':') else {
            return Err("an administrator is `name:password`".to_owned());
        };
        // The HTTP stack wants TLS even where none is spoken; this one trusts nobody.
        let tls = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).tls_backend_preconfigured(tls);
        Ok(Self {
            root: address.trim_end_matches('/').to_owned(),
            admin: (name.to_owned(), password.to_owned()),
            client: client.build().unwrap(),
        })
    }

    /// The status and the JSON of an answer to the administrator.
    pub(crate) fn as_admin(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.ask((&self.admin.0, &self.admin.1), method, path, body)
    }

    /// The same, to an account.
    pub(crate) fn ask(
        &self,
        (name, password): (&str, &str),
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let request = self.client.request(method, format!("{}/api/v1{path}", self.root));
            let request = request.basic_auth(name, Some(password));
            let request = if let Some(body) = body { request.json(body) } else { request };
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
        })
    }

    /// What must come of a request of the administrator's.
    #[track_caller]
    pub(crate) fn must(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (status, answer) = self.as_admin(method, path, body);
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    /// The product's and the version's text.
    pub(crate) fn version(&self) -> String {
        self.must("GET", "/version", None)["version"].as_str().unwrap().to_owned()
    }

    /// Nobody but the administrator is here, and no repository.
    #[track_caller]
    pub(crate) fn is_empty(&self) {
        let users = self.must("GET", "/admin/users?limit=50", None);
        assert_eq!(users.as_array().map(Vec::len), Some(1), "the server is not empty: {users}");
        let repositories = self.must("GET", "/repos/search?limit=1", None);
        assert_eq!(repositories["data"].as_array().map(Vec::len), Some(0), "the server is not empty: {repositories}");
    }
}
