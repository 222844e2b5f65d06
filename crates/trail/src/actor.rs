//! Who acts, for which one purpose, and what they are granted.

use std::{fmt, sync::Arc};

use catalogue::{Class, Purpose, Purposes};
use kernel::{ApiKeyId, SessionId, UserId};
use serde::{Deserialize, Serialize};

/// Who acts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// A member of staff, signed in.
    Staff(UserId),
    /// A program with an API key, for the member of staff who made it.
    Key(ApiKeyId, UserId),
    /// Somebody with access to the machine, at the command line.
    Operator,
    /// A background job or the product itself.
    System,
    /// Nobody known.
    Visitor,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff(id) => write!(f, "{id}"),
            Self::Key(id, _) => write!(f, "{id}"),
            Self::Operator => f.write_str("operator"),
            Self::System => f.write_str("system"),
            Self::Visitor => f.write_str("visitor"),
        }
    }
}

/// How far a grant reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Records one owns.
    Own,
    /// Records of one's team.
    Team,
    /// Every record.
    All,
}

/// One grant: a privilege over a kind (or all), up to a class, within a reach, for purposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The privilege's key, see [`crate::permit`].
    pub privilege: String,
    /// The kind it is for; `*` for all.
    pub kind: String,
    /// The highest class it opens.
    pub class: Class,
    /// Whose records.
    pub reach: Reach,
    /// The acting purposes it holds for.
    pub purposes: Purposes,
}

impl Grant {
    /// A privilege over everything, for every purpose.
    pub fn everything(privilege: &str) -> Self {
        Self { privilege: privilege.to_owned(), kind: "*".to_owned(), class: Class::Special, reach: Reach::All, purposes: Purposes::all() }
    }
}

/// Who acts, for one purpose, with which grants.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// The one purpose acted for.
    pub purpose: &'static Purpose,
    /// The session, when there is one.
    pub session: Option<SessionId>,
    /// The door they came in by: `page`, `api`, `cli`, `job`, `rule`.
    pub door: &'static str,
    /// Their team.
    pub team: Option<[u8; 16]>,
    /// The run of a rule that acts for them; events name it.
    pub run: Option<[u8; 16]>,
    grants: Arc<[Grant]>,
}

impl Actor {
    /// An actor with these grants.
    pub fn new(who: Who, purpose: &'static Purpose, door: &'static str, grants: impl Into<Arc<[Grant]>>) -> Self {
        Self { who, purpose, session: None, door, team: None, run: None, grants: grants.into() }
    }

    /// The local operator at the command line: every privilege, for one purpose.
    pub fn operator(purpose: &'static Purpose) -> Self {
        Self::new(Who::Operator, purpose, "cli", crate::permit::every_grant())
    }

    /// The product itself, in a job: every privilege, for one purpose.
    pub fn system(purpose: &'static Purpose) -> Self {
        Self::new(Who::System, purpose, "job", crate::permit::every_grant())
    }

    /// Nobody known: no privilege.
    pub fn visitor() -> Self {
        Self::new(Who::Visitor, &catalogue::PURPOSES[0], "page", Vec::new())
    }

    /// The member of staff behind this actor.
    pub fn staff(&self) -> Option<UserId> {
        match self.who {
            Who::Staff(id) | Who::Key(_, id) => Some(id),
            Who::Operator | Who::System | Who::Visitor => None,
        }
    }

    /// The person behind this actor: a program with somebody's key is that somebody. What has to be told apart where two people are asked.
    pub fn person(&self) -> String {
        self.staff().map_or_else(|| self.who.to_string(), |id| id.to_string())
    }

    /// The grants.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// The same actor for another purpose. The grants decide what that opens.
    #[must_use]
    pub fn acting_for(&self, purpose: &'static Purpose) -> Self {
        Self { purpose, ..self.clone() }
    }
}
