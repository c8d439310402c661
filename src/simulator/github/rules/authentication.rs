//! Who is there: the `Authorization` header, and the lock after too many bad logins.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::simulator::Request;
use crate::simulator::github::call::Refusal;
use crate::simulator::github::world::World;

/// The index of the token that a request carries; `None` where it carries none.
///
/// # Errors
/// 401 for a credential that is unknown, expired or revoked; 403 once there were too many of these in a row.
pub(in crate::simulator::github) fn authenticate(
    world: &mut World,
    request: &Request,
) -> Result<Option<usize>, Refusal> {
    let Some(header) = request.header("authorization") else { return Ok(None) };
    if world.bad_logins > world.bad_logins_allowed {
        // Valid credentials are refused too, until some time has passed.
        return Err(Refusal::new(403, "Max number of login attempt exceeded. Please try again later."));
    }
    let text = token_text(header);
    let now = world.now;
    let index = text.and_then(|text| {
        world
            .tokens
            .iter()
            .position(|token| token.is(&text) && !token.revoked && token.expires().is_none_or(|expires| expires > now))
    });
    match index {
        Some(index) => {
            world.bad_logins = 0;
            Ok(Some(index))
        }
        None => {
            world.bad_logins += 1;
            Err(Refusal::bad_credentials())
        }
    }
}

/// The token of an `Authorization` header: `Bearer`, `token`, or `Basic` with the token as password.
fn token_text(header: &str) -> Option<String> {
    let (scheme, value) = header.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" => Some(value.trim().to_owned()),
        "basic" => {
            let decoded = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            decoded.split_once(':').map(|(_, password)| password.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_schemes_carry_a_token() {
        assert_eq!(token_text("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(token_text("token abc").as_deref(), Some("abc"));
        assert_eq!(token_text(&format!("Basic {}", STANDARD.encode("user:abc"))).as_deref(), Some("abc"));
        assert_eq!(token_text("abc"), None);
        assert_eq!(token_text("Basic %%%"), None);
    }
}
