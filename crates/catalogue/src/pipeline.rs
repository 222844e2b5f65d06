//! Pipelines: the ways that records of a kind go, stage by stage, to an end that is won or lost.
//!
//! A stage belongs to one pipeline and its key is unique among all stages of its kind, so that the stage alone says which pipeline a record
//! is in: nothing can disagree with it. The choices of the fields [`deal::STAGE`](crate::deal::STAGE) and
//! [`deal::CLOSE_REASON`](crate::deal::CLOSE_REASON) are made of what stands here.

use kernel::Problem;
use serde::{Deserialize, Serialize};

use crate::{Choice, Kind, deal, kind::is_key};

/// The most pipelines of a kind.
pub const PIPELINES_MAX: usize = 20;
/// The most stages of a pipeline.
pub const STAGES_MAX: usize = 20;
/// The most reasons of a kind.
pub const REASONS_MAX: usize = 100;
/// The most days that a stage may take before its records rot.
pub const ROTS_MAX: u16 = 3_650;

/// How a stage leaves a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Still going.
    #[default]
    Open,
    /// At a good end.
    Won,
    /// At a bad end.
    Lost,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Open, Self::Won, Self::Lost];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// From its stable word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// A stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Stable key, unique among all stages of the kind.
    pub key: String,
    /// What people read.
    pub label: String,
    /// How likely it is, in percent, that what stands here is won.
    #[serde(default, deserialize_with = "crate::whole")]
    pub probability: u8,
    /// How it leaves a record.
    #[serde(default)]
    pub outcome: Outcome,
    /// The days in it after which a record rots; `None` where it may stay.
    #[serde(default, deserialize_with = "crate::whole_or_null")]
    pub rots_after: Option<u16>,
    /// Whether it is no longer used: kept for the records that stand in it.
    #[serde(default)]
    pub retired: bool,
}

impl Stage {
    /// Whether what stands in it is at an end.
    pub const fn is_closed(&self) -> bool {
        !matches!(self.outcome, Outcome::Open)
    }

    /// How likely it is to be won: an end is certain, whatever else is written there.
    pub const fn likely(&self) -> u8 {
        match self.outcome {
            Outcome::Open => self.probability,
            Outcome::Won => 100,
            Outcome::Lost => 0,
        }
    }
}

/// A pipeline: its stages in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// Stable key.
    pub key: String,
    /// What people read.
    pub label: String,
    /// Its stages, in their order.
    pub stages: Vec<Stage>,
    /// Whether nothing is closed in it without a reason; otherwise one is asked for and may be left out.
    #[serde(default)]
    pub reason_needed: bool,
    /// Whether it is no longer used: kept for the records that stand in it.
    #[serde(default)]
    pub retired: bool,
}

impl Pipeline {
    /// The stage with this key.
    pub fn stage(&self, key: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.key == key)
    }

    /// The stages that are used.
    pub fn used(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|stage| !stage.retired)
    }
}

/// Why something was won or lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseReason {
    /// Stable key.
    pub key: String,
    /// What people read.
    pub label: String,
    /// Of which end it is a reason: won or lost.
    pub outcome: Outcome,
    /// Whether it is no longer offered: kept for the records that have it.
    #[serde(default)]
    pub retired: bool,
}

impl Kind {
    /// The pipeline and the stage that this stage's key names.
    pub fn stage(&self, key: &str) -> Option<(&Pipeline, &Stage)> {
        self.pipelines.iter().find_map(|pipeline| pipeline.stage(key).map(|stage| (pipeline, stage)))
    }

    /// The pipeline with this key.
    pub fn pipeline(&self, key: &str) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.key == key)
    }

    /// The pipelines that are used.
    pub fn used_pipelines(&self) -> impl Iterator<Item = &Pipeline> {
        self.pipelines.iter().filter(|pipeline| !pipeline.retired)
    }

    /// Every stage with an outcome, of every pipeline.
    pub fn stages_with(&self, outcome: Outcome) -> impl Iterator<Item = &Stage> {
        self.pipelines.iter().flat_map(|pipeline| &pipeline.stages).filter(move |stage| stage.outcome == outcome)
    }

    /// The reasons that are offered for an end.
    pub fn reasons_for(&self, outcome: Outcome) -> impl Iterator<Item = &CloseReason> {
        self.reasons.iter().filter(move |reason| reason.outcome == outcome && !reason.retired)
    }

    /// Makes the choices of the fields for stage and reason of what stands in the pipelines, in their order. A stage of one of several
    /// pipelines is read with its pipeline's name.
    pub(crate) fn with_choices(mut self) -> Self {
        if self.pipelines.is_empty() {
            return self;
        }
        let several = self.pipelines.len() > 1;
        let label = |pipeline: &Pipeline, stage: &Stage| {
            if several { format!("{}: {}", pipeline.label, stage.label) } else { stage.label.clone() }
        };
        let stages = self
            .pipelines
            .iter()
            .flat_map(|pipeline| pipeline.stages.iter().map(move |stage| Choice { key: stage.key.clone(), label: label(pipeline, stage) }));
        let stages: Vec<Choice> = stages.collect();
        let reasons: Vec<Choice> =
            self.reasons.iter().map(|reason| Choice { key: reason.key.clone(), label: reason.label.clone() }).collect();
        for field in &mut self.fields {
            match field.key.as_str() {
                deal::STAGE => field.options.clone_from(&stages),
                deal::CLOSE_REASON => field.options.clone_from(&reasons),
                _ => {}
            }
        }
        self
    }

    /// What is wrong with its pipelines and reasons.
    pub(crate) fn check_pipelines(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut say = |pointer: String, code, detail: &str| problems.push(Problem { pointer, code, detail: detail.to_owned() });
        if self.pipelines.is_empty() && self.reasons.is_empty() {
            return problems;
        }
        let fields = [deal::STAGE, deal::STAGE_SINCE, deal::CLOSED, deal::CLOSE_REASON];
        if fields.iter().any(|key| self.field(key).is_none_or(|field| field.is_sealed())) {
            say("/pipelines".into(), "no_stages", "Only a kind with the fields stage, stage_since, closed and close_reason has pipelines.");
        }
        if self.pipelines.len() > PIPELINES_MAX {
            say("/pipelines".into(), "too_many", "A kind has at most 20 pipelines.");
        }
        if self.used_pipelines().next().is_none() {
            say("/pipelines".into(), "required", "One pipeline at least is in use.");
        }
        let name = |label: &str| !label.trim().is_empty() && label.chars().count() <= 80;
        let keys: Vec<&str> = self.pipelines.iter().flat_map(|pipeline| &pipeline.stages).map(|stage| stage.key.as_str()).collect();
        for (n, pipeline) in self.pipelines.iter().enumerate() {
            let at = |part: &str| format!("/pipelines/{n}/{part}");
            if !is_key(&pipeline.key) || self.pipelines.iter().filter(|other| other.key == pipeline.key).count() > 1 {
                say(at("key"), "not_a_key", "A key is unique and has 1 to 40 lower case letters, digits and underscores.");
            }
            if !name(&pipeline.label) {
                say(at("label"), "required", "Give it a name of at most 80 characters.");
            }
            let ends = |outcome| pipeline.used().any(|stage| stage.outcome == outcome);
            if pipeline.stages.len() > STAGES_MAX {
                say(at("stages"), "too_many", "A pipeline has at most 20 stages.");
            } else if !pipeline.retired && !Outcome::ALL.into_iter().all(ends) {
                say(at("stages"), "required", "A pipeline has a stage that is open, one that is won and one that is lost.");
            }
            for (m, stage) in pipeline.stages.iter().enumerate() {
                let at = |part: &str| format!("/pipelines/{n}/stages/{m}/{part}");
                if !is_key(&stage.key) || keys.iter().filter(|key| **key == stage.key).count() > 1 {
                    let words = "A stage's key is unique among all pipelines and has 1 to 40 lower case letters, digits and underscores.";
                    say(at("key"), "not_a_key", words);
                }
                if !name(&stage.label) {
                    say(at("label"), "required", "Give it a name of at most 80 characters.");
                }
                if stage.probability > 100 {
                    say(at("probability"), "out_of_range", "Write a number of percent, 0 to 100.");
                }
                if stage.rots_after.is_some_and(|days| days == 0 || days > ROTS_MAX) {
                    say(at("rots_after"), "out_of_range", "Write a number of days, 1 to 3650, or none.");
                }
            }
        }
        if self.reasons.len() > REASONS_MAX {
            say("/reasons".into(), "too_many", "A kind has at most 100 reasons.");
        }
        for (n, reason) in self.reasons.iter().enumerate() {
            let at = |part: &str| format!("/reasons/{n}/{part}");
            if !is_key(&reason.key) || self.reasons.iter().filter(|other| other.key == reason.key).count() > 1 {
                say(at("key"), "not_a_key", "A key is unique and has 1 to 40 lower case letters, digits and underscores.");
            }
            if !name(&reason.label) {
                say(at("label"), "required", "Give it a name of at most 80 characters.");
            }
            if reason.outcome == Outcome::Open {
                say(at("outcome"), "not_an_end", "A reason is one for winning or for losing.");
            }
        }
        problems
    }

    /// What a new form of this kind would take from records that stand in its pipelines: keys that go, stages that change their end or
    /// their pipeline, reasons that change sides.
    pub(crate) fn check_kept(&self, next: &Self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut say = |pointer: String, code, detail: &str| problems.push(Problem { pointer, code, detail: detail.to_owned() });
        for pipeline in &self.pipelines {
            if next.pipeline(&pipeline.key).is_none() {
                say("/pipelines".into(), "removed", "A pipeline is retired, never removed: records stand in it.");
                continue;
            }
            for stage in &pipeline.stages {
                match next.stage(&stage.key) {
                    Some((of, now)) if of.key == pipeline.key && now.outcome == stage.outcome => {}
                    Some(_) => say(
                        format!("/stages/{}", stage.key),
                        "changed",
                        "A stage stays in its pipeline, and open, won or lost. Make another one.",
                    ),
                    None => say(format!("/stages/{}", stage.key), "removed", "A stage is retired, never removed: records stand in it."),
                }
            }
        }
        for reason in &self.reasons {
            match next.reasons.iter().find(|other| other.key == reason.key) {
                Some(now) if now.outcome == reason.outcome => {}
                Some(_) => say(format!("/reasons/{}", reason.key), "changed", "A reason stays one for winning or for losing."),
                None => say(format!("/reasons/{}", reason.key), "removed", "A reason is retired, never removed: records have it."),
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    fn deals() -> Kind {
        Kind::clone(builtin().kind("deal").unwrap())
    }

    fn renewals() -> Pipeline {
        let stage =
            |key: &str, outcome| Stage { key: key.into(), label: key.into(), probability: 50, outcome, rots_after: None, retired: false };
        let stages = vec![stage("due", Outcome::Open), stage("renewed", Outcome::Won), stage("ended", Outcome::Lost)];
        Pipeline { key: "renewals".into(), label: "Renewals".into(), stages, reason_needed: false, retired: false }
    }

    #[test]
    fn the_choices_of_stage_and_reason_are_those_of_the_pipelines() {
        let catalogue = builtin();
        let kind = catalogue.kind("deal").unwrap();
        let options: Vec<&str> = kind.field(deal::STAGE).unwrap().options.iter().map(|o| o.label.as_str()).collect();
        assert_eq!(options, ["Lead", "Talk", "Offer", "Won", "Lost"]);
        let mut more = deals();
        more.pipelines.push(renewals());
        let next = catalogue.with(more).unwrap();
        let options = &next.kind("deal").unwrap().field(deal::STAGE).unwrap().options;
        assert_eq!((options.len(), options[0].label.as_str(), options[5].label.as_str()), (8, "Sales: Lead", "Renewals: due"));
        assert_eq!(next.kind("deal").unwrap().stage("renewed").map(|(p, s)| (p.key.as_str(), s.likely())), Some(("renewals", 100)));
    }

    #[test]
    fn a_stage_is_never_removed_nor_given_another_end_or_pipeline() {
        let catalogue = builtin();
        let code = |change: &dyn Fn(&mut Kind)| {
            let mut kind = deals();
            change(&mut kind);
            catalogue.with(kind).map(drop).map_err(|e| e.problems()[0].code)
        };
        assert_eq!(code(&|k| drop(k.pipelines[0].stages.remove(0))), Err("removed"));
        assert_eq!(code(&|k| k.pipelines[0].stages[0].outcome = Outcome::Lost), Err("changed"));
        assert_eq!(code(&|k| drop(k.reasons.remove(0))), Err("removed"));
        assert_eq!(code(&|k| k.pipelines[0].stages[0].retired = true), Ok(()));
        assert_eq!(code(&|k| k.pipelines[0].stages.swap(0, 1)), Ok(()), "their order is free");
    }

    #[test]
    fn a_pipeline_has_an_open_stage_and_both_ends_and_no_stage_twice() {
        let catalogue = builtin();
        let code = |change: &dyn Fn(&mut Pipeline)| {
            let (mut kind, mut more) = (deals(), renewals());
            change(&mut more);
            kind.pipelines.push(more);
            catalogue.with(kind).map(drop).map_err(|e| e.problems()[0].code)
        };
        assert_eq!(code(&|_| ()), Ok(()));
        assert_eq!(code(&|p| drop(p.stages.pop())), Err("required"));
        assert_eq!(code(&|p| p.stages[0].key = "lead".into()), Err("not_a_key"));
        assert_eq!(code(&|p| p.stages[0].probability = 101), Err("out_of_range"));
        assert_eq!(code(&|p| p.stages[0].rots_after = Some(0)), Err("out_of_range"));
        assert_eq!(code(&|p| p.key = "sales".into()), Err("not_a_key"));
    }

    #[test]
    fn a_kind_without_the_fields_of_a_deal_has_no_pipelines() {
        let mut person = Kind::clone(builtin().kind("person").unwrap());
        person.pipelines.push(renewals());
        assert_eq!(builtin().with(person).unwrap_err().problems()[0].code, "no_stages");
    }
}
