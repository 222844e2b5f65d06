//! Results: what was won and lost in a time, by month, owner, reason or pipeline; how often one wins, and how long it takes.

use std::collections::BTreeMap;

use catalogue::{Outcome, deal};
use jiff::{ToSpan as _, civil::Date};
use kernel::{Instant, Result, UserId};
use trail::{Actor, App};

use super::{
    Period, Run, begun, check_pipeline,
    funnel::rate,
    month_of, ran,
    scan::{Deal, Span, rows},
    told,
};
use crate::views::Sums;

/// By what results stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By the month in which they closed.
    Month,
    /// By whose they are.
    Owner,
    /// By why they were won or lost.
    Reason,
    /// By the pipeline they went through.
    Pipeline,
}

impl By {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Month, Self::Owner, Self::Reason, Self::Pipeline];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Owner => "owner",
            Self::Reason => "reason",
            Self::Pipeline => "pipeline",
        }
    }

    /// From its stable word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == word)
    }
}

/// What is asked of results.
#[derive(Clone, Debug)]
pub struct ResultsAsk {
    /// When the deals closed.
    pub period: Period,
    /// By what.
    pub by: By,
    /// Of which pipeline; all of them where none is named.
    pub pipeline: Option<String>,
}

/// What stands together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// How many were won.
    pub won: usize,
    /// How many were lost.
    pub lost: usize,
    /// What was won.
    pub won_amount: Sums,
    /// What was lost.
    pub lost_amount: Sums,
    /// Days from coming in to being won, sorted.
    pub days: Vec<i32>,
}

impl Group {
    /// How many of the closed were won, in tenths of a percent.
    pub fn win_rate(&self) -> Option<u32> {
        rate(self.won, self.won + self.lost)
    }

    /// The days that half of the won took at most.
    pub fn median_days(&self) -> Option<i32> {
        let at = self.days.len().checked_sub(1)? / 2;
        self.days.get(at).copied()
    }

    fn add(&mut self, deal: &Deal) {
        let won = deal.outcome == Outcome::Won;
        let (n, sums) = if won { (&mut self.won, &mut self.won_amount) } else { (&mut self.lost, &mut self.lost_amount) };
        *n += 1;
        deal.amount.iter().for_each(|(currency, minor)| sums.add(currency, *minor));
        if let Some(closed) = deal.closed.filter(|closed| won && *closed >= deal.created) {
            self.days.push((closed - deal.created).get_days());
        }
    }
}

/// What a group is called by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A month, by its first day.
    Month(Date),
    /// Somebody, or nobody.
    Owner(Option<UserId>),
    /// A reason's key, or none given.
    Reason(Option<String>),
    /// A pipeline's key.
    Pipeline(String),
}

/// Results.
#[derive(Clone, Debug)]
pub struct Results {
    /// The groups: months in their order, everything else by how many were won.
    pub groups: Vec<(Key, Group)>,
    /// All of them.
    pub total: Group,
}

/// Works out results. Event `report.run`.
///
/// Errors: forbidden; invalid_input; too_large.
pub async fn results(app: &App, actor: &Actor, ask: &ResultsAsk) -> Result<Run<Results>> {
    let begun = begun(app, actor).await?;
    check_pipeline(&begun.kind, ask.pipeline.as_deref())?;
    let (sight, zone, mut left) = (begun.sight, begun.zone.clone(), super::MOST);
    let end = Instant::start_of(ask.period.to.saturating_add(1.day())).micros();
    let span = Span::Number(deal::CLOSED, Instant::start_of(ask.period.from).micros(), end);
    let mut deals = rows(app, actor, &begun.kind, span, &mut left, move |row| sight.deal(row, &zone)).await?;
    deals.retain(|deal| ask.pipeline.as_ref().is_none_or(|key| *key == deal.pipeline));
    let report = fold(&deals, ask);
    let event = ran("results", deals.len()).word("by", ask.by.as_str()).word("pipeline", ask.pipeline.as_deref().unwrap_or("all"));
    let event = event.word("from", ask.period.from.to_string()).word("to", ask.period.to.to_string());
    let (report, _) = told(app, actor, event, report, Vec::new()).await?;
    Ok(begun.run.of(report))
}

pub(super) fn fold(deals: &[Deal], ask: &ResultsAsk) -> Results {
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    if ask.by == By::Month {
        groups.extend(ask.period.months().into_iter().map(|month| (Key::Month(month), Group::default())));
    }
    let mut total = Group::default();
    for deal in deals.iter().filter(|deal| deal.outcome != Outcome::Open) {
        let Some(closed) = deal.closed.filter(|day| ask.period.has(*day)) else { continue };
        let key = match ask.by {
            By::Month => Key::Month(month_of(closed)),
            By::Owner => Key::Owner(deal.owner),
            By::Reason => Key::Reason(deal.reason.clone()),
            By::Pipeline => Key::Pipeline(deal.pipeline.clone()),
        };
        groups.entry(key).or_default().add(deal);
        total.add(deal);
    }
    let mut groups: Vec<(Key, Group)> = groups.into_iter().collect();
    groups.iter_mut().for_each(|(_, group)| group.days.sort_unstable());
    total.days.sort_unstable();
    if ask.by != By::Month {
        groups.sort_by_key(|(_, group)| std::cmp::Reverse((group.won, group.lost)));
    }
    Results { groups, total }
}
