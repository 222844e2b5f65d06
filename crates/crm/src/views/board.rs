//! A list as a board: a column for each choice of a select field, with its count, its sum and its first cards.

use catalogue::FieldType;

use super::*;
use crate::records::index;

/// The cards of a column.
pub const CARDS: usize = 50;
/// The most columns.
const COLUMNS: usize = 30;

/// A column.
#[derive(Clone, Debug)]
pub struct BoardColumn {
    /// The choice's key; `None` for the records that have none.
    pub choice: Option<String>,
    /// Its first cards, in the list's order.
    pub rows: Vec<ListRow>,
    /// Whether there are more.
    pub more: bool,
    /// How many there are, where that is cheap to say; 1,001 means more than 1,000.
    pub total: Option<i64>,
    /// The sums of the money field in minor units, by currency; absent where not all were counted.
    pub sums: Option<Vec<(String, i64)>>,
}

/// A list by a field of choices.
#[derive(Clone, Debug)]
pub struct Board {
    /// The columns: the choices in their order, then those without one, if there are any.
    pub columns: Vec<BoardColumn>,
    /// The money field that is summed.
    pub money: Option<String>,
}

/// The first cards of every column of a list, by an open field of choices. Its one event `record.listed` names every record shown.
///
/// Errors: those of [`list`]; invalid_input when the field has no choices to make columns of.
pub fn board(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery, by: &str) -> Result<Release<Board>> {
    let Checked { kind, scope, .. } = checked(unit, permit, query)?;
    let field = kind.field(by).filter(|field| is_of_columns(field));
    let field = field.ok_or_else(|| Error::invalid("/by", "no_choices", "A board is made by an open field with one choice."))?.clone();
    let money = kind.fields.iter().find(|f| f.kind == FieldType::Money && !f.is_sealed() && !f.retired && !f.many);
    let money = money.filter(|f| crate::search::sees(scope, permit.actor.purpose, f)).map(|f| f.key.clone());
    let mut released: Option<Release<Vec<BoardColumn>>> = None;
    let choices = field.options.iter().take(COLUMNS).map(|option| Some(option.key.clone())).chain([None]);
    for choice in choices {
        let condition = match &choice {
            Some(key) => Condition::new(by, Op::Eq, key.as_str()),
            None => Condition::new(by, Op::IsEmpty, serde_json::Value::Null),
        };
        let all = query.filter.iter().cloned().chain([Filter::One(condition)]).collect();
        let asked = ListQuery { filter: Some(Filter::All { all }), limit: CARDS, cursor: None, ..query.clone() };
        let (total, sums) = totals(unit, permit, &asked, money.as_deref())?;
        let column = list(unit, permit, &asked, Detail::Masked)?.map(|page| {
            let exact = page.next.is_none().then(|| i64::try_from(page.rows.len()).unwrap_or(i64::MAX));
            vec![BoardColumn { choice, more: page.next.is_some(), total: exact.or(total), sums, rows: page.rows }]
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
    Ok(released.map(|mut columns| {
        columns.retain(|column| column.choice.is_some() || !column.rows.is_empty());
        Board { columns, money }
    }))
}

/// Whether a board can be made by a field.
pub fn is_of_columns(field: &catalogue::Field) -> bool {
    field.kind == FieldType::Select && !field.is_sealed() && !field.many && !field.retired
}

/// How many a list has, and the sums of a money field in it, by currency; nothing where that is not cheap to say.
type Totals = (Option<i64>, Option<Vec<(String, i64)>>);

fn totals(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery, money: Option<&str>) -> Result<Totals> {
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
    let sums = plan.walk.sums(unit, COUNTED, &index::token_field(&kind.key, money))?;
    Ok((total, Some(sums)))
}
