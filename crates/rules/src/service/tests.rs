//! The promises of service targets.

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Instant {
    Instant::from_micros(text.parse::<Timestamp>().expect("a time").as_microsecond())
}

fn berlin() -> Targets {
    let hours = Hours { zone: "Europe/Berlin".into(), ..Hours::default() };
    Targets { hours, ..Targets::default() }
}

fn case(priority: &str, steps: &[(&str, &str)]) -> Case {
    let steps = steps.iter().map(|(when, status)| Step { at: at(when), status: (*status).to_owned() }).collect();
    Case { steps, priority: priority.to_owned(), ..Case::default() }
}

fn due(promise: Option<Promise>) -> String {
    promise.and_then(|promise| promise.due).map_or_else(|| "-".to_owned(), |at| at.timestamp().to_string())
}

#[test]
fn working_hours_skip_the_night_the_weekend_and_holidays() {
    // Friday 20 November 2026, four in the afternoon in Berlin: an hour on Friday, the rest from Monday on.
    let friday = case("normal", &[("2026-11-20T15:00:00Z", "new")]);
    let found = clock(&berlin(), &friday, at("2026-11-20T15:30:00Z")).unwrap();
    assert_eq!(due(found.reply), "2026-11-23T15:00:00Z", "eight hours: one on Friday, seven on Monday");
    assert_eq!((found.reply.unwrap().used, found.reply.unwrap().left()), (1_800, 8 * 3_600 - 1_800));
    assert_eq!(found.state(), Some(State::OnTime));
    let mut targets = berlin();
    targets.hours.holidays.insert(date(2026, 11, 23));
    assert_eq!(due(clock(&targets, &friday, friday.steps[0].at).unwrap().reply), "2026-11-24T15:00:00Z");
    targets.hours = Hours { country: Some("DE".into()), ..berlin().hours };
    let christmas = case("urgent", &[("2026-12-24T15:30:00Z", "new")]);
    let found = clock(&targets, &christmas, christmas.steps[0].at).unwrap();
    assert_eq!(due(found.reply), "2026-12-28T08:30:00Z", "the 25th is a holiday, the 26th a Saturday");
}

#[test]
fn around_the_clock_counts_every_hour() {
    let mut targets = berlin();
    targets.targets.get_mut("urgent").unwrap().around_the_clock = true;
    let night = case("urgent", &[("2026-11-21T23:15:00Z", "new")]);
    assert_eq!(due(clock(&targets, &night, night.steps[0].at).unwrap().reply), "2026-11-22T00:15:00Z");
}

#[test]
fn clocks_that_are_put_forward_or_back_neither_give_nor_take() {
    let mut targets = berlin();
    targets.hours.week = Day::ALL.into_iter().map(|day| (day, Span::parse("00:00-24:00").unwrap())).collect();
    targets.targets.get_mut("normal").unwrap().reply = Some(24 * 60);
    for start in ["2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"] {
        let over = case("normal", &[(start, "new")]);
        let found = clock(&targets, &over, over.steps[0].at).unwrap();
        assert_eq!(found.reply.unwrap().due.unwrap().micros() - at(start).micros(), 24 * 3_600_000_000, "{start}");
    }
    // Nine o'clock is nine o'clock on both sides of the change.
    let monday = case("urgent", &[("2026-03-27T16:00:00Z", "new")]);
    assert_eq!(due(clock(&berlin(), &monday, monday.steps[0].at).unwrap().reply), "2026-03-30T08:00:00Z");
}

#[test]
fn the_clock_stands_still_while_one_waits_for_the_customer() {
    let steps = [("2026-11-23T08:00:00Z", "open"), ("2026-11-23T10:00:00Z", "waiting")];
    let waits = clock(&berlin(), &case("urgent", &steps), at("2026-11-25T10:00:00Z")).unwrap();
    assert_eq!((waits.state(), waits.due(), waits.solve.unwrap().used), (Some(State::Paused), None, 2 * 3_600));
    assert_eq!(waits.reply.unwrap().state, State::Missed, "waiting for the customer says that one answered, after two hours");
    let goes_on = [&steps[..], &[("2026-11-25T12:00:00Z", "open")]].concat();
    let found = clock(&berlin(), &case("urgent", &goes_on), at("2026-11-25T12:00:00Z")).unwrap();
    assert_eq!(due(found.solve), "2026-11-26T10:00:00Z", "six of eight hours are left: four today, two tomorrow");
    assert_eq!(found.stretches.iter().map(|s| (s.runs, s.counted)).collect::<Vec<_>>(), [(true, 7_200), (false, 0), (true, 0)]);
}

#[test]
fn it_becomes_due_soon_then_overdue_and_says_when() {
    let urgent = case("urgent", &[("2026-11-23T08:00:00Z", "new")]);
    let state = |now: &str| clock(&berlin(), &urgent, at(now)).unwrap();
    assert_eq!(state("2026-11-23T08:10:00Z").next(at("2026-11-23T08:10:00Z")), Some(at("2026-11-23T08:45:00Z")));
    assert_eq!(state("2026-11-23T08:45:00Z").state(), Some(State::Soon));
    assert_eq!(state("2026-11-23T08:45:00Z").next(at("2026-11-23T08:45:00Z")), Some(at("2026-11-23T09:00:00Z")));
    assert_eq!(state("2026-11-23T09:00:00Z").state(), Some(State::Overdue));
    assert_eq!(state("2026-11-23T09:30:00Z").reply.unwrap().left(), -1_800);
}

#[test]
fn a_message_answers_and_a_change_of_priority_counts_anew_from_the_beginning() {
    let steps = [("2026-11-23T08:00:00Z", "new")];
    let replied = Some(at("2026-11-23T08:50:00Z"));
    let answered = Case { replied, ..case("urgent", &steps) };
    let found = clock(&berlin(), &answered, at("2026-11-23T12:00:00Z")).unwrap();
    assert_eq!((found.reply.unwrap().state, found.state()), (State::Met, Some(State::OnTime)));
    let low = clock(&berlin(), &case("low", &steps), at("2026-11-23T12:00:00Z")).unwrap();
    assert_eq!((low.state(), low.reply.unwrap().used), (Some(State::OnTime), 4 * 3_600));
    let raised = clock(&berlin(), &case("urgent", &steps), at("2026-11-23T12:00:00Z")).unwrap();
    assert_eq!(raised.state(), Some(State::Overdue), "as if it had been urgent from the beginning");
    let other = clock(&berlin(), &case("", &steps), at("2026-11-23T12:00:00Z")).unwrap();
    assert_eq!(other.priority, "normal");
}

#[test]
fn a_case_that_is_opened_again_goes_on_where_it_stood() {
    let solved = [("2026-11-23T08:00:00Z", "open"), ("2026-11-23T10:00:00Z", "solved")];
    let found = clock(&berlin(), &case("urgent", &solved), at("2026-12-01T10:00:00Z")).unwrap();
    assert_eq!((found.solve.unwrap().state, found.solved, found.state()), (State::Met, Some(at(solved[1].0)), Some(State::Missed)));
    let again = [&solved[..], &[("2026-11-30T08:00:00Z", "open")]].concat();
    let found = clock(&berlin(), &case("urgent", &again), at("2026-11-30T08:00:00Z")).unwrap();
    assert_eq!((found.solved, due(found.solve).as_str()), (None, "2026-11-30T14:00:00Z"), "two of eight hours were used");
}

#[test]
fn what_was_judged_stays_judged_when_targets_change() {
    let solved = [("2026-11-23T08:00:00Z", "open"), ("2026-11-23T10:00:00Z", "solved")];
    let settled = Some(Settled { done: at(solved[1].0), due: Some(at("2026-11-23T09:00:00Z")) });
    let judged = Case { solve_settled: settled, ..case("urgent", &solved) };
    let found = clock(&berlin(), &judged, at("2026-12-01T10:00:00Z")).unwrap();
    assert_eq!((found.solve.unwrap().state, due(found.solve).as_str()), (State::Missed, "2026-11-23T09:00:00Z"));
}

#[test]
fn where_nobody_ever_works_nothing_is_due_and_nothing_hangs() {
    let mut targets = berlin();
    targets.hours.week.clear();
    let found = clock(&targets, &case("urgent", &[("2026-11-23T08:00:00Z", "new")]), at("2030-01-01T00:00:00Z")).unwrap();
    assert_eq!((found.due(), found.state()), (None, Some(State::OnTime)));
    assert_eq!(clock(&Targets { targets: BTreeMap::new(), ..targets }, &Case::default(), at("2030-01-01T00:00:00Z")), None);
}

#[test]
fn hours_read_as_people_write_them() {
    assert_eq!(Span::parse("09:00-17:30").unwrap().to_string(), "09:00-17:30");
    assert!(Span::parse("00:00-24:00").is_some());
    for wrong in ["", "9-17", "17:00-09:00", "09:00-09:00", "09:60-17:00", "09:00-24:01", "+9:00-17:00", "09:00-17:00-18:00"] {
        assert_eq!(Span::parse(wrong), None, "{wrong}");
    }
    let targets = serde_json::to_string(&berlin()).unwrap();
    assert_eq!(serde_json::from_str::<Targets>(&targets).unwrap(), berlin());
}

fn any_targets() -> impl Strategy<Value = Targets> {
    let zone = prop_oneof![Just("UTC"), Just("Europe/Berlin"), Just("America/New_York"), Just("Australia/Lord_Howe")];
    let week = proptest::collection::btree_map(0_usize..7, (0_u16..1_380, 1_u16..600), 1..7);
    (zone, week, 1_u32..5_000, 0_u8..100, any::<bool>()).prop_map(|(zone, week, minutes, warn, around_the_clock)| {
        let span = |(from, length): (u16, u16)| Span::parse(&format!("{}-{}", clock_of(from), clock_of((from + length).min(1_440))));
        let week = week.into_iter().filter_map(|(day, hours)| Some((Day::ALL[day], span(hours)?))).collect();
        let target = Target { reply: Some(minutes), solve: Some(minutes), around_the_clock };
        let hours = Hours { zone: zone.to_owned(), week, ..Hours::default() };
        Targets { targets: [("normal".to_owned(), target)].into(), hours, warn, ..Targets::default() }
    })
}

fn clock_of(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Steps some minutes apart, from the winter of 2026 on.
fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let status = prop_oneof![Just("new"), Just("open"), Just("waiting"), Just("solved")];
    proptest::collection::vec((1_i64..20_000, status), 1..8).prop_map(|steps| {
        let mut minutes = 29_400_000;
        let step = |(after, status): (i64, &str)| {
            minutes += after;
            Step { at: Instant::from_micros(minutes * MINUTE), status: status.to_owned() }
        };
        steps.into_iter().map(step).collect()
    })
}

proptest! {
    #[test]
    fn what_is_due_is_due_when_its_time_has_counted(targets in any_targets(), from in 29_000_000_i64..30_000_000, minutes in 1_i64..5_000) {
        let calendar = Calendar::new(&targets.hours, targets.targets["normal"].around_the_clock);
        let from = Instant::from_micros(from * MINUTE);
        if let Some(due) = calendar.after(from, minutes * MINUTE) {
            prop_assert_eq!(calendar.counted(from, due), minutes * MINUTE);
            prop_assert!(calendar.counted(from, Instant::from_micros(due.micros() - 1)) < minutes * MINUTE, "not a moment earlier");
        }
    }

    #[test]
    fn time_counts_once_however_it_is_divided(targets in any_targets(), from in 29_000_000_i64..30_000_000, a in 0_i64..50_000, b in 0_i64..50_000) {
        let calendar = Calendar::new(&targets.hours, false);
        let moment = |minutes: i64| Instant::from_micros((from + minutes) * MINUTE);
        let whole = calendar.counted(moment(0), moment(a + b));
        prop_assert_eq!(calendar.counted(moment(0), moment(a)) + calendar.counted(moment(a), moment(a + b)), whole);
        prop_assert!(whole <= (a + b) * MINUTE);
    }

    #[test]
    fn a_clock_agrees_with_itself_at_every_moment(targets in any_targets(), steps in any_steps(), later in 0_i64..50_000) {
        let last = steps.last().unwrap().at;
        let now = Instant::from_micros(last.micros() + later * MINUTE);
        let case = Case { steps, ..Case::default() };
        let found = clock(&targets, &case, now).unwrap();
        for promise in found.promises() {
            match promise.state {
                State::Overdue => prop_assert!(promise.left() <= 0 && promise.due.unwrap() <= now),
                State::OnTime | State::Soon => prop_assert!(promise.left() >= 0 && promise.due.is_none_or(|due| due > now)),
                State::Paused => prop_assert!(promise.left() >= 0 && promise.done.is_none()),
                State::Met => prop_assert!(promise.due.is_none_or(|due| promise.done.unwrap() <= due)),
                State::Missed => prop_assert!(promise.done.unwrap() > promise.due.unwrap()),
            }
        }
        // What is to happen next is what happens: nothing changes before, something does then.
        if let Some(next) = found.next(now) {
            let before = clock(&targets, &case, Instant::from_micros(next.micros() - 1)).unwrap();
            prop_assert_eq!(before.state(), found.state());
        }
    }

    #[test]
    fn a_pause_moves_what_is_due_by_its_length_and_nothing_else(targets in any_targets(), start in 29_400_000_i64..29_500_000, run in 1_i64..500, pause in 1_i64..20_000) {
        let moment = |minutes: i64| Instant::from_micros((start + minutes) * MINUTE);
        let step = |minutes: i64, status: &str| Step { at: moment(minutes), status: status.to_owned() };
        let paused = Case { steps: vec![step(0, "open"), step(run, "waiting"), step(run + pause, "open")], ..Case::default() };
        let found = clock(&targets, &paused, moment(run + pause)).unwrap();
        let calendar = Calendar::new(&targets.hours, found.target.around_the_clock);
        let counted = calendar.counted(moment(0), moment(run));
        let allowed = i64::from(found.target.solve.unwrap()) * MINUTE;
        let wanted = if counted >= allowed { calendar.after(moment(0), allowed) } else { calendar.after(moment(run + pause), allowed - counted) };
        prop_assert_eq!(found.solve.unwrap().due, wanted);
    }
}
