//! What was made and may be fetched: access packages that wait for whoever had them made, and certificates of destruction.

use kernel::{Instant, OrderId, RequestId, Result};
use store::args;
use trail::{Event, Release, Unit, permit::HandleRequests};

use super::{ArtifactId, sql};
use crate::{
    disposal::{self, Certified},
    evidence,
};

/// Something to fetch.
#[derive(Clone, Debug)]
pub enum Artifact {
    /// An access package of one's own.
    Package {
        /// Its id.
        id: ArtifactId,
        /// Its size in bytes.
        bytes: i64,
        /// When it is destroyed.
        expires: Instant,
        /// The request it answers.
        request: Option<RequestId>,
    },
    /// A certificate of destruction.
    Certificate(Certified),
}

impl Artifact {
    /// By which both kinds are sorted: the time they were begun, and chance.
    pub fn place(&self) -> [u8; 16] {
        match self {
            Self::Package { id, .. } => *id.bytes(),
            Self::Certificate(certified) => *certified.id.bytes(),
        }
    }
}

/// Those before a place, the newest first: packages for whoever handles requests, certificates for whoever may see them.
/// Event `artifacts.listed`. Error: forbidden.
pub fn artifacts(unit: &mut Unit, before: Option<[u8; 16]>, most: usize) -> Result<Release<Vec<Artifact>>> {
    let actor = unit.actor().clone();
    evidence::may_see_certificates(&actor)?;
    let (before, limit) = (before.unwrap_or([0xff; 16]), i64::try_from(most).unwrap_or(i64::MAX));
    let certified = disposal::certificates(unit, OrderId::from_bytes(before), most)?;
    let mut all: Vec<Artifact> = certified.into_iter().map(Artifact::Certificate).collect();
    if actor.permit::<HandleRequests>().is_ok() {
        let (own, now) = (actor.who.to_string(), unit.now());
        all.extend(unit.all(sql::ARTIFACTS_BEFORE, &args![own, now, ArtifactId::from_bytes(before), limit], |row| {
            Ok(Artifact::Package { id: row.get(0)?, bytes: row.get(1)?, expires: row.get(2)?, request: row.get(3)? })
        })?);
    }
    all.sort_unstable_by_key(|artifact| std::cmp::Reverse(artifact.place()));
    all.truncate(most);
    let event = Event::new("artifacts.listed").count("artifacts", all.len());
    unit.release(event, all)
}
