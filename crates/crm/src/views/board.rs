//! A list as a board: a column for each choice of a select field, with its count, its sum and its first cards. Where a kind has pipelines, a
//! board by its stages shows one pipeline at a time.

use catalogue::{Field, Outcome, Pipeline, deal};

use super::*;

/// The cards of a column.
pub const CARDS: usize = 50;
/// The most columns.
const COLUMNS: usize = 30;

/// A column.
#[derive(Clone, Debug)]
pub struct BoardColumn {
    /// The choice's key; `None` for the records that have none.
    pub choice: Option<String>,
    /// How it leaves a record, where it is a stage.
    pub outcome: Option<Outcome>,
    /// The days after which what stands in it rots.
    pub rots_after: Option<u16>,
    /// Its first cards, in the list's order.
    pub rows: Vec<ListRow>,
    /// Whether there are more.
    pub more: bool,
    /// How many there are, where that is cheap to say; 1,001 means more than 1,000.
    pub total: Option<i64>,
    /// The sums of the money field; absent where not all were counted.
    pub sums: Option<Sums>,
    /// The same as far as they are likely, where it is a stage.
    pub likely: Option<Sums>,
}

/// A list by a field of choices.
#[derive(Clone, Debug)]
pub struct Board {
    /// The columns: the choices in their order, then those without one, if there are any.
    pub columns: Vec<BoardColumn>,
    /// The money field that is summed.
    pub money: Option<String>,
}

/// What a board's columns are made by.
#[derive(Clone, Copy)]
pub struct ColumnsBy<'k> {
    /// The field of choices.
    pub field: &'k Field,
    /// The one pipeline whose stages they are.
    pub pipeline: Option<&'k Pipeline>,
}

impl<'k> ColumnsBy<'k> {
    /// Reads what a board is made by: a field's key, or of a kind with pipelines `stage` (those of the first in use) or `stage.renewals`.
    /// `None` where no board can be made by it.
    pub fn read(kind: &'k Kind, by: &str) -> Option<Self> {
        let (key, of) = by.split_once('.').map_or((by, None), |(key, of)| (key, Some(of)));
        let field = kind.field(key).filter(|field| is_of_columns(field))?;
        let staged = key == deal::STAGE && !kind.pipelines.is_empty();
        let pipeline = match (staged, of) {
            (true, Some(of)) => Some(kind.pipeline(of)?),
            (true, None) => Some(kind.used_pipelines().next()?),
            (false, Some(_)) => return None,
            (false, None) => None,
        };
        Some(Self { field, pipeline })
    }

    /// The columns: key, label, and whether nothing is put there any more.
    pub fn choices(&self) -> Vec<(&'k str, &'k str, bool)> {
        match self.pipeline {
            Some(pipeline) => pipeline.stages.iter().map(|s| (s.key.as_str(), s.label.as_str(), s.retired)).collect(),
            None => self.field.options.iter().map(|o| (o.key.as_str(), o.label.as_str(), false)).collect(),
        }
    }
}

/// The first cards of every column of a list, by an open field of choices. Its one event `record.listed` names every record shown.
///
/// Errors: those of [`list`]; invalid_input when the field has no choices to make columns of.
pub fn board(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery, by: &str) -> Result<Release<Board>> {
    let Checked { kind, scope, .. } = checked(unit, permit, query)?;
    let made_by = ColumnsBy::read(&kind, by);
    let made_by = made_by.ok_or_else(|| Error::invalid("/by", "no_choices", "A board is made by an open field with one choice."))?;
    let field = made_by.field.key.clone();
    let asks = |key: &str| kind.field(key).filter(|f| search::sees(scope, permit.actor.purpose, f));
    let money = kind.fields.iter().find(|f| f.kind == FieldType::Money && is_summed(f));
    let money = money.and_then(|f| asks(&f.key)).map(|f| f.key.clone());
    let own = asks(deal::PROBABILITY).filter(|f| !f.is_sealed()).is_some();
    let mut query = query.clone();
    if made_by.pipeline.is_some() && !query.columns.is_empty() && !query.columns.iter().any(|key| key == deal::STAGE_SINCE) {
        // Since when a card stands there says whether it rots.
        query.columns.push(deal::STAGE_SINCE.to_owned());
    }
    let mut released: Option<Release<Vec<BoardColumn>>> = None;
    // Those without a stage are in no pipeline: they stand on the first one's board, so that they stand somewhere.
    let without = made_by.pipeline.is_none_or(|pipeline| kind.used_pipelines().next().is_some_and(|first| first.key == pipeline.key));
    let choices = made_by.choices().into_iter().take(COLUMNS).map(|(key, _, retired)| (Some(key.to_owned()), retired));
    for (choice, retired) in choices.chain(without.then_some((None, true))) {
        let condition = match &choice {
            Some(key) => Condition::new(&field, Op::Eq, key.as_str()),
            None => Condition::new(&field, Op::IsEmpty, serde_json::Value::Null),
        };
        let stage = choice.as_deref().and_then(|key| made_by.pipeline.and_then(|pipeline| pipeline.stage(key)));
        let all = query.filter.iter().cloned().chain([Filter::One(condition)]).collect();
        let asked = ListQuery { filter: Some(Filter::All { all }), limit: CARDS, cursor: None, ..query.clone() };
        let (total, amounts) = amounts(unit, permit, &asked, money.as_deref())?;
        let sums = amounts.as_ref().map(|all| {
            let mut sums = Sums::default();
            all.iter().for_each(|one| sums.add(&one.currency, one.minor));
            sums
        });
        let likely = amounts.as_ref().zip(stage.filter(|stage| !stage.is_closed())).map(|(all, stage)| {
            let mut sums = Sums::default();
            for one in all {
                let likely = one.likely.filter(|_| own).unwrap_or_else(|| i64::from(stage.likely()) * 1_000_000);
                sums.add_likely(&one.currency, one.minor, likely);
            }
            sums
        });
        let (outcome, rots_after) = (stage.map(|stage| stage.outcome), stage.and_then(|stage| stage.rots_after));
        let column = list(unit, permit, &asked, Detail::Masked)?.map(|page| {
            let exact = page.next.is_none().then(|| i64::try_from(page.rows.len()).unwrap_or(i64::MAX));
            let total = exact.or(total);
            let column = BoardColumn { choice, outcome, rots_after, more: page.next.is_some(), total, sums, likely, rows: page.rows };
            if retired && column.rows.is_empty() { Vec::new() } else { vec![column] }
        });
        released = Some(match released {
            None => column,
            Some(before) => before.and(column).map(|(mut all, more)| {
                all.extend(more);
                all
            }),
        });
    }
    let released = released.ok_or_else(|| Error::internal("a board without a column"))?;
    Ok(released.map(|columns| Board { columns, money }))
}

/// Whether a board can be made by a field.
pub fn is_of_columns(field: &Field) -> bool {
    field.kind == FieldType::Select && !field.is_sealed() && !field.many && !field.retired
}

/// How many a list has, and the amounts in it; nothing where that is not cheap to say.
type Totals = (Option<i64>, Option<Vec<heads::Amount>>);

fn amounts(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery, money: Option<&str>) -> Result<Totals> {
    let Checked { kind, scope, cond, .. } = checked(unit, permit, query)?;
    if cond.asks_sealed() {
        return Ok((None, None));
    }
    let order = page::Order::Time("x.updated");
    let plan = page::Plan::new(unit, &kind, permit, scope, &cond, &order, false, BUCKET);
    let total = plan.total(unit)?;
    let (Some(money), Some(n)) = (money, total) else { return Ok((total, None)) };
    if n > i64::try_from(COUNTED).unwrap_or(i64::MAX) {
        return Ok((total, None));
    }
    let name = |key: &str| index::token_field(&kind.key, key);
    let found = plan.walk.amounts(unit, COUNTED, &name(money), &name(deal::PROBABILITY))?;
    Ok((total, Some(found)))
}
