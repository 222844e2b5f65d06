//! The way out of a campaign's letters, for whoever reads them: one click, no account, no question (GDPR Art 21(2), RFC 8058).
//!
//! The address in a letter holds the campaign and the person, sealed: it tells nothing, nobody makes one up, and it works for as long as
//! the letter lies in somebody's mailbox. Opening it changes nothing, for mail programs open links by themselves.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Code, Error, KeyId, RecordId, Result};
use trail::{Actor, App, Unit};
use vault::Context;

use super::CampaignId;
use crate::{consent, records};

/// Longer texts are no addresses of ours.
const LONGEST: usize = 200;

/// What an address says whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The person.
    pub person: RecordId,
    /// Whether they said no already.
    pub gone: bool,
}

fn context() -> Context<'static> {
    Context { key: KeyId::from_bytes([0; 16]), subject: [0; 16], version: 0, purpose: "unsubscribe" }
}

/// Where one person says that they want no more letters like those of a campaign; nothing where the house is not reached from outside.
pub(super) fn address(unit: &Unit, campaign: CampaignId, person: RecordId) -> Result<Option<String>> {
    let Some(house) = unit.app().public_url() else { return Ok(None) };
    let plain = [campaign.bytes().as_slice(), person.bytes().as_slice()].concat();
    let sealed = vault::seal(&unit.app().keyring().derived("unsubscribe"), &context(), &plain, unit.env());
    Ok(Some(format!("{}/p/unsubscribe/{}", house.trim_end_matches('/'), URL_SAFE_NO_PAD.encode(sealed))))
}

/// A letter's text with the address under it, where it does not stand in it.
pub(super) fn under(text: String, address: Option<&str>) -> String {
    match address {
        Some(address) if !text.contains(address) => format!("{}\n\nUnsubscribe: {address}", text.trim_end()),
        _ => text,
    }
}

fn opened(app: &App, token: &str) -> Result<(CampaignId, RecordId)> {
    let gone = || Error::new(Code::NotFound, "This address is not whole. Open the link in the letter again, or answer the letter.");
    let bytes = if token.len() <= LONGEST { URL_SAFE_NO_PAD.decode(token).ok() } else { None };
    let plain = bytes.and_then(|bytes| vault::open(&app.keyring().derived("unsubscribe"), &context(), &bytes).ok()).ok_or_else(gone)?;
    let (campaign, person) = plain.split_first_chunk::<16>().ok_or_else(gone)?;
    let person: [u8; 16] = person.try_into().map_err(|_| gone())?;
    Ok((CampaignId::from_bytes(*campaign), RecordId::from_bytes(person)))
}

/// Whose an address is, and whether they said no already. Nothing of them is opened. Error: not_found for what is no such address.
pub async fn reader(app: &App, token: &str) -> Result<Reader> {
    let (_, person) = opened(app, token)?;
    app.read(&Actor::visitor(), move |unit| {
        let gone = match standing(unit, person)? {
            Some(person) => consent::objects(unit, person, consent::marketing())?,
            None => true,
        };
        unit.plain(Reader { person, gone })
    })
    .await
}

/// The record that stands for a person now; none once they were erased.
fn standing(unit: &mut Unit, person: RecordId) -> Result<Option<RecordId>> {
    let row = records::find(unit, person)?.filter(|row| row.state.is_readable());
    Ok(row.map(|row| row.facts.merged.unwrap_or(row.id)))
}

/// Says for the reader of a letter that they want no more: their consent to marketing is withdrawn, or they object to it, at once and for
/// every campaign. Doing it again changes nothing. Event `consent.withdrawn` or `consent.objected`.
///
/// Error: not_found for what is no such address.
pub async fn unsubscribe(app: &App, token: &str) -> Result<()> {
    let Reader { person, gone } = reader(app, token).await?;
    if gone {
        // They said so before, or there is nobody any more who could be written to.
        return Ok(());
    }
    app.write(&Actor::visitor(), move |unit| {
        let person = standing(unit, person)?.ok_or_else(|| Error::not_found("record"))?;
        consent::turn_away(unit, person, consent::marketing(), "unsubscribe").map(drop)
    })
    .await
}
