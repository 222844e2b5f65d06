//! Roles: what the people who hold one may do. Data in the table `role`, made at set-up.

use catalogue::{Class, Purpose, Purposes};
use kernel::{Error, Result};
use store::args;
use trail::{
    Grant, Privilege, Reach, Unit,
    permit::{Manage, every_grant},
};

use super::sql;

/// The role that may do everything. The only one that manages staff and settings.
pub const ADMIN: &str = "admin";
/// Reads and writes every record, shares views, exports, imports, and handles people's requests.
pub const MANAGER: &str = "manager";
/// Reads records up to personal data, writes those of their team.
pub const AGENT: &str = "agent";
/// Sees the audit trail and everyday business data; changes nothing and opens nothing personal.
pub const AUDITOR: &str = "auditor";

/// The shipped roles with what each grants.
pub fn shipped() -> Vec<(&'static str, Vec<Grant>)> {
    let grant = |privilege: &str, class, reach, purposes| Grant { class, reach, purposes, ..Grant::everything(privilege) };
    let every = Purposes::all();
    let daily = of(&["sales", "support", "billing", "marketing"]);
    let review = of(&["administration", "legal"]);
    let manager = ["read", "write", "share", "export", "import", "requests"].map(|p| grant(p, Class::Sensitive, Reach::All, every));
    vec![
        (ADMIN, every_grant()),
        (MANAGER, manager.to_vec()),
        (AGENT, vec![grant("read", Class::Personal, Reach::All, daily), grant("write", Class::Personal, Reach::Team, daily)]),
        (AUDITOR, vec![grant("audit", Class::Internal, Reach::All, review), grant("read", Class::Internal, Reach::All, review)]),
    ]
}

fn of(keys: &[&str]) -> Purposes {
    keys.iter().filter_map(|key| Purpose::find(key)).fold(Purposes::NONE, Purposes::with)
}

/// Writes the shipped roles that are not there yet.
pub(super) fn install(unit: &mut Unit) -> Result<()> {
    for (name, grants) in shipped() {
        let grants = serde_json::to_string(&grants).map_err(Error::internal)?;
        unit.run(sql::ROLE_INSERT, &args![name, grants])?;
    }
    Ok(())
}

/// Every role's name and grants.
pub fn list(unit: &mut Unit) -> Result<Vec<(String, Vec<Grant>)>> {
    let rows = unit.all(sql::ROLE_ALL, &[], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
    rows.into_iter().map(|(name, text)| Ok((name, read(&text)?))).collect()
}

/// What a role grants. Error: invalid_input when there is no such role.
pub fn find(unit: &mut Unit, name: &str) -> Result<Vec<Grant>> {
    let text = unit.maybe(sql::ROLE_FIND, &args![name], |row| row.get::<String>(0))?;
    let text = text.ok_or_else(|| Error::invalid("/role", "unknown", "Choose one of the roles of this installation."))?;
    read(&text)
}

pub(super) fn read(text: &str) -> Result<Vec<Grant>> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// A role's grants for the purposes that one person may act for.
pub fn limited(grants: &[Grant], purposes: Purposes) -> Vec<Grant> {
    let both = |g: &Grant| Purposes::from_bits(g.purposes.bits() & purposes.bits());
    grants.iter().map(|g| Grant { purposes: both(g), ..g.clone() }).filter(|g| g.purposes != Purposes::NONE).collect()
}

/// What is in both: every grant of `asked` cut down to what `held` allows. A key never opens more than its holder may now.
pub fn within(asked: &[Grant], held: &[Grant]) -> Vec<Grant> {
    let mut out: Vec<Grant> = Vec::new();
    for a in asked {
        for h in held.iter().filter(|h| h.privilege == a.privilege) {
            let kind = match (a.kind.as_str(), h.kind.as_str()) {
                (kind, "*") | ("*", kind) => kind,
                (one, other) if one == other => one,
                _ => continue,
            };
            let cut = Grant {
                privilege: a.privilege.clone(),
                kind: kind.to_owned(),
                class: a.class.min(h.class),
                reach: a.reach.min(h.reach),
                purposes: Purposes::from_bits(a.purposes.bits() & h.purposes.bits()),
            };
            if cut.purposes != Purposes::NONE && !out.contains(&cut) {
                out.push(cut);
            }
        }
    }
    out
}

/// The purposes that at least one grant is for: those one may act for.
pub fn purposes(grants: &[Grant]) -> Purposes {
    Purposes::from_bits(grants.iter().fold(0, |bits, g| bits | g.purposes.bits()))
}

/// Whether these grants let one manage the installation: somebody must always be able to.
pub fn manages(grants: &[Grant]) -> bool {
    grants.iter().any(|g| g.privilege == Manage::KEY && g.kind == "*" && g.purposes.serve(super::setup::administration()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_grant_is_never_wider_than_either() {
        let sales = of(&["sales"]);
        let held =
            vec![Grant { class: Class::Personal, reach: Reach::Team, purposes: of(&["sales", "support"]), ..Grant::everything("read") }];
        let asked = vec![
            Grant { kind: "person".into(), purposes: sales, ..Grant::everything("read") },
            Grant::everything("export"),
            Grant { purposes: of(&["legal"]), ..Grant::everything("read") },
        ];
        let expected =
            Grant { kind: "person".into(), class: Class::Personal, reach: Reach::Team, purposes: sales, ..Grant::everything("read") };
        assert_eq!(within(&asked, &held), [expected]);
    }
}
