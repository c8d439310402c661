//! What an App's key signs: whose it is, and whether it is of this moment.
//!
//! Source: GitHub docs, "Generating a JSON Web Token for a GitHub App"; the wording of the answers is from public reports.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;

use crate::simulator::Request;
use crate::simulator::github::call::Refusal;
use crate::simulator::github::world::World;

/// The longest that a signed token may have left, in seconds.
const LONGEST: i64 = 10 * 60;

/// The text that a request is signed with; `None` where it carries something else. `token` is not taken for these.
fn signed(request: &Request) -> Option<&str> {
    let text = request.header("authorization")?.strip_prefix("Bearer ")?.trim();
    (text.starts_with("eyJ") && text.matches('.').count() == 2).then_some(text)
}

/// The position of the App that signed a request; `None` where nothing is signed.
///
/// # Errors
/// 401 for a signature that is nobody's, and for one that is not of this moment.
pub(in crate::simulator::github) fn signer(world: &mut World, request: &Request) -> Option<Result<usize, Refusal>> {
    let text = signed(request)?;
    if world.bad_logins > world.bad_logins_allowed {
        return Some(Err(Refusal::new(403, "Max number of login attempt exceeded. Please try again later.")));
    }
    let verified = verify(world, text);
    match verified {
        Ok(_) => world.bad_logins = 0,
        Err(_) => world.bad_logins += 1,
    }
    Some(verified)
}

/// What a token claims, where it is an RS256 one of the key that this public one (DER) belongs to.
fn claims_signed_with(public: &[u8], text: &str) -> Option<Value> {
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let (message, signature) = text.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let header: Value = serde_json::from_slice(&decoded(header)?).ok()?;
    if header.get("alg")?.as_str()? != "RS256" {
        return None;
    }
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public);
    public.verify(message.as_bytes(), &decoded(signature)?).ok()?;
    serde_json::from_slice(&decoded(claims)?).ok()
}

fn verify(world: &World, text: &str) -> Result<usize, Refusal> {
    let undecodable = || Refusal::new(401, "A JSON web token could not be decoded");
    let mut apps = world
        .apps
        .iter()
        .enumerate()
        .filter_map(|(at, app)| Some((at, claims_signed_with(app.public_key.as_deref()?, text)?)));
    let (at, claims) = apps.next().ok_or_else(undecodable)?;
    let app = world.apps.get(at).ok_or_else(undecodable)?;
    let issuer = claims.get("iss").ok_or_else(undecodable)?;
    let issuer = issuer.as_str().map_or_else(|| issuer.to_string(), str::to_owned);
    // Servers before 3.14 know no client ids here.
    let client_ids = world.flavour.server_version().is_none_or(|version| version >= (3, 14));
    if issuer != app.id.to_string() && !(client_ids && issuer == app.client_id) {
        return Err(undecodable());
    }
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    let now = world.now.as_second();
    if time("exp").is_none_or(|exp| exp <= now) {
        return Err(Refusal::new(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the \
             assertion expires",
        ));
    }
    if time("exp").is_some_and(|exp| exp > now + LONGEST) {
        return Err(Refusal::new(401, "'Expiration time' claim ('exp') is too far in the future"));
    }
    if time("iat").is_none_or(|iat| iat > now) {
        return Err(Refusal::new(
            401,
            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
        ));
    }
    Ok(at)
}
