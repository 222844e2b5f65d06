//! Where a file's bytes go as they arrive with a form.

use std::{future::Future, sync::Arc};

use axum::extract::multipart::{Field, MultipartError};
use crm::{
    capture::{Stored, Storing},
    permits::Import,
};
use http::StatusCode;
use kernel::{Code, Error, Personal, Result};
use trail::Actor;

use super::error::too_large;
use crate::router::Web;

/// A place for the bytes of one file.
pub trait Sink: Sized + Send {
    /// Takes the bytes of a part. Errors: forbidden where this actor may not put them there; malformed and too_large as they arrive.
    fn take(web: &Web, actor: &Actor, part: Field<'_>) -> impl Future<Output = Result<Self>> + Send;

    /// Whether nothing arrived.
    fn is_empty(&self) -> bool;
}

/// Memory, for files that are small.
impl Sink for Personal<Vec<u8>> {
    async fn take(_: &Web, _: &Actor, part: Field<'_>) -> Result<Self> {
        Ok(Self::new(part.bytes().await.map_err(|error| damaged(&error))?.to_vec()))
    }

    fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

/// The blob store, sealed, a piece at a time: for what is imported or captured.
impl Sink for Arc<Stored> {
    async fn take(web: &Web, actor: &Actor, mut part: Field<'_>) -> Result<Self> {
        actor.permit::<Import>()?;
        let mut storing = Storing::begin(&web.app);
        while let Some(bytes) = part.chunk().await.map_err(|error| damaged(&error))? {
            storing.push(&bytes).await?;
        }
        Ok(Self::new(storing.end().await?))
    }

    fn is_empty(&self) -> bool {
        self.size() == 0
    }
}

/// What is said of a form that did not arrive whole.
pub fn damaged(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Error::new(Code::Malformed, "The form broke off or is damaged. Send it again.")
}
