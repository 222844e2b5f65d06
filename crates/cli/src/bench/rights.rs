//! What one person's rights cost who has many records: the access package, the erasure's plan, the erasure.

use crm::requests::{self, Target, erasure};
use kernel::{RecordId, Result};

use super::{
    engine::Engine,
    house::{House, operator, wrong},
    table::{Must, Row},
};

/// Measures and appends the rows; afterwards the person is gone.
pub async fn measure(engine: &Engine<'_>, house: &House, person: RecordId, records: usize, rows: &mut Vec<Row>) -> Result<()> {
    let actor = operator();
    let since = |start: std::time::Duration| engine.env.monotonic().saturating_sub(start).as_secs_f64();

    let start = engine.env.monotonic();
    let package = requests::package(engine.app, &actor, person, None, &Target::File(house.path("package.zip"))).await?;
    let took = since(start);
    if package.records < records {
        return Err(wrong(format!("of {records} records {} are in the package", package.records)));
    }
    let work = format!("access package, a person with {records} records");
    rows.push(Row::new("package", work, took, "s", Must::AtMost(5.0)).with("records", package.records));

    let start = engine.env.monotonic();
    let plan = erasure::plan(engine.app, &actor, person).await?;
    let took = since(start);
    if plan.items.len() < records {
        return Err(wrong(format!("of {records} records {} are in the plan", plan.items.len())));
    }
    rows.push(Row::new("erasure_plan", "plan of their erasure", took, "s", Must::AtMost(1.0)).with("records", plan.items.len()));

    let start = engine.env.monotonic();
    let done = erasure::execute(engine.app, &actor, person, None, "asked by letter", &plan.fingerprint, plan.count).await?;
    let took = since(start);
    if done.erased != plan.count || done.erased == 0 {
        return Err(wrong(format!("of {} records {} were erased", plan.count, done.erased)));
    }
    rows.push(Row::new("erasure", "their erasure, proved", took, "s", Must::AtMost(10.0)).with("erased", done.erased));
    Ok(())
}
