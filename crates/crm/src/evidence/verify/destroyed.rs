//! What was destroyed lawfully: order and certificate in the tree, covering the leaf, with the vault's tombstone.

use std::collections::{HashMap, HashSet};

use kernel::{EventId, KeyId, OrderId, RecordId, Result};
use ledger::{Approval, Certificate, Cover, Hash, Leaf, LeafKind, Order, Outcome, Report, Scope, Verdict};
use store::{Tx, Value, args};

use super::{Permits, portion::in_chunks, tree::LeafRow};
use crate::evidence::{document, sql};

struct Item {
    order: OrderId,
    key: KeyId,
    whole: bool,
}

/// Where a stored document stands in the tree: its index and leaf.
type Placed = Option<(u64, Leaf)>;

struct Ordered {
    order: std::result::Result<Order, String>,
    body: Vec<u8>,
    leaf: Hash,
    at: Placed,
    certificate: Option<(Vec<u8>, Hash, Placed)>,
    /// How many distinct people approved it, or what is wrong with an approval.
    approvers: std::result::Result<usize, String>,
    covered: HashSet<Hash>,
}

/// The newest re-seal of a version.
#[derive(Clone, Copy)]
pub(super) struct Resealed {
    pub idx: u64,
    pub box_hash: Hash,
}

/// What a portion of the ledger needs to know of destructions.
#[derive(Default)]
pub(super) struct Destroyed {
    items: HashMap<u64, Vec<Item>>,
    orders: HashMap<OrderId, Ordered>,
    reseals: HashMap<(RecordId, i64), Resealed>,
    tombstones: HashSet<KeyId>,
    touched: HashSet<RecordId>,
    /// Approvals of proposals, as documents of their own.
    approvals: Vec<(OrderId, Hash, Vec<u8>)>,
    /// What proposals are over, as they say now.
    proposed: HashMap<OrderId, Scope>,
    permits: Option<Permits>,
    without_vault: bool,
}

impl Destroyed {
    pub fn load(
        tx: &mut Tx,
        leaves: &[LeafRow],
        span: &[Value],
        people: &[RecordId],
        suspects: Vec<KeyId>,
        astray: &HashSet<u64>,
        with_keys: bool,
    ) -> Result<Self> {
        let mut all = Self::default();
        let mut keys = suspects;
        let mut orders: HashSet<OrderId> = HashSet::new();
        for (idx, item) in tx.all(sql::ITEMS, span, |row| {
            let fields: String = row.get(3)?;
            Ok((row.get::<u64>(0)?, Item { order: row.get(1)?, key: row.get(2)?, whole: matches!(fields.as_str(), "" | "[]") }))
        })? {
            keys.push(item.key);
            orders.insert(item.order);
            all.items.entry(idx).or_default().push(item);
        }
        let own = leaves
            .iter()
            .filter(|l| matches!(kind_of(l), Some(LeafKind::Order | LeafKind::DayOrder | LeafKind::Certificate | LeafKind::Approval)));
        orders.extend(own.filter_map(|l| l.record).map(OrderId::from_bytes));
        for order in orders {
            if let Some(body) = tx.maybe(sql::PROPOSAL, &args![order], |row| row.get::<Vec<u8>>(0))? {
                all.approvals.extend(document::approvals(&body).into_iter().map(|(leaf, said)| (order, leaf, said)));
                all.proposed.extend(document::scope(&body).map(|scope| (order, scope)));
            }
            if let Some(found) = Ordered::load(tx, order)? {
                all.orders.insert(order, found);
            }
        }
        let in_part = |idx: &u64| all.items.get(idx).is_some_and(|items| items.iter().any(|item| !item.whole));
        let sealed_again: Vec<&LeafRow> = leaves.iter().filter(|l| astray.contains(&l.idx) || in_part(&l.idx)).collect();
        for leaf in sealed_again {
            let Some((record, version)) = leaf.record.map(RecordId::from_bytes).zip(leaf.version) else { continue };
            for (idx, data) in
                tx.all(sql::LEAVES_OF_VERSION, &args![record, version], |row| Ok((row.get::<u64>(0)?, row.get::<Vec<u8>>(2)?)))?
            {
                if let Some(leaf) = Leaf::decode(&data).ok().filter(|leaf| leaf.kind == LeafKind::Reseal) {
                    all.reseals.insert((record, version), Resealed { idx, box_hash: leaf.box_hash });
                }
            }
        }
        keys.sort_unstable();
        keys.dedup();
        let dead: HashMap<KeyId, ()> = in_chunks(&keys, |marks, args| {
            tx.vault().all(&format!("SELECT id FROM tombstone WHERE id IN ({marks})"), args, |row| Ok((row.get(0)?, ())))
        })?;
        all.tombstones = dead.into_keys().collect();
        if with_keys {
            let touched: HashMap<RecordId, ()> = in_chunks(people, |marks, args| {
                tx.all(&format!("SELECT record FROM destroy_item WHERE record IN ({marks})"), args, |row| Ok((row.get(0)?, ())))
            })?;
            all.touched = touched.into_keys().collect();
        }
        Ok(all)
    }

    /// What decides over orders again, and whether the vault's tombstones are there to agree.
    pub fn judge_by(&mut self, permits: Option<Permits>, vault: bool) {
        self.permits = permits;
        self.without_vault = !vault;
    }

    /// Whether a key has its tombstone, as far as that can be known here.
    pub fn tombstone(&self, key: KeyId) -> bool {
        self.without_vault || self.tombstones.contains(&key)
    }

    /// Whether something of a person was destroyed, and with it the key that showed whom a leaf concerns.
    pub fn touched(&self, person: RecordId) -> bool {
        self.touched.contains(&person)
    }

    /// Whether an order to destroy fields of what a leaf is about is known.
    pub fn in_part(&self, idx: u64) -> bool {
        self.items.get(&idx).is_some_and(|items| items.iter().any(|item| !item.whole))
    }

    /// The newest re-seal of a version: of one that an order took fields from, and of one whose box is not that of its own leaf.
    pub fn resealed(&self, record: RecordId, version: i64) -> Option<Resealed> {
        self.reseals.get(&(record, version)).copied()
    }

    /// The verdict on a leaf whose body is not there, or why nothing explains it.
    pub fn judge(&self, row: &LeafRow) -> std::result::Result<Verdict, String> {
        let items = self.items.get(&row.idx).map(Vec::as_slice).unwrap_or_default();
        let mut why = "no order to destroy it is known".to_owned();
        for item in items.iter().filter(|item| item.whole) {
            match self.explained(item, row, true) {
                Ok(outcome) => return Ok(if outcome == Outcome::Erased { Verdict::Erased } else { Verdict::Expired }),
                Err(reason) => why = reason,
            }
        }
        Err(why)
    }

    /// The verdict on a leaf whose body is there and whose key is not: destroyed, and the certificate not written yet.
    pub fn explains(&self, key: KeyId, row: &LeafRow) -> Option<Verdict> {
        let items = self.items.get(&row.idx)?;
        let item = items.iter().find(|item| item.whole && item.key == key)?;
        self.explained(item, row, false).is_ok().then_some(Verdict::Sealed)
    }

    fn explained(&self, item: &Item, row: &LeafRow, certified: bool) -> std::result::Result<Outcome, String> {
        let order = self.orders.get(&item.order).ok_or_else(|| format!("order {} is not there", item.order))?;
        let name = item.order;
        let (at, _) = order.at.as_ref().ok_or_else(|| format!("order {name} does not stand in the ledger"))?;
        let content = order.order.as_ref().map_err(|why| format!("order {name}: {why}"))?;
        if *at <= row.idx {
            return Err(format!("order {name} stands before the leaf it would explain"));
        }
        if !content.fields.is_empty() {
            return Err(format!("order {name} destroys fields alone"));
        }
        if !order.covered.contains(&row.hash) {
            return Err(format!("order {name} does not cover this leaf"));
        }
        if !content.keys.iter().any(|key| key == item.key.bytes()) {
            return Err(format!("order {name} does not name the record's key"));
        }
        if !self.tombstone(item.key) {
            return Err(format!("the vault has no tombstone for the key that order {name} names"));
        }
        let approvers = order.approvers.as_ref().map_err(|why| format!("order {name}: {why}"))?;
        if self.permits.as_ref().is_some_and(|permits| !permits(content, *approvers)) {
            return Err(format!("the rules do not permit order {name} on its own facts"));
        }
        if certified {
            let (_, _, placed) = order.certificate.as_ref().ok_or_else(|| format!("order {name} has no certificate"))?;
            let (certificate, _) =
                placed.as_ref().ok_or_else(|| format!("the certificate of order {name} does not stand in the ledger"))?;
            if certificate <= at {
                return Err(format!("the certificate of order {name} stands before it"));
            }
        }
        Ok(content.outcome)
    }

    /// The verdict on the leaf of an order or certificate itself.
    pub fn own(&self, row: &LeafRow, leaf: &Leaf, present: Verdict, report: &mut Report) -> Verdict {
        if leaf.kind == LeafKind::Approval {
            return self.approval(row, leaf, present, report);
        }
        if !matches!(leaf.kind, LeafKind::Order | LeafKind::DayOrder | LeafKind::Certificate) {
            return present;
        }
        let Some(id) = row.record.map(OrderId::from_bytes) else {
            report.fault(row.idx, "the leaf of an order does not say which: its row was changed");
            return Verdict::Missing;
        };
        let Some(order) = self.orders.get(&id) else {
            report.fault(row.idx, format!("order {id} is not there: it was deleted"));
            return Verdict::Missing;
        };
        let certificate = leaf.kind == LeafKind::Certificate;
        let (what, body, stored) = if certificate {
            match &order.certificate {
                Some((body, hash, _)) => ("the certificate of order", body, hash),
                None => {
                    report.fault(row.idx, format!("the certificate of order {id} is not there: it was deleted"));
                    return Verdict::Missing;
                }
            }
        } else {
            ("order", &order.body, &order.leaf)
        };
        if *stored != row.hash {
            report.fault(row.idx, format!("{what} {id}: its row names another leaf"));
        }
        match document::payload_of(body) {
            Some(root) if root == leaf.payload && ledger::sha256(body) == leaf.box_hash => {}
            _ => {
                report.fault(row.idx, format!("{what} {id}: its stored content is not what the ledger committed to"));
                return Verdict::Missing;
            }
        }
        if leaf.kind == LeafKind::Order
            && let Err(why) = self.fields_alone(id, order)
        {
            report.fault(row.idx, why);
        }
        if certificate {
            let content = document::fields_of(body).ok_or("it is not readable".to_owned());
            let content = content.and_then(|fields| Certificate::from_fields(&fields).map_err(|e| e.detail().to_owned()));
            match (content, &order.order) {
                (Ok(certificate), Ok(ordered)) if certificate.order == order.leaf && certificate.keys == ordered.keys => {}
                (Err(why), _) => report.fault(row.idx, format!("{what} {id}: {why}")),
                _ => report.fault(row.idx, format!("{what} {id}: it certifies another order, or other keys")),
            }
        }
        present
    }

    /// Whether an order over fields alone was approved and permitted: no leaf is without its body by it, which would be asked.
    fn fields_alone(&self, id: OrderId, order: &Ordered) -> std::result::Result<(), String> {
        let content = order.order.as_ref().map_err(|why| format!("order {id}: {why}"))?;
        if content.fields.is_empty() {
            return Ok(());
        }
        let approvers = order.approvers.as_ref().map_err(|why| format!("order {id}: {why}"))?;
        if self.permits.as_ref().is_some_and(|permits| !permits(content, *approvers)) {
            return Err(format!("the rules do not permit order {id} on its own facts"));
        }
        Ok(())
    }

    /// The verdict on the leaf of an approval: what was said is kept with the order.
    fn approval(&self, row: &LeafRow, leaf: &Leaf, present: Verdict, report: &mut Report) -> Verdict {
        let of = row.record.map(OrderId::from_bytes);
        let said = self.approvals.iter().find(|(order, hash, _)| *hash == row.hash && Some(*order) == of);
        match said {
            Some((order, _, body)) if document::payload_of(body) == Some(leaf.payload) => {
                let said = document::fields_of(body).and_then(|fields| Approval::from_fields(&fields).ok());
                // Where an approval does not say what it is for, the order that it led to is all there is.
                let scope = said.and_then(|said| said.scope);
                if scope.is_some_and(|scope| self.proposed.get(order) != Some(&scope)) {
                    report.fault(row.idx, format!("proposal {order} names other records or fields than were approved"));
                }
                present
            }
            Some(_) => {
                report.fault(row.idx, "an approval as stored with its proposal is not what the ledger committed to");
                Verdict::Missing
            }
            None => {
                report.fault(row.idx, "no proposal holds the approval that this leaf witnesses: it was deleted");
                Verdict::Missing
            }
        }
    }

    /// The verdict on the leaf of an event that is not there.
    pub fn event_gone(&self, unit: EventId, row: &LeafRow, report: &mut Report) -> Verdict {
        if let Ok(verdict) = self.judge(row) {
            return verdict;
        }
        report.fault(row.idx, format!("event {unit}: it is not there, and no order to destroy its day explains it"));
        Verdict::Missing
    }
}

fn kind_of(leaf: &LeafRow) -> Option<LeafKind> {
    leaf.data.get(1).copied().and_then(LeafKind::from_u8)
}

impl Ordered {
    fn load(tx: &mut Tx, id: OrderId) -> Result<Option<Self>> {
        let found = tx.maybe(sql::ORDER, &args![id], |row| {
            Ok((row.get::<Vec<u8>>(1)?, row.get::<Vec<u8>>(2)?, row.get::<Option<Vec<u8>>>(3)?, row.get::<Option<Hash>>(4)?))
        })?;
        let Some((body, leaf, certificate, certificate_leaf)) = found else { return Ok(None) };
        // A proposal has no leaf yet.
        let leaf: Hash = leaf.try_into().unwrap_or(ledger::ABSENT);
        let at = placed(tx, &leaf, |kind| kind.is_order())?;
        let certificate = match certificate.zip(certificate_leaf) {
            Some((body, leaf)) => Some((body, leaf, placed(tx, &leaf, |kind| kind == LeafKind::Certificate)?)),
            None => None,
        };
        let fields = document::fields_of(&body).ok_or("it is not readable".to_owned());
        let mut order = fields.and_then(|fields| Order::from_fields(&fields).map_err(|e| e.detail().to_owned()));
        if at.as_ref().is_some_and(|(_, leaf)| document::payload_of(&body) != Some(leaf.payload)) {
            order = Err("its stored content is not what the ledger committed to".to_owned());
        }
        let mut covered: Vec<Hash> = document::covered(&body).unwrap_or_default().into_iter().map(|(_, _, hash)| hash).collect();
        if let Ok(content) = &order
            && Cover::of(&covered) != content.cover
        {
            covered.clear();
        }
        let approvers = match (&order, &at) {
            (Ok(order), Some((at, _))) => approvers(tx, order, *at, &body)?,
            _ => Err("it does not stand in the ledger as it is stored".to_owned()),
        };
        Ok(Some(Self { order, body, leaf, at, certificate, approvers, covered: covered.into_iter().collect() }))
    }
}

/// How many distinct people approved an order that stands at an index: each with a leaf before it, over what is stored of the approval.
fn approvers(tx: &mut Tx, order: &Order, at: u64, body: &[u8]) -> Result<std::result::Result<usize, String>> {
    let stored: HashMap<Hash, Vec<u8>> = document::approvals(body).into_iter().collect();
    let mut approvals = Vec::with_capacity(order.approvals.len());
    for hash in &order.approvals {
        let leaf = placed(tx, hash, |kind| kind == LeafKind::Approval)?.filter(|(idx, _)| *idx < at).map(|(_, leaf)| leaf);
        let said = stored.get(hash).filter(|said| leaf.is_some_and(|leaf| document::payload_of(said) == Some(leaf.payload)));
        match said.and_then(|said| document::fields_of(said)).and_then(|fields| Approval::from_fields(&fields).ok()) {
            Some(approval) => approvals.push(approval),
            None => return Ok(Err("an approval of it does not stand in the ledger before it".to_owned())),
        }
    }
    Ok(order.approvers(&approvals).map_err(str::to_owned))
}

fn placed(tx: &mut Tx, hash: &Hash, fits: impl Fn(LeafKind) -> bool) -> Result<Placed> {
    let found = tx.maybe(sql::LEAF_BY_HASH, &args![*hash], |row| Ok((row.get::<u64>(0)?, row.get::<Vec<u8>>(1)?)))?;
    Ok(found.and_then(|(idx, data)| Leaf::decode(&data).ok().map(|leaf| (idx, leaf))).filter(|(_, leaf)| fits(leaf.kind)))
}
