//! Permission as a value one holds: no permit, no call.

use std::marker::PhantomData;

use catalogue::{Class, Kind};
use kernel::{Code, Error, Result};

use crate::{Actor, Grant, Reach};

/// A privilege, as a type.
pub trait Privilege: Send + Sync + 'static {
    /// Its stable key, as grants name it.
    const KEY: &'static str;
    /// What it lets one do, for refusals: "read records".
    const WORDS: &'static str;
}

macro_rules! privileges {
    ($($(#[$meta:meta])* $name:ident = $key:literal, $words:literal;)*) => {
        $($(#[$meta])* #[derive(Clone, Copy, Debug)] pub struct $name;
        impl Privilege for $name { const KEY: &'static str = $key; const WORDS: &'static str = $words; })*
        /// Every privilege's key and words.
        pub const PRIVILEGES: &[(&str, &str)] = &[$(($key, $words),)*];
    };
}

privileges! {
    /// See records in lists, search and on their page.
    ReadRecords = "read", "read records";
    /// Create and change records.
    WriteRecords = "write", "create and change records";
    /// Share saved views of lists with everybody.
    ShareViews = "share", "share views with everybody";
    /// Take records out as files.
    Export = "export", "export records";
    /// Bring records and messages in.
    Import = "import", "import and capture";
    /// Open and handle people's requests: packages and erasure.
    HandleRequests = "requests", "handle people's requests";
    /// Dispose of what is due, and run the sweep.
    Dispose = "dispose", "dispose of records";
    /// Place and release legal holds.
    Hold = "hold", "place and release legal holds";
    /// Adopt and change retention rules.
    ManageRules = "rules", "change retention rules";
    /// See who saw and changed what, and verify.
    Audit = "audit", "see the audit trail";
    /// Manage staff, roles, API keys, the catalogue and settings.
    Manage = "manage", "manage this installation";
    /// Back up, restore and rotate keys.
    Keys = "keys", "back up and rotate keys";
}

/// Every privilege over everything.
pub fn every_grant() -> Vec<Grant> {
    PRIVILEGES.iter().map(|(key, _)| Grant::everything(key)).collect()
}

/// How far a permit reaches over one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The highest class it opens.
    pub class: Class,
    /// Whose records.
    pub reach: Reach,
}

/// The proof that an actor may do `P`, and over what.
#[derive(Clone, Debug)]
pub struct Permit<P> {
    /// Who may.
    pub actor: Actor,
    grants: Vec<Grant>,
    privilege: PhantomData<P>,
}

impl Actor {
    /// The permit for a privilege under the acting purpose. Error: forbidden, naming the privilege and the purpose.
    pub fn permit<P: Privilege>(&self) -> Result<Permit<P>> {
        let grants: Vec<Grant> =
            self.grants().iter().filter(|g| g.privilege == P::KEY && g.purposes.serve(self.purpose)).cloned().collect();
        if grants.is_empty() {
            let elsewhere = self.grants().iter().any(|g| g.privilege == P::KEY);
            let next = if elsewhere { "Switch to a purpose that allows it." } else { "Ask your administrator for a role that allows it." };
            return Err(Error::new(Code::Forbidden, format!("Acting for {} you may not {}. {next}", self.purpose.key, P::WORDS)));
        }
        Ok(Permit { actor: self.clone(), grants, privilege: PhantomData })
    }
}

impl<P: Privilege> Permit<P> {
    /// How far it reaches over a kind; `None` when not at all.
    pub fn over(&self, kind: &str) -> Option<Scope> {
        let mut grants = self.grants.iter().filter(|g| g.kind == "*" || g.kind == kind);
        let first = grants.next()?;
        let start = Scope { class: first.class, reach: first.reach };
        Some(grants.fold(start, |s, g| Scope { class: s.class.max(g.class), reach: s.reach.max(g.reach) }))
    }

    /// How far it reaches over a kind. Error: forbidden.
    pub fn need(&self, kind: &Kind) -> Result<Scope> {
        self.over(&kind.key).ok_or_else(|| {
            let words = format!("Acting for {} you may not {} of the kind {}.", self.actor.purpose.key, P::WORDS, kind.label);
            Error::new(Code::Forbidden, words)
        })
    }
}

#[cfg(test)]
mod tests {
    use catalogue::{Purpose, Purposes};

    use super::*;
    use crate::Who;

    #[test]
    fn a_permit_needs_the_privilege_for_the_acting_purpose() {
        let sales = Purpose::find("sales").unwrap();
        let support = Purpose::find("support").unwrap();
        let grant = Grant { purposes: Purposes::only(sales), kind: "person".into(), ..Grant::everything("read") };
        let actor = Actor::new(Who::Operator, sales, "cli", vec![grant]);
        let permit = actor.permit::<ReadRecords>().unwrap();
        assert!(permit.over("person").is_some());
        assert!(permit.over("company").is_none());
        assert_eq!(actor.permit::<WriteRecords>().unwrap_err().code(), Code::Forbidden);
        assert_eq!(actor.acting_for(support).permit::<ReadRecords>().unwrap_err().code(), Code::Forbidden);
    }
}
