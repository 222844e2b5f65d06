//! Rows read, checked and made ready on a thread of their own, ahead of the writing.

use kernel::Result;
use tokio::sync::mpsc;
use trail::App;

use super::{Mode, Source, Table, mapping::Plan, match_forms, row, row::Draft, source::Row, write::Run};
use crate::records::{self, Ahead, Fields, Owner};

/// Rows of a unit.
const UNIT: usize = 200;

/// A row ready to be stored, or the reason why it is not.
pub(super) struct Ready {
    pub n: i64,
    pub number: u64,
    pub draft: Result<Draft, String>,
    /// The values by which it is recognised, in their one form.
    pub forms: Vec<String>,
    /// The record that it may become, as far as it can be worked out.
    pub ahead: Option<Ahead>,
    /// Its own bytes.
    pub raw: Vec<u8>,
}

impl Ready {
    fn new(app: &App, run: &Run, owner: Owner, row: Row) -> Result<Self> {
        let Run { kind, plan, options, .. } = run;
        let draft = row.cells.map_err(str::to_owned).and_then(|cells| row::read(kind, plan, &cells));
        let forms = match (&draft, &options.match_by) {
            (Ok(draft), Some(by)) => match_forms(kind, by, &draft.fields),
            _ => Vec::new(),
        };
        let may_be_new = draft.as_ref().ok().filter(|_| options.mode != Mode::Update);
        let ahead = may_be_new.map(|draft| ahead(app, run, owner, draft)).transpose()?.flatten();
        Ok(Self { n: row.n, number: row.number, draft, forms, ahead, raw: row.raw })
    }

    /// The same row with another outcome of its reading.
    pub fn with(&self, draft: Result<Draft, String>) -> Self {
        Self { n: self.n, number: self.number, draft, forms: self.forms.clone(), ahead: self.ahead.clone(), raw: self.raw.clone() }
    }
}

/// The record that a row may become. None where companies that it names would change what can be worked out of it.
fn ahead(app: &App, run: &Run, owner: Owner, draft: &Draft) -> Result<Option<Ahead>> {
    let Run { kind, plan, .. } = run;
    let open = |key: &String| kind.field(key).is_some_and(|field| !field.is_sealed());
    if !draft.named.keys().chain(draft.found.iter().map(|sought| &sought.lookup.link.key)).all(open) {
        return Ok(None);
    }
    let fields = fields_of(plan, draft);
    let law = records::law_of(&fields).unwrap_or_default();
    Ahead::record(app, kind, &fields, &law, (draft.owner.or(owner.0), owner.1)).map(Some)
}

/// What a row gives a new record, but for the companies that it names.
pub(super) fn fields_of(plan: &Plan, draft: &Draft) -> Fields {
    let mut fields = plan.constants.clone();
    fields.extend(draft.fields.clone());
    fields
}

/// Reads and checks rows ahead of the writing.
pub(super) fn groups(app: &App, run: &Run, owner: Owner, source: Source, skip: i64) -> mpsc::Receiver<Result<Vec<Ready>>> {
    let (sender, receiver) = mpsc::channel(2);
    let (app, run) = (app.clone(), run.clone());
    tokio::task::spawn_blocking(move || {
        let table = match Table::open(&source) {
            Ok(table) => table,
            // A closed channel means that nobody wants to know.
            Err(error) => return drop(sender.blocking_send(Err(error))),
        };
        let mut group = Vec::with_capacity(UNIT);
        let most = run.options.first.unwrap_or(usize::MAX);
        for row in table.filter(|row| row.n > skip).take(most) {
            match Ready::new(&app, &run, owner, row) {
                Ok(ready) => group.push(ready),
                Err(error) => return drop(sender.blocking_send(Err(error))),
            }
            if group.len() == UNIT && sender.blocking_send(Ok(std::mem::replace(&mut group, Vec::with_capacity(UNIT)))).is_err() {
                return;
            }
        }
        if !group.is_empty() {
            drop(sender.blocking_send(Ok(group)));
        }
    });
    receiver
}
