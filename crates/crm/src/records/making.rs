//! Records that come into being together: each is taken or refused by itself, all are written with few statements.

use std::{
    collections::{BTreeSet, HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use catalogue::{Class, Kind, Purposes, company, line, message, person};
use kernel::{Env, Error, Instant, KeyId, RecordId, Result, UserId};
use ledger::{Hash, LeafKind};
use store::{Value as Stored, args};
use trail::{Draft, Unit};
use vault::{Keyring, RecordKey};

use super::{
    Facts, Fields, State,
    ahead::{Ahead, Boxed},
    body::{Attested, Body, open_text},
    calls, clock, index, lines,
    row::box_context,
    sql, staged,
    standing::by_consent,
    write::{NewRecord, check_owner, check_required, commitments, is_lengthened, law_of, refused_links, region, split},
};

/// What is known of a record that a link points to.
#[derive(Clone)]
pub(super) struct Head {
    pub kind: String,
    pub key: KeyId,
    pub law: String,
    pub state: State,
    /// Whether it was merged into another.
    pub merged: bool,
}

/// What links point to, each asked for once.
#[derive(Default)]
pub(super) struct Linked {
    heads: HashMap<RecordId, Option<Head>>,
    employers: HashMap<RecordId, Vec<RecordId>>,
}

/// What a record's links point to, checked to exist and to be of the right kind.
pub(super) struct Subjects {
    pub people: Vec<(RecordId, KeyId)>,
    pub companies: Vec<RecordId>,
    /// Deals, cases and whatever else has a timeline to read; not messages, whose files stand with them.
    pub others: Vec<RecordId>,
    pub law: String,
}

impl Linked {
    fn head(&mut self, unit: &mut Unit, id: RecordId) -> Result<Option<&Head>> {
        if let Entry::Vacant(place) = self.heads.entry(id) {
            place.insert(unit.maybe(sql::HEAD, &args![id], |row| {
                let (state, facts) = (State::parse(&row.get::<String>(3)?), row.get::<String>(4)?);
                Ok(Head { kind: row.get(0)?, key: row.get(1)?, law: row.get(2)?, state, merged: facts.contains(MERGED_FACT) })
            })?);
        }
        Ok(self.heads.get(&id).and_then(Option::as_ref))
    }

    /// A link of `before` may stay though what it pointed to was destroyed since.
    pub fn subjects(
        &mut self,
        unit: &mut Unit,
        kind: &Kind,
        links: &[(String, RecordId)],
        before: &[(String, RecordId)],
    ) -> Result<Subjects> {
        let mut found = Subjects { people: Vec::new(), companies: Vec::new(), others: Vec::new(), law: String::new() };
        let mut wrong = Vec::new();
        for link in links {
            let (role, to) = link;
            let wanted = kind.field(role).and_then(|f| f.links_to.as_deref());
            match self.head(unit, *to)? {
                Some(head) if head.state.is_readable() && !head.merged && wanted == Some(head.kind.as_str()) => {
                    if head.kind == person::KIND {
                        found.people.push((*to, head.key));
                    } else if head.kind == company::KIND {
                        found.companies.push(*to);
                    } else if head.kind != message::KIND {
                        found.others.push(*to);
                    }
                    if found.law.is_empty() {
                        found.law.clone_from(&head.law);
                    }
                }
                _ if before.contains(link) => {}
                _ => wrong.push(role.as_str()),
            }
        }
        if wrong.is_empty() { Ok(found) } else { Err(refused_links(&wrong)) }
    }

    /// The companies a person works for: their timeline receives its people's entries when they are written.
    fn employers(&mut self, unit: &mut Unit, of: RecordId) -> Result<&[RecordId]> {
        if let Entry::Vacant(place) = self.employers.entry(of) {
            let links = unit.all(sql::LINKS_FROM, &args![of], |row| Ok((row.get::<String>(0)?, row.get::<RecordId>(1)?)))?;
            place.insert(employers_among(&links));
        }
        Ok(self.employers.get(&of).map_or(&[], Vec::as_slice))
    }
}

fn employers_among(links: &[(String, RecordId)]) -> Vec<RecordId> {
    links.iter().filter(|(role, _)| role == person::COMPANY).map(|(_, to)| *to).collect()
}

/// What stands among a record's facts when it was merged into another: no word of theirs holds a quotation mark.
const MERGED_FACT: &str = "\"merged\":";

/// Fewer records than this are sealed by the unit's own thread alone.
const ALONE: usize = 32;

/// Records in the making, in a unit that has witnessed its event. What was added must be written before the unit ends, and before
/// anything in the unit looks for it.
#[derive(Default)]
pub struct Making {
    linked: Linked,
    owners: HashSet<UserId>,
    lengthened: HashMap<(String, String), bool>,
    promised: clock::Promised,
    added: Vec<Added>,
    /// What lines stand on, with those that were taken in.
    bases: HashMap<RecordId, lines::Base>,
    /// What has to follow its lines once they are written.
    follow: BTreeSet<RecordId>,
}

/// A record that was taken in.
struct Added {
    id: RecordId,
    doc: i64,
    key: KeyId,
    kind: Arc<Kind>,
    sealed: Fields,
    open: Fields,
    created: Instant,
    owner: Option<UserId>,
    team: Option<[u8; 16]>,
    usable: Purposes,
    law: String,
    facts: Facts,
    prefix: String,
    links: Vec<(String, RecordId)>,
    people: Vec<(RecordId, KeyId)>,
    on: BTreeSet<RecordId>,
    ahead: Option<Ahead>,
    boxed: Option<Arc<Boxed>>,
    mentioned: BTreeSet<UserId>,
    /// When its clock is to be looked at.
    moments: Vec<Instant>,
}

/// What is computed of it, which needs nothing of the unit.
struct Sealed {
    tokens: Vec<i64>,
    payload: Hash,
    boxed: Vec<u8>,
}

impl Added {
    fn seal(&self, key: &RecordKey, keyring: &Arc<Keyring>, env: &Env) -> Result<Sealed> {
        let region = region(&self.law);
        let tokens = match self.ahead.as_ref().and_then(|ahead| ahead.good(keyring, region)) {
            Some(tokens) => tokens.to_vec(),
            None => index::tokens(&keyring.tokens(), &self.kind, &self.sealed, region),
        };
        debug_assert_eq!(tokens, index::tokens(&keyring.tokens(), &self.kind, &self.sealed, region));
        if let Some(boxed) = &self.boxed {
            let (payload, boxed) = boxed.finish(&self.open)?;
            return Ok(Sealed { tokens, payload, boxed });
        }
        let (owner, team, class) = (self.owner, self.team, Class::Personal);
        let attested = Attested { created: self.created, owner, team, law: &self.law, class, facts: &self.facts };
        let body = Body::new(self.sealed.clone(), env).attesting(&attested);
        let payload = body.payload(&self.kind.key, &self.open, None)?;
        let boxed = vault::seal(key, &box_context(self.key, self.id, 1), &body.encode(), env);
        Ok(Sealed { tokens, payload, boxed })
    }
}

impl Making {
    /// Takes a record in. Those added before may be linked to. Errors: invalid_input naming each field; then nothing of it is taken.
    pub fn add(&mut self, unit: &mut Unit, mut new: NewRecord) -> Result<RecordId> {
        let kind = unit.app().catalogue().need(&new.kind)?;
        let base = if kind.key == line::KIND { Some(self.stand(unit, &mut new)?) } else { None };
        check_required(&kind, &new.fields)?;
        if let Some(owner) = new.owner.filter(|owner| !self.owners.contains(owner)) {
            check_owner(unit, owner)?;
            self.owners.insert(owner);
        }
        let (sealed, mut open) = split(&kind, new.fields)?;
        staged::settle(&kind, &mut open, None, new.created.unwrap_or(unit.now()), unit.now())?;
        lines::followed(unit, None, &kind, &mut open)?;
        let moments = clock::begin(unit, &mut self.promised, &kind, &mut open, new.created.unwrap_or(unit.now()))?;
        let links = index::links(&open);
        let subjects = self.linked.subjects(unit, &kind, &links, &[])?;
        let mentioned = calls::mentioned(unit, &kind, &sealed, None)?;
        let prefix = self.name_place(unit, &kind, &sealed)?;
        let law = law_of(&sealed).unwrap_or(subjects.law);
        let NewRecord { owner, team, usable, facts, ahead, created, .. } = new;
        let usable = by_consent(unit, &kind, usable, &subjects.people)?;
        let ahead = ahead.filter(|ahead| ahead.is_of(&sealed));
        let boxed = ahead.as_ref().filter(|_| facts == Facts::default() && created.is_none());
        let boxed = boxed.and_then(|ahead| ahead.boxed(&law, (owner, team))).cloned();
        let (id, key, created) = match &boxed {
            Some(boxed) => {
                unit.take_key(boxed.key, boxed.drawn(), "record")?;
                (boxed.id, boxed.key, boxed.created)
            }
            None => (RecordId::mint(unit.env()), unit.new_key("record")?, created.unwrap_or(unit.now())),
        };
        let doc = unit.env().doc();
        let mut on = BTreeSet::from([id]);
        on.extend(subjects.people.iter().map(|(id, _)| *id));
        on.extend(subjects.companies);
        on.extend(subjects.others);
        for (person, _) in &subjects.people {
            on.extend(self.linked.employers(unit, *person)?);
        }
        if let Some(base) = base {
            // What a product was sold for is told where it was sold.
            on = BTreeSet::from([id, base]);
            self.bases.entry(base).and_modify(|all| all.take(&open));
            self.follow.insert(base);
        }
        self.linked.employers.insert(id, employers_among(&links));
        self.linked.heads.insert(id, Some(Head { kind: kind.key.clone(), key, law: law.clone(), state: State::Live, merged: false }));
        let people = subjects.people;
        self.added.push(Added {
            id,
            doc,
            key,
            kind,
            sealed,
            open,
            created,
            owner,
            team,
            usable,
            law,
            facts,
            prefix,
            links,
            people,
            on,
            ahead,
            boxed,
            mentioned,
            moments,
        });
        Ok(id)
    }

    /// What a line stands on. It takes its owner, team and uses over, and what is left out from its product.
    fn stand(&mut self, unit: &mut Unit, new: &mut NewRecord) -> Result<RecordId> {
        let (_, id) = lines::named(&new.fields)?;
        let base = match self.bases.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(lines::Base::of(unit, &new.fields, None)?),
        };
        lines::complete(unit, base, &mut new.fields)?;
        (new.owner, new.team, new.usable) = (base.row.owner, base.row.team, base.row.usable);
        Ok(id)
    }

    /// Writes what was added since the last time.
    pub fn write(&mut self, unit: &mut Unit) -> Result<()> {
        let added = std::mem::take(&mut self.added);
        if added.is_empty() {
            return Ok(());
        }
        let (now, sealed) = (unit.now(), seal_all(unit, &added)?);
        let (mut records, mut sorts, mut tokens) = (Vec::with_capacity(added.len() * 20), Vec::new(), Vec::with_capacity(added.len()));
        let (mut facets, mut links, mut timeline) = (Vec::new(), Vec::new(), Vec::new());
        let mut messages = Vec::new();
        for (one, Sealed { tokens: found_by, payload, boxed }) in added.into_iter().zip(sealed) {
            let subjects = commitments(unit, &one.kind, one.id, one.key, &one.people)?;
            let box_hash = vault::box_hash(&boxed);
            let leaf = unit.leaf(Draft { kind: LeafKind::Record, about: one.id, version: 1, subjects, payload, box_hash })?;
            let kind = one.kind.key.as_str();
            sorts.extend(args![one.id, kind, one.prefix]);
            tokens.push((one.doc, found_by));
            calls::call(unit, &one.kind, one.id, &one.mentioned, &one.open, None)?;
            clock::wake(unit, one.id, &one.moments)?;
            if one.open.contains_key(message::CASE) {
                messages.push((Arc::clone(&one.kind), one.open.clone()));
            }
            facets.extend(facet_rows(&one.kind, one.id, &one.open));
            links.extend(link_rows(one.id, &one.links));
            timeline.extend(entry_rows(unit, one.on, one.created, one.id, &format!("{kind}.created")));
            records.extend(args![
                one.id,
                one.doc,
                kind,
                one.owner,
                one.team,
                Class::Personal.level(),
                one.usable.bits(),
                State::Live.as_str(),
                1_i64,
                one.created,
                now,
                now,
                now,
                None::<i64>,
                one.law,
                one.facts.text()?,
                one.key,
                leaf,
                open_text(&one.open),
                boxed
            ]);
        }
        unit.insert_many(sql::INSERT, 20, &records)?;
        unit.insert_many(sql::SORT_INSERT, 3, &sorts)?;
        store::tokens::put_many(unit.dialect(), &tokens)?;
        unit.insert_many(sql::FACET_INSERT, 4, &facets)?;
        unit.insert_many(sql::LINK_INSERT, 3, &links)?;
        unit.insert_many(sql::TIMELINE_INSERT, 5, &timeline)?;
        self.bases.clear();
        messages.iter().try_for_each(|(kind, open)| clock::heard(unit, kind, open, None))?;
        lines::follow(unit, std::mem::take(&mut self.follow))
    }

    /// Forgets what is known of a record that was changed meanwhile.
    pub fn changed(&mut self, id: RecordId) {
        self.linked.heads.remove(&id);
        self.linked.employers.remove(&id);
    }

    /// The key of a record that was added.
    pub fn key(&self, id: RecordId) -> Option<KeyId> {
        self.linked.heads.get(&id).and_then(Option::as_ref).map(|head| head.key)
    }

    fn name_place(&mut self, unit: &mut Unit, kind: &Kind, sealed: &Fields) -> Result<String> {
        name_place(kind, sealed, |prefix| {
            let place = (kind.key.clone(), prefix.to_owned());
            if let Some(known) = self.lengthened.get(&place) {
                return Ok(*known);
            }
            let found = is_lengthened(unit, &kind.key, prefix)?;
            self.lengthened.insert(place, found);
            Ok(found)
        })
    }
}

/// Seals records, many of them on two threads: the writing thread does nothing meanwhile that another could do for it.
fn seal_all(unit: &mut Unit, added: &[Added]) -> Result<Vec<Sealed>> {
    let keys = unit.keys(&added.iter().map(|one| one.key).collect::<Vec<_>>())?;
    let (keyring, env) = (unit.app().keyring(), unit.env());
    let seal = |part: &[Added]| -> Result<Vec<Sealed>> {
        let sealed = part.iter().map(|one| {
            let key = keys.get(&one.key).ok_or_else(|| Error::internal("a new record's key is not there"))?;
            one.seal(key, &keyring, env)
        });
        sealed.collect()
    };
    if added.len() < ALONE {
        return seal(added);
    }
    let (first, second) = added.split_at(added.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| seal(second));
        let mut all = seal(first)?;
        all.extend(other.join().map_err(|_| Error::internal("sealing records panicked"))??);
        Ok(all)
    })
}

/// A record's place in lists by name: behind as long a prefix as those it stands among.
pub(super) fn name_place(kind: &Kind, sealed: &Fields, mut is_lengthened: impl FnMut(&str) -> Result<bool>) -> Result<String> {
    let mut length = index::SORT_PREFIX;
    loop {
        let prefix = index::name_sort(kind, sealed, length);
        if prefix.chars().count() < length || length >= index::SORT_PREFIX_MAX || !is_lengthened(&prefix)? {
            return Ok(prefix);
        }
        length += 1;
    }
}

pub(super) fn facet_rows(kind: &Kind, id: RecordId, open: &Fields) -> Vec<Stored> {
    index::facets(kind, open).into_iter().flat_map(|(field, n, t)| args![id, field, n, t]).collect()
}

pub(super) fn link_rows(id: RecordId, links: &[(String, RecordId)]) -> Vec<Stored> {
    links.iter().flat_map(|(role, to)| args![id, role.as_str(), *to]).collect()
}

pub(super) fn entry_rows(unit: &Unit, on: impl IntoIterator<Item = RecordId>, at: Instant, record: RecordId, what: &str) -> Vec<Stored> {
    let entry = unit.env().uuid7();
    on.into_iter().flat_map(|subject| args![subject, at, entry, record, what]).collect()
}
