//! Offline verification of a bundle: every claim recomputed, a verdict per leaf, every disagreement a fault.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::Result;

use crate::{
    ABSENT, Approval, Bundle, Certificate, Destruction, Hash, Item, KeyKind, Leaf, LeafKind, Order, Outcome, Part, Report, Stored, Verdict,
    Verifier,
    canonical::Value,
    checkpoint::Checkpoint,
    commit::{META, SUBJECT, subjects_root},
    leaf_hash, open, sha256, verify_inclusion,
};

/// Verifies a bundle, see [`verify_bundle_with`], without deciding again over the facts of its orders.
pub fn verify_bundle(bytes: &[u8], known_keys: Option<&[Verifier]>) -> Report {
    verify_bundle_with(bytes, known_keys, None)
}

/// Whether the rules permit an order on its own facts, given how many distinct people other than the one who ordered it approved.
pub type Permits<'a> = &'a dyn Fn(&Order, usize) -> bool;

/// Verifies a bundle.
///
/// `known_keys` are the keys the caller trusts: the log's and its witnesses'. With `None` the bundle's own key is used,
/// which shows that the bundle agrees with itself and not who made it. `permits` decides again whether an order's facts
/// and rules allowed it; an order it refuses explains nothing. The report is `unanchored` unless a known witness
/// cosigned the checkpoint.
pub fn verify_bundle_with(bytes: &[u8], known_keys: Option<&[Verifier]>, permits: Option<Permits<'_>>) -> Report {
    let mut report = Report::new();
    let bundle = match Bundle::from_bytes(bytes) {
        Ok(bundle) => bundle,
        Err(error) => {
            report.fault(None, error.detail());
            return report;
        }
    };
    let head = match head(&bundle, known_keys, &mut report) {
        Ok(head) => Some(head),
        Err(error) => {
            report.fault(None, error.detail());
            None
        }
    };
    for file in &bundle.files {
        if sha256(&file.content) != file.sha256 {
            report.fault(None, "a file beside the evidence does not match its SHA-256");
        }
    }
    Audit::new(&bundle, head.as_ref(), permits, &mut report).run(&mut report);
    report
}

/// Opens the bundle's checkpoint under the keys that count.
fn head(bundle: &Bundle, known_keys: Option<&[Verifier]>, report: &mut Report) -> Result<Checkpoint> {
    let own = Verifier::parse(&bundle.vkey)?;
    let keys = known_keys.map_or_else(|| vec![own.clone()], <[Verifier]>::to_vec);
    let (head, signed) = open(&bundle.checkpoint, &keys)?;
    if head.origin != bundle.origin {
        report.fault(None, "the checkpoint is of another origin than the bundle");
    }
    if !keys.contains(&own) {
        report.fault(None, "the bundle names a log key that is not among the keys you trust");
    } else if !signed.iter().any(|key| key.kind == KeyKind::Log && key.name == own.name() && key.id == own.id()) {
        report.fault(None, "the checkpoint is signed by another log key than the bundle names");
    }
    // The log's own key under a witness's type is the operator again, not an anchor outside.
    let witnesses = signed.iter().filter(|key| key.kind == KeyKind::Witness && key.name != own.name());
    report.witnesses = witnesses.map(|key| key.name.clone()).collect();
    report.unanchored = report.witnesses.is_empty();
    report.checkpoint = Some(bundle.checkpoint.clone());
    Ok(head)
}

/// A leaf that stands in the tree, with what the bundle shows of it.
struct Proven<'a> {
    item: &'a Item,
    leaf: Leaf,
    hash: Hash,
    /// The values shown, once they were found to match.
    values: BTreeMap<String, Value>,
    /// Whether the body is shown and matches: the fields, or the meta of a leaf that has no fields.
    opened: bool,
    previous: Option<Hash>,
}

struct Audit<'a> {
    proven: BTreeMap<u64, Proven<'a>>,
    by_hash: HashMap<Hash, u64>,
    unproven: Vec<u64>,
    /// Each order judged once, however many leaves it explains; so a hostile bundle cannot make the work grow squarely.
    orders: BTreeMap<u64, Result<Order, String>>,
    certified: BTreeMap<u64, Result<u64, String>>,
    permits: Option<Permits<'a>>,
}

impl<'a> Audit<'a> {
    fn new(bundle: &'a Bundle, head: Option<&Checkpoint>, permits: Option<Permits<'a>>, report: &mut Report) -> Self {
        let mut audit = Self {
            proven: BTreeMap::new(),
            by_hash: HashMap::new(),
            unproven: Vec::new(),
            orders: BTreeMap::new(),
            certified: BTreeMap::new(),
            permits,
        };
        for item in &bundle.items {
            match prove(item, head, report) {
                Some(proven) => {
                    audit.by_hash.entry(proven.hash).or_insert(item.index);
                    audit.proven.insert(item.index, proven);
                }
                None => audit.unproven.push(item.index),
            }
        }
        let orders = audit.proven.iter().filter(|(_, leaf)| leaf.leaf.kind.is_order());
        audit.orders = orders.map(|(index, leaf)| (*index, audit.order(leaf))).collect();
        let certificates = audit.proven.iter().filter(|(_, leaf)| leaf.leaf.kind == LeafKind::Certificate);
        audit.certified = certificates.map(|(index, leaf)| (*index, audit.certified(leaf))).collect();
        audit
    }

    fn run(&self, report: &mut Report) {
        for index in &self.unproven {
            report.count(*index, Verdict::Missing);
        }
        for proven in self.proven.values() {
            let verdict = self.verdict(proven, report);
            report.count(proven.item.index, verdict);
        }
        self.check_density(report);
    }

    /// Versions are dense: each names its predecessor, which stands earlier in the bundle and has no other successor.
    fn check_density(&self, report: &mut Report) {
        let mut followed = HashSet::new();
        for proven in self.proven.values().filter(|proven| proven.leaf.kind == LeafKind::Record) {
            let Some(previous) = proven.previous else { continue };
            let index = proven.item.index;
            match self.by_hash.get(&previous).and_then(|at| self.proven.get(at)) {
                Some(before) if before.item.index < index && before.leaf.kind == LeafKind::Record => {}
                _ => report.fault(index, "the version before this one is not in the bundle"),
            }
            if !followed.insert(previous) {
                report.fault(index, "two versions follow the same one");
            }
        }
    }

    fn verdict(&self, proven: &Proven<'_>, report: &mut Report) -> Verdict {
        let index = proven.item.index;
        let boxed = match self.box_matches(proven) {
            Ok(present) => present,
            Err(what) => {
                report.fault(index, what);
                return Verdict::Missing;
            }
        };
        if let Some(destruction) = &proven.item.destruction {
            match self.destroyed(proven, destruction) {
                Ok(order) if order.fields.is_empty() => {
                    if proven.opened || boxed {
                        report.fault(index, "a certificate says that this was destroyed, yet its body is here");
                    }
                    return if order.outcome == Outcome::Erased { Verdict::Erased } else { Verdict::Expired };
                }
                Ok(order) => {
                    if order.fields.iter().any(|field| proven.values.contains_key(field)) {
                        report.fault(index, "a certificate says that a field was destroyed, yet its value is here");
                    }
                }
                Err(what) => report.fault(index, what),
            }
        }
        if proven.opened {
            Verdict::Open
        } else if boxed {
            Verdict::Sealed
        } else {
            Verdict::Missing
        }
    }

    /// Whether a box is present; an error when it is not the one the ledger knows.
    fn box_matches(&self, proven: &Proven<'_>) -> Result<bool, &'static str> {
        let Stored::Sealed { bytes, resealed } = &proven.item.stored else { return Ok(false) };
        let expected = match resealed {
            None => proven.leaf.box_hash,
            Some(at) => {
                let reseal = self.proven.get(at).filter(|reseal| reseal.leaf.kind == LeafKind::Reseal && *at > proven.item.index);
                let reseal = reseal.ok_or("the re-seal it names is not in the bundle")?;
                if reseal.values.get("leaf") != Some(&Value::Bytes(proven.hash.to_vec())) {
                    return Err("the re-seal it names is that of another leaf");
                }
                reseal.leaf.box_hash
            }
        };
        if sha256(bytes) == expected { Ok(true) } else { Err("the stored box does not match the ledger") }
    }

    /// The order that explains a destruction, once order, approvals and certificate were found in place.
    fn destroyed(&self, proven: &Proven<'_>, link: &Destruction) -> Result<&Order, String> {
        let order = match self.orders.get(&link.order) {
            Some(order) => order.as_ref().map_err(Clone::clone)?,
            None if self.proven.contains_key(&link.order) => return Err("what it names as its order is something else".to_owned()),
            None => return Err("the order of its destruction is not in the bundle".to_owned()),
        };
        match self.certified.get(&link.certificate) {
            Some(Ok(of)) if *of == link.order => {}
            Some(Ok(_)) => return Err("the certificate is that of another order".to_owned()),
            Some(Err(what)) => return Err(what.clone()),
            None if self.proven.contains_key(&link.certificate) => {
                return Err("what it names as its certificate is something else".to_owned());
            }
            None => return Err("the certificate of its destruction is not in the bundle".to_owned()),
        }
        if proven.item.index >= link.order {
            return Err("the order stands before the leaf it would explain".to_owned());
        }
        order.cover.verify(&proven.hash, link.position, &link.path).map_err(|_| "the order does not cover this leaf".to_owned())?;
        Ok(order)
    }

    /// An order's content, once its approvals stand before it and the rules permit it.
    fn order(&self, leaf: &Proven<'_>) -> Result<Order, String> {
        let order = Order::from_fields(&leaf.values).map_err(|error| error.detail().to_owned())?;
        let mut approvals = Vec::with_capacity(order.approvals.len());
        for approval in &order.approvals {
            let approval = self.by_hash.get(approval).and_then(|index| self.proven.get(index));
            let approval = approval.filter(|a| a.leaf.kind == LeafKind::Approval && a.item.index < leaf.item.index);
            let approval = approval.ok_or("an approval of its destruction does not stand before the order in the bundle")?;
            approvals.push(Approval::from_fields(&approval.values).map_err(|error| error.detail().to_owned())?);
        }
        let approvers = order.approvers(&approvals)?;
        if self.permits.is_some_and(|permits| !permits(&order, approvers)) {
            return Err("the rules do not permit its destruction on the facts of the order".to_owned());
        }
        Ok(order)
    }

    /// The index of the order that a certificate says was carried out.
    fn certified(&self, leaf: &Proven<'_>) -> Result<u64, String> {
        let certificate = Certificate::from_fields(&leaf.values).map_err(|error| error.detail().to_owned())?;
        let of = self
            .by_hash
            .get(&certificate.order)
            .filter(|of| **of < leaf.item.index)
            .ok_or("the order of its certificate is not in the bundle")?;
        match self.orders.get(of) {
            Some(Ok(order)) if order.keys != certificate.keys => Err("the certificate names other keys than its order".to_owned()),
            _ => Ok(*of),
        }
    }
}

/// Checks one item by itself: its place in the tree and everything it shows. `None` when it has no place in the tree.
fn prove<'a>(item: &'a Item, head: Option<&Checkpoint>, report: &mut Report) -> Option<Proven<'a>> {
    let index = item.index;
    let leaf = Leaf::decode(&item.leaf).inspect_err(|error| report.fault(index, error.detail())).ok()?;
    let hash = leaf_hash(&item.leaf);
    let head = head?;
    verify_inclusion(&hash, index, head.size, &item.proof, &head.root).inspect_err(|error| report.fault(index, error.to_string())).ok()?;
    let mut opened = false;
    if let Some(meta) = &item.meta {
        if meta.commitment(META) != leaf.meta {
            report.fault(index, "its meta does not match the ledger");
        } else {
            opened = leaf.payload == ABSENT && matches!(meta, Part::Open { .. });
        }
        ensure_canonical(meta.value(), index, report);
    }
    if !item.subjects.is_empty() {
        let commitments: Vec<_> = item.subjects.iter().map(|part| part.commitment(SUBJECT)).collect();
        if subjects_root(&commitments) != leaf.subjects {
            report.fault(index, "its subjects do not match the ledger");
        }
        item.subjects.iter().for_each(|part| ensure_canonical(part.value(), index, report));
    }
    let mut proven = Proven { item, leaf, hash, values: BTreeMap::new(), opened, previous: None };
    if let Some(payload) = &item.payload {
        match (payload.root(), payload.values()) {
            (Ok(root), Ok(values)) if root == leaf.payload => {
                // A version without any field has nothing more to show.
                proven.opened = !values.is_empty() || payload.fields.is_empty();
                proven.values = values;
                proven.previous = payload.previous;
            }
            (Err(error), _) | (_, Err(error)) => report.fault(index, error.detail()),
            _ => report.fault(index, "its fields do not match the ledger"),
        }
    }
    Some(proven)
}

fn ensure_canonical(value: Result<Option<Value>>, index: u64, report: &mut Report) {
    if let Err(error) = value {
        report.fault(index, error.detail());
    }
}
