//! What follows from the stage that a record stands in: since when it does, when it came to its end, and why.

use catalogue::{Kind, Outcome, Value, deal};
use jiff::civil::Date;
use kernel::{Code, Error, Instant, Problem, Result};

use super::Fields;

/// Settles the open fields of a record of a kind with pipelines, whoever writes them: a new stage is entered now; an end has its day (the
/// expected one, where a record comes in at its end and that day is past), what is open has neither day nor reason, and a reason is one for
/// this end. `before` is what they were; `made` when the record came into being.
///
/// Error: invalid_input at `/close_reason` when its pipeline wants a reason and none is given.
pub(super) fn settle(kind: &Kind, fields: &mut Fields, before: Option<&Fields>, made: Instant, now: Instant) -> Result<()> {
    if kind.pipelines.is_empty() {
        return Ok(());
    }
    let of = |fields: &Fields, key: &str| fields.get(key).and_then(Value::as_text).map(str::to_owned);
    let stage = of(fields, deal::STAGE);
    let moved = before.is_none_or(|before| of(before, deal::STAGE) != stage);
    if moved {
        match (&stage, before) {
            (Some(_), None) => drop(fields.insert(deal::STAGE_SINCE.to_owned(), Value::Time(made))),
            (Some(_), Some(_)) => drop(fields.insert(deal::STAGE_SINCE.to_owned(), Value::Time(now))),
            (None, _) => drop(fields.remove(deal::STAGE_SINCE)),
        }
    }
    let found = stage.as_deref().and_then(|key| kind.stage(key));
    let outcome = found.map_or(Outcome::Open, |(_, stage)| stage.outcome);
    if outcome == Outcome::Open {
        fields.remove(deal::CLOSED);
        fields.remove(deal::CLOSE_REASON);
        return Ok(());
    }
    let was = before.and_then(|before| of(before, deal::STAGE)).and_then(|key| kind.stage(&key).map(|(_, stage)| stage.outcome));
    let ended = before.is_none() || was != Some(outcome);
    let said = |key: &str, fields: &Fields| before.is_none_or(|before| before.get(key) != fields.get(key)) && fields.contains_key(key);
    if ended && !said(deal::CLOSED, fields) || !fields.contains_key(deal::CLOSED) {
        let day = match before {
            None => expected(fields).filter(|day| *day <= now.day()).unwrap_or_else(|| made.day()),
            Some(_) => now.day(),
        };
        fields.insert(deal::CLOSED.to_owned(), Value::Date(day));
    }
    let fits =
        of(fields, deal::CLOSE_REASON).is_some_and(|key| kind.reasons.iter().any(|reason| reason.key == key && reason.outcome == outcome));
    if !fits {
        fields.remove(deal::CLOSE_REASON);
        // Only whoever closes it is asked: what comes in from elsewhere brings no reasons.
        let wanted = before.is_some() && ended && found.is_some_and(|(pipeline, _)| pipeline.reason_needed);
        if wanted && kind.reasons_for(outcome).next().is_some() {
            let word = outcome.as_str();
            let detail = format!("Say why it was {word}: in this pipeline nothing is {word} without a reason.");
            let problem = Problem { pointer: format!("/{}", deal::CLOSE_REASON), code: "required", detail };
            let words = "Some fields cannot be accepted; nothing was changed.";
            return Err(Error::new(Code::InvalidInput, words).with_problems(vec![problem]));
        }
    }
    Ok(())
}

fn expected(fields: &Fields) -> Option<Date> {
    match fields.get(deal::EXPECTED_CLOSE) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}
