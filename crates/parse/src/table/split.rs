//! Where rows end and cells begin (RFC 4180, read leniently).

/// How far a row has been read, over code units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// A quote within a quoted cell: the end of it, or the first of two.
    Closed,
}

/// What the splitter says of the unit just read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// The row goes on.
    Within,
    /// The unit (a line feed, or a carriage return that may be followed by one) ended the row.
    End,
    /// Text follows a closing quote: the quoting of this row is broken.
    Broken,
}

/// Follows the quoting of one row.
pub(crate) struct Splitter {
    delimiter: u32,
    at: At,
}

impl Splitter {
    pub fn new(delimiter: char) -> Self {
        Self { delimiter: u32::from(delimiter), at: At::CellStart }
    }

    /// Whether a quoted cell is open.
    pub fn is_open(&self) -> bool {
        self.at == At::Quoted
    }

    pub fn step(&mut self, unit: u32) -> Step {
        const QUOTE: u32 = '"' as u32;
        const LF: u32 = '\n' as u32;
        const CR: u32 = '\r' as u32;
        const BLANK: u32 = ' ' as u32;
        let ends = unit == LF || unit == CR;
        self.at = match (self.at, unit) {
            (At::Quoted, QUOTE) => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (_, _) if ends => return Step::End,
            (_, u) if u == self.delimiter => At::CellStart,
            (At::CellStart, QUOTE) => At::Quoted,
            // Blanks around a quoted cell are not part of it.
            (At::CellStart, BLANK) => At::CellStart,
            (At::CellStart | At::Plain, _) => At::Plain,
            (At::Closed, QUOTE) => At::Quoted,
            (At::Closed, BLANK) => At::Closed,
            (At::Closed, _) => return Step::Broken,
        };
        Step::Within
    }
}

/// The cells of a row whose quoting is sound. A quote within an unquoted cell stands for itself.
pub(crate) fn cells(row: &str, delimiter: char) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = row;
    loop {
        let inner = rest.trim_start_matches(' ');
        if let Some(quoted) = inner.strip_prefix('"') {
            let mut cell = String::new();
            let mut tail = quoted;
            loop {
                let Some((text, after)) = tail.split_once('"') else {
                    cell.push_str(tail);
                    tail = "";
                    break;
                };
                cell.push_str(text);
                tail = after;
                match after.strip_prefix('"') {
                    Some(more) => {
                        cell.push('"');
                        tail = more;
                    }
                    None => break,
                }
            }
            out.push(cell);
            match tail.split_once(delimiter) {
                Some((_, after)) => rest = after,
                None => return out,
            }
        } else {
            match rest.split_once(delimiter) {
                Some((cell, after)) => {
                    out.push(cell.to_owned());
                    rest = after;
                }
                None => {
                    out.push(rest.to_owned());
                    return out;
                }
            }
        }
    }
}

/// The delimiter of a text: the one of `,` `;` tab `|` that gives the most rows the same number (at least two) of cells.
pub(crate) fn detect_delimiter(sample: &str) -> Option<char> {
    let mut best: Option<(usize, usize, char)> = None;
    for delimiter in [',', ';', '\t', '|'] {
        let counts = row_widths(sample, delimiter);
        let Some(first) = counts.first().copied().filter(|c| *c > 1) else { continue };
        let agreeing = counts.iter().filter(|c| **c == first).count();
        let score = (agreeing * 100 / counts.len().max(1), first, delimiter);
        if best.is_none_or(|b| (score.0, score.1) > (b.0, b.1)) {
            best = Some(score);
        }
    }
    best.map(|(_, _, delimiter)| delimiter)
}

fn row_widths(sample: &str, delimiter: char) -> Vec<usize> {
    let mut splitter = Splitter::new(delimiter);
    let mut widths = Vec::new();
    let (mut width, mut filled) = (1, false);
    for c in sample.chars() {
        let was_open = splitter.is_open();
        match splitter.step(u32::from(c)) {
            Step::End => {
                if filled {
                    widths.push(width);
                }
                (width, filled) = (1, false);
                splitter = Splitter::new(delimiter);
                if widths.len() >= 100 {
                    break;
                }
            }
            step => {
                filled = true;
                if c == delimiter && !was_open && step == Step::Within {
                    width += 1;
                }
                if step == Step::Broken {
                    splitter.at = At::Plain;
                }
            }
        }
    }
    // The sample may end within a row; a table of one row has no other.
    if filled && (widths.is_empty() || !splitter.is_open() && sample.len() < 4096) {
        widths.push(width);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_follow_rfc_4180() {
        assert_eq!(cells(r#"a,"b ""x"", c",,d"#, ','), ["a", "b \"x\", c", "", "d"]);
        assert_eq!(cells(r#"37°36'37.8"N, "q" ,"#, ','), ["37°36'37.8\"N", "q", ""]);
        assert_eq!(cells("", ','), [""]);
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_a_table() {
        assert_eq!(detect_delimiter("a;b;c\n1,5;2;3\n"), Some(';'));
        assert_eq!(detect_delimiter("a\tb\n1, 2\t3\n"), Some('\t'));
        assert_eq!(detect_delimiter("a|b\n1|2\n"), Some('|'));
        assert_eq!(detect_delimiter("a,b\n\"x;y;z\",2\n"), Some(','));
        assert_eq!(detect_delimiter("alone\n1\n"), None);
    }
}
