//! Charts, made by the server as SVG: columns by time, bars by name. They stretch with the page while their text does not, so that they read on
//! a phone; colours come from the theme by class; each has a title and a description, and the page shows the table that it is drawn from.
//!
//! Horizontal places are percentages and vertical ones pixels: without a `viewBox` nothing is scaled.

use askama::{Template, filters::HtmlSafe};

/// The height of the columns' field.
const FIELD: i64 = 176;
/// What stands above it, and below it for the names.
const ABOVE: i64 = 14;
/// The lines across the field, at most.
const LINES: i64 = 4;
/// The share of its place that a group of columns fills, in hundredths of a percent.
const FILLED: i64 = 72;
/// The height of a bar with its words.
const ROW: usize = 46;
/// The letters of a bar's name that have room on a phone.
const NAME: usize = 30;

/// A colour of a chart, by what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// What is proved: won.
    First,
    /// What is promised.
    Second,
    /// What may be.
    Third,
    /// What is no more: lost.
    Fourth,
}

impl Ink {
    const fn class(self) -> &'static str {
        match self {
            Self::First => "ink1",
            Self::Second => "ink2",
            Self::Third => "ink3",
            Self::Fourth => "ink4",
        }
    }
}

/// A value of a chart and how it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datum {
    /// What is drawn; less than nothing is drawn as nothing.
    pub value: i64,
    /// How it reads.
    pub words: String,
}

impl Datum {
    /// A value.
    pub fn new(value: i64, words: impl Into<String>) -> Self {
        Self { value, words: words.into() }
    }
}

/// Groups of columns, one beside the other: months.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Its title.
    pub title: String,
    /// What it says, in a sentence.
    pub description: String,
    /// What each colour is.
    pub series: Vec<(String, Ink)>,
    /// The groups: each a name, and a value for each colour.
    pub groups: Vec<(String, Vec<Datum>)>,
}

/// Bars, one under the other.
#[derive(Clone, Debug)]
pub struct Bars {
    /// Its title.
    pub title: String,
    /// What it says, in a sentence.
    pub description: String,
    /// What is drawn.
    pub ink: Ink,
    /// The bars: each a name and its value.
    pub bars: Vec<(String, Datum)>,
}

/// A chart on its way to a page.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/chart.html")]
pub struct Chart {
    id: String,
    title: String,
    description: String,
    height: usize,
    legend: Vec<(String, &'static str)>,
    axis: Vec<Mark>,
    shapes: Vec<Shape>,
    words: Vec<Words>,
}

impl HtmlSafe for Chart {}

impl Chart {
    /// Under another id, where it stands beside others.
    #[must_use]
    pub fn named(self, id: String) -> Self {
        Self { id, ..self }
    }
}

/// A line across the field, and what it stands for.
#[derive(Clone, Debug)]
struct Mark {
    y: i64,
    label: String,
}

#[derive(Clone, Debug)]
struct Shape {
    x: String,
    y: i64,
    width: String,
    height: i64,
    class: &'static str,
    told: String,
}

#[derive(Clone, Debug)]
struct Words {
    x: String,
    y: usize,
    anchor: &'static str,
    class: &'static str,
    text: String,
}

/// A part of a whole as a percentage with two decimals, at most the whole.
fn percent(part: i64, whole: i64) -> String {
    let hundredths = if whole <= 0 { 0 } else { i128::from(part.clamp(0, whole)) * 10_000 / i128::from(whole) };
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Hundredths of a percent as a percentage.
fn place(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The steps of an axis that reaches the highest value: 1, 2, 2.5 or 5 of some power of ten apart, at most [`LINES`] of them.
fn steps(highest: i64) -> (i64, i64) {
    let highest = highest.max(1);
    let mut power = 1_i64;
    loop {
        for times in [10, 20, 25, 50] {
            // A quarter of ten has no place among whole numbers.
            let Some(step) = power.checked_mul(times).map(|step| step / 10).filter(|step| *step > 0 && (times != 25 || power >= 10)) else {
                continue;
            };
            let lines = highest / step + i64::from(highest % step > 0);
            if lines <= LINES {
                return (step, lines);
            }
        }
        match power.checked_mul(10) {
            Some(next) if next <= i64::MAX / 50 => power = next,
            _ => return (highest, 1),
        }
    }
}

/// The columns as a chart. `scale` says how a value of the axis reads.
pub fn columns(id: &str, chart: &Columns, scale: impl Fn(i64) -> String) -> Chart {
    let values = chart.groups.iter().flat_map(|(_, all)| all).map(|datum| datum.value);
    let (step, lines) = steps(values.max().unwrap_or_default());
    let top = step.saturating_mul(lines);
    let up = |value: i64| i64::try_from(i128::from(value.clamp(0, top)) * i128::from(FIELD) / i128::from(top)).unwrap_or_default();
    let axis = (0..=lines).map(|n| Mark { y: ABOVE + FIELD - up(step.saturating_mul(n)), label: scale(step.saturating_mul(n)) });
    let groups = i64::try_from(chart.groups.len().max(1)).unwrap_or(i64::MAX);
    let band = 10_000 / groups;
    let each = i64::try_from(chart.series.len().max(1)).unwrap_or(i64::MAX);
    let (mut shapes, mut words) = (Vec::new(), Vec::new());
    for (n, (name, all)) in (0_i64..).zip(&chart.groups) {
        let left = n * band + band * (100 - FILLED) / 200;
        let width = band * FILLED / 100 / each;
        for (m, (datum, (series, ink))) in (0_i64..).zip(all.iter().zip(&chart.series)) {
            let height = up(datum.value);
            // What is there at all is seen.
            let height = if datum.value > 0 { height.max(2) } else { 0 };
            if height > 0 {
                let told = format!("{name}, {series}: {}", datum.words);
                let (x, width) = (place(left + m * width), place((width - width / 10).max(1)));
                shapes.push(Shape { x, y: ABOVE + FIELD - height, width, height, class: ink.class(), told });
            }
        }
        let y = usize::try_from(ABOVE + FIELD + 18).unwrap_or_default();
        words.push(Words { x: place(n * band + band / 2), y, anchor: "middle", class: "name", text: name.clone() });
    }
    Chart {
        id: id.to_owned(),
        title: chart.title.clone(),
        description: chart.description.clone(),
        height: usize::try_from(ABOVE + FIELD + 26).unwrap_or_default(),
        legend: chart.series.iter().map(|(label, ink)| (label.clone(), ink.class())).collect(),
        axis: axis.collect(),
        shapes,
        words,
    }
}

/// The bars as a chart: the longest reaches across.
pub fn bars(id: &str, chart: &Bars) -> Chart {
    let highest = chart.bars.iter().map(|(_, datum)| datum.value).max().unwrap_or_default();
    let (mut shapes, mut words) = (Vec::new(), Vec::new());
    for (n, (name, datum)) in chart.bars.iter().enumerate() {
        let top = n * ROW;
        let y = i64::try_from(top + 22).unwrap_or_default();
        let told = format!("{name}: {}", datum.words);
        shapes.push(Shape { x: "0".into(), y, width: "100%".into(), height: 14, class: "ground", told: String::new() });
        if datum.value > 0 {
            shapes.push(Shape { x: "0".into(), y, width: percent(datum.value, highest), height: 14, class: chart.ink.class(), told });
        }
        words.push(Words { x: "0".into(), y: top + 15, anchor: "start", class: "name", text: short(name) });
        words.push(Words { x: "100%".into(), y: top + 15, anchor: "end", class: "value", text: datum.words.clone() });
    }
    Chart {
        id: id.to_owned(),
        title: chart.title.clone(),
        description: chart.description.clone(),
        height: chart.bars.len() * ROW,
        legend: Vec::new(),
        axis: Vec::new(),
        shapes,
        words,
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn columns_of(values: &[i64]) -> Chart {
        let groups = values.iter().map(|v| ("Nov".to_owned(), vec![Datum::new(*v, v.to_string())])).collect();
        let chart = Columns { title: "Won".into(), description: "By month.".into(), series: vec![("Won".into(), Ink::First)], groups };
        columns("won", &chart, |n| n.to_string())
    }

    #[test]
    fn the_axis_counts_in_steps_that_people_count_in() {
        for (highest, wanted) in [
            (0, (1, 1)),
            (1, (1, 1)),
            (3, (1, 3)),
            (7, (2, 4)),
            (80, (20, 4)),
            (100, (25, 4)),
            (101, (50, 3)),
            (1_234, (500, 3)),
            (999_999, (250_000, 4)),
        ] {
            assert_eq!(steps(highest), wanted, "{highest}");
        }
    }

    #[test]
    fn a_chart_has_a_title_a_description_and_no_style() {
        let html = columns_of(&[3, 0, 7]).to_string();
        for part in [
            "role=\"img\"",
            "<title id=\"won-title\">Won</title>",
            "<desc id=\"won-desc\">By month.</desc>",
            "aria-labelledby=\"won-title won-desc\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("style="));
        assert_eq!(html.matches("<rect class=\"ink1\" x=").count(), 2, "nothing is drawn of nothing");
    }

    #[test]
    fn a_bars_name_is_cut_and_its_whole_name_told() {
        let name = "A reason that somebody wrote with very many words";
        let chart =
            Bars { title: "Why".into(), description: String::new(), ink: Ink::Fourth, bars: vec![(name.into(), Datum::new(1, "1"))] };
        let html = bars("why", &chart).to_string();
        assert!(html.contains("A reason that somebody wrote …") && html.contains(&format!("<title>{name}: 1</title>")), "{html}");
    }

    proptest! {
        #[test]
        fn any_values_are_drawn_within_the_field(values in proptest::collection::vec(any::<i64>(), 0..40)) {
            let chart = columns_of(&values);
            for shape in &chart.shapes {
                prop_assert!(shape.y >= ABOVE && shape.y + shape.height <= ABOVE + FIELD);
            }
            prop_assert!(chart.axis.len() <= 5);
        }
    }
}
