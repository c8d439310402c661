//! What to do where no answer came, by what was in the way.

/// A part of the reason, as `transport` words it, and what to do. The first that fits counts.
const ADVICE: [(&str, &str); 25] = [
    (
        "the TLS certificate was not accepted: its issuer",
        "name the authority that signed the host's certificate, or that of a proxy which opens TLS on the way: \
         `--ca-cert FILE`, or the variable `SSL_CERT_FILE`",
    ),
    (
        "the TLS certificate was not accepted: it was issued for another name",
        "check the host's name in `url`: what answers there shows a certificate for another one",
    ),
    (
        "the TLS certificate was not accepted: it has expired",
        "compare this machine's clock with the time; where it is right, whoever runs the host renews its certificate",
    ),
    (
        "the TLS certificate was not accepted: it is not valid yet",
        "compare this machine's clock with the time; where it is right, whoever runs the host renews its certificate",
    ),
    ("certificate authorities", "name a file of certificate authorities: `SSL_CERT_FILE`, or `--ca-cert FILE`"),
    (
        "the TLS certificate was not accepted",
        "ask whoever runs the host about its certificate; the credential was not sent",
    ),
    ("does not speak TLS", "check scheme and port in `url`: what listens there speaks plain HTTP or something else"),
    (
        "how to speak TLS",
        "check the port in `url`, and what stands between here and the host: TLS 1.2 is the least that is spoken",
    ),
    ("the TLS connection", "check the port in `url`, and what stands between here and the host"),
    (
        "refused the connection",
        "nothing listens there, or a firewall is in the way: check host and port in `url`, whether the host is up, and \
         whether a proxy is needed (`HTTPS_PROXY`)",
    ),
    (
        "could not be resolved",
        "check how the host's name is spelt in `url`, and whether this machine's name server knows it: a VPN may be \
         needed",
    ),
    (
        "cannot be reached from here",
        "this machine has no way to the host's network: check VPN, routes and proxy (`HTTPS_PROXY`)",
    ),
    ("there is no way to the address", "check host and port in `url`"),
    ("does not allow a connection", "a rule of this machine forbids it: check its firewall or sandbox"),
    (
        "asks for a user and a password of its own",
        "write them into the proxy's address: `HTTPS_PROXY=http://USER:PASSWORD@PROXY:PORT`",
    ),
    ("refused to pass the request on", "ask whoever runs the proxy, or except the host from it: `NO_PROXY`"),
    ("no answer within", "run it again, or wait longer for each answer: `--timeout 30s`"),
    ("(`--deadline`)", "give the run more time: `--deadline`, or ask for less: `--credential`, `--repository`"),
    ("--max-requests", "allow more requests: `--max-requests`, or ask for less: `--credential`, `--repository`"),
    (
        "sign-on page",
        "open the host's address in a browser: where a sign-on page or a proxy stands before the API, the bot has to be let \
         past it, or `api_url` names another way",
    ),
    (
        "something before",
        "ask whoever runs the host what stands before it: the bot has to be let past it, or `api_url` names another way",
    ),
    (
        "the host redirected",
        "write the address that answers itself in `url` or `api_url`; where it leads to a sign-on page, the bot has to be let \
         past it",
    ),
    ("rate limit", "run it again later: the host counts requests, and lets no more through for now"),
    ("too many", "run it again later: the host counts requests, and lets no more through for now"),
    ("does not answer as", "check `url` and `api_url`: something else than the host's API answers there"),
];

/// Parts of reasons that say themselves what to do, and those of an answer that waiting changes nothing of.
const SAID: [&str; 4] = ["check the address", "not know th", "removed this request", "answers 410"];

/// What to do where nothing was reached for these reasons; `None` where they say so themselves.
pub(super) fn help<'a>(reasons: impl Iterator<Item = &'a str> + Clone) -> Option<&'static str> {
    let is_said = |reason: &str| SAID.iter().any(|words| reason.contains(words));
    match reasons.clone().find_map(advice) {
        None if reasons.clone().any(is_said) => None,
        advice => Some(advice.unwrap_or("run it again when the host answers")),
    }
}

/// What to do about a reason; `None` where waiting is all there is.
pub(super) fn advice(reason: &str) -> Option<&'static str> {
    ADVICE.iter().find(|(words, _)| reason.contains(words)).map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_not_being_reached_has_advice_of_its_own() {
        let reasons = [
            "the TLS certificate was not accepted: its issuer is not known here (`--ca-cert` adds one)",
            "the TLS certificate was not accepted: it was issued for another name",
            "`git.acme.dev:443` refused the connection",
            "the name of `git.acme.dev` could not be resolved",
            "no answer within 10 seconds",
            "`git.acme.dev:443` does not speak TLS on this port",
            "`git.acme.dev:443` cannot be reached from here",
        ];
        let mut advice: Vec<_> = reasons.iter().map(|reason| advice(reason).expect(reason)).collect();
        advice.dedup();
        assert_eq!(advice.len(), reasons.len());
        assert_eq!(super::advice("GitHub answers with a server error (502)"), None);
    }

    #[test]
    fn nobody_is_told_to_wait_for_a_host_that_did_answer() {
        let help = |reason: &str| help(std::iter::once(reason));
        for said in [
            "no GitHub API here (404): check the address, and the kind of host",
            "this version of Gitea does not know the request (404)",
            "GitLab does not know this request (404): the instance may be old",
        ] {
            assert_eq!(help(said), None, "{said}");
        }
        for answered in [
            "a page answers where the API of Gitea or Forgejo would: a sign-on page, or another host's: check the address",
            "the host redirected (302) to `https://login.acme.dev`; a credential is not sent on to another origin",
            "something before Gitea refuses the request (403)",
            "a proxy before the host asks for a user and a password of its own (407)",
            "GitHub answers that there are too many requests (429)",
            "GitHub's secondary rate limit holds this request back",
        ] {
            assert!(help(answered).is_some_and(|help| !help.contains("when the host answers")), "{answered}");
        }
        assert_eq!(help("GitHub answers with a server error (502)"), Some("run it again when the host answers"));
        assert_eq!(help("the host did not answer"), Some("run it again when the host answers"));
    }
}
