//! Signatures as in Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, in base64 behind `v1,`.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Env, Instant};
use serde::{Deserialize, Serialize};

/// What stands before a secret.
const PREFIX: &str = "whsec_";
/// Random bytes of a secret; the standard asks for 24 to 64.
const BYTES: usize = 32;

/// A shared secret, and until when it signs beside the one that replaced it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secret {
    /// `whsec_` and base64.
    pub words: String,
    /// It was replaced, and signs no longer from then on.
    pub until: Option<Instant>,
}

impl Secret {
    /// A fresh one.
    pub fn fresh(env: &Env) -> Self {
        Self { words: format!("{PREFIX}{}", STANDARD.encode(env.bytes::<BYTES>())), until: None }
    }

    fn bytes(&self) -> Vec<u8> {
        STANDARD.decode(self.words.trim_start_matches(PREFIX)).unwrap_or_default()
    }
}

/// The header `webhook-signature`: one signature for each secret that signs now, parted by a blank. `at` is the second of the sending.
pub fn signatures(secrets: &[Secret], now: Instant, id: &str, at: i64, body: &[u8]) -> String {
    let signing = secrets.iter().filter(|secret| secret.until.is_none_or(|until| until > now));
    let signed = signing.map(|secret| {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &secret.bytes()));
        context.update(format!("{id}.{at}.").as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    });
    signed.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_example_of_standard_webhooks_is_signed_as_it_says() {
        let secret = Secret { words: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(), until: None };
        let signed = signatures(&[secret], Instant::EPOCH, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_replaced_secret_signs_until_its_time_and_no_longer() {
        let (env, clock) = Env::fixed(7, Instant::EPOCH);
        let old = Secret { until: Some(Instant::from_micros(10)), ..Secret::fresh(&env) };
        let both = [Secret::fresh(&env), old];
        assert_eq!(signatures(&both, clock.now(), "a", 0, b"").split(' ').count(), 2);
        assert_eq!(signatures(&both, Instant::from_micros(10), "a", 0, b"").split(' ').count(), 1);
        assert!((24..=64).contains(&both[0].bytes().len()));
    }
}
