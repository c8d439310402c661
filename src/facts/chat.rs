//! Chats and other services that take a message from whoever knows its address: there the path is the secret.

/// How to tell a service by its host.
enum Served {
    /// The host of this name.
    At(&'static str),
    /// Every host below this name.
    Below(&'static str),
}

use Served::{At, Below};

/// The services, by the host of their incoming webhooks. Source: their own documentation of these.
const SERVICES: &[Served] = &[
    At("hooks.slack.com"),
    At("hooks.slack-gov.com"),
    At("discord.com"),
    Below("discord.com"),
    At("discordapp.com"),
    Below("discordapp.com"),
    At("api.telegram.org"),
    At("outlook.office.com"),
    At("outlook.office365.com"),
    Below("webhook.office.com"),
    Below("logic.azure.com"),
    Below("powerplatform.com"),
    At("chat.googleapis.com"),
    At("oapi.dingtalk.com"),
    At("open.feishu.cn"),
    At("open.larksuite.com"),
    At("qyapi.weixin.qq.com"),
    At("webexapis.com"),
    At("hooks.zapier.com"),
    At("maker.ifttt.com"),
    At("hook.integromat.com"),
    Below("make.com"),
    At("events.pagerduty.com"),
    At("api.opsgenie.com"),
];

/// Whether an address of this authority, without user information, is one whose path is a secret.
pub(super) fn keeps_a_secret_in_its_path(authority: &str) -> bool {
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    SERVICES.iter().any(|served| match served {
        At(name) => host == *name,
        Below(name) => host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')),
    })
}

#[cfg(test)]
mod tests {
    use super::keeps_a_secret_in_its_path;

    #[test]
    fn services_are_told_by_their_host_alone() {
        for host in
            ["hooks.slack.com", "HOOKS.Slack.com:443", "hooks.slack.com.", "acme.webhook.office.com", "discord.com"]
        {
            assert!(keeps_a_secret_in_its_path(host), "{host}");
        }
        for host in ["", "slack.com", "hooks.slack.com.acme.dev", "webhook.office.com", "xdiscord.com", "plan.acme.dev"]
        {
            assert!(!keeps_a_secret_in_its_path(host), "{host}");
        }
    }
}
