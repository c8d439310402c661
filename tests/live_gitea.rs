//! A Gitea or a Forgejo on loopback: accounts, repositories and tokens are made by its API, checked, and removed again.
//!
//! Against a real server with `CREDCHECK_LIVE_GITEA` (its address) and `CREDCHECK_LIVE_GITEA_ADMIN` (`name:password` of an
//! administrator); without them that test says so and passes. The very same code runs against the simulated servers, so that
//! it is never untried. `.github/workflows/live-gitea.yml` starts real ones.

#![expect(clippy::disallowed_methods, reason = "tests read their own environment and write files of their own")]

#[cfg(test)]
#[path = "live_gitea/api.rs"]
mod api;
#[cfg(test)]
#[path = "live_gitea/asking.rs"]
mod asking;
#[cfg(test)]
#[path = "live_gitea/instance.rs"]
mod instance;

#[cfg(test)]
mod tests {
    use credcheck::simulator::gitea::{Product, User, World};
    use serde_json::json;

    use super::api::Api;
    use super::instance::Instance;

    const ADDRESS: &str = "CREDCHECK_LIVE_GITEA";
    const ADMIN: &str = "CREDCHECK_LIVE_GITEA_ADMIN";

    #[test]
    #[expect(clippy::print_stdout, reason = "a test that was skipped says so")]
    fn a_real_server() {
        let (Ok(address), Ok(admin)) = (std::env::var(ADDRESS), std::env::var(ADMIN)) else {
            println!("skipped: {ADDRESS} and {ADMIN} name no server");
            return;
        };
        let api = Api::new(&address, &admin).unwrap_or_else(|why| panic!("{ADDRESS}: {why}"));
        Instance::furnish(&api).is_told_rightly();
        api.is_empty();
    }

    const SIMULATED: [(Product, &str); 6] = [
        (Product::Gitea, "1.22.6"),
        (Product::Gitea, "1.24.7"),
        (Product::Gitea, "1.26.4"),
        (Product::Gitea, "1.27.0"),
        (Product::Forgejo, "11.0.15"),
        (Product::Forgejo, "15.0.3"),
    ];

    fn simulated((product, version): (Product, &str)) -> World {
        let keeper = User::new("keeper").admin().password("correct horse");
        World::new(product, version, jiff::Timestamp::now()).user(keeper)
    }

    #[test]
    fn the_simulated_servers() {
        for server in SIMULATED {
            let running = simulated(server).start().unwrap();
            let api = Api::new(&running.url(), "keeper:correct horse").unwrap();
            Instance::furnish(&api).is_told_rightly();
            api.is_empty();
        }
    }

    #[test]
    fn what_was_made_is_removed_after_a_failure_too() {
        let running = simulated((Product::Gitea, "1.27.0")).start().unwrap();
        let api = Api::new(&running.url(), "keeper:correct horse").unwrap();
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _made = Instance::furnish(&api);
            panic!("a check fails");
        }));
        assert!(failed.is_err());
        api.is_empty();
        // What is made in part is removed, too.
        let (status, _) = api.as_admin("POST", "/orgs", Some(&json!({"username": "clive"})));
        assert_eq!(status, 201);
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| Instance::furnish(&api)));
        assert!(failed.is_err(), "the name is taken");
        let (_, users) = api.as_admin("GET", "/admin/users", None);
        assert_eq!(users.as_array().unwrap().len(), 1, "{users}");
    }

    #[test]
    fn only_an_empty_server_on_loopback_is_touched() {
        for address in
            ["https://codeberg.org", "http://192.0.2.7:3000", "http://127.0.0.1.example.org/", "git.acme.dev"]
        {
            assert!(Api::new(address, "keeper:word").is_err(), "{address}");
        }
        assert!(Api::new("http://127.0.0.1:3000", "keeper").is_err());
        let running = simulated((Product::Forgejo, "15.0.3")).start().unwrap();
        let api = Api::new(&running.url(), "keeper:correct horse").unwrap();
        running.gitea.update(|world| {
            let old = std::mem::replace(world, simulated((Product::Forgejo, "15.0.3")));
            *world = old.user("somebody").repository("somebody/work");
        });
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| Instance::furnish(&api)));
        assert!(failed.is_err());
        assert!(running.gitea.changes().is_empty(), "{:?}", running.gitea.changes());
    }
}
