//! Tables: CSV in whatever dialect and encoding, and XLSX, row by row with memory for one row at a time.

mod encoding;
mod split;
mod xlsx;

use std::io::{BufRead, Cursor, Read};

use kernel::{Code, Error, Result};

pub use encoding::{Encoding, detect as detect_encoding};
use split::{Splitter, Step};

/// What a table may be at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of one row.
    pub row_bytes: usize,
    /// Characters of one cell, as bytes of UTF-8.
    pub cell_bytes: usize,
    /// Columns.
    pub columns: usize,
    /// Bytes of a workbook once unpacked, and of the rows read from it.
    pub workbook_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { row_bytes: 1 << 20, cell_bytes: 256 << 10, columns: 2_000, workbook_bytes: 512 << 20 }
    }
}

/// How a CSV is read.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Options {
    /// The encoding; found when `None`.
    pub encoding: Option<Encoding>,
    /// The delimiter; found when `None`.
    pub delimiter: Option<char>,
    /// Rows to leave out before the header row (instructions, titles); blank rows are left out anyway.
    pub skip_rows: u64,
    /// The bounds.
    pub limits: Limits,
}

/// One row.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The row's number as a spreadsheet shows it: 1-based, header and blank rows counted.
    pub number: u64,
    /// The line of the file it starts on, 1-based; for XLSX the same as `number`.
    pub line: u64,
    /// The cells; as many as the header has, missing ones empty.
    pub cells: Vec<String>,
    /// The row's own bytes, line end included; for XLSX the row written as UTF-8 CSV, as a workbook has no rows of bytes.
    pub raw: Vec<u8>,
    /// What was odd, as stable words: `bad_encoding`, `missing_columns`.
    pub warnings: Vec<&'static str>,
}

/// A row that could not be read; the rows after it can.
#[derive(Clone, PartialEq, Eq)]
pub struct RowError {
    /// As in [`Row`].
    pub number: u64,
    /// As in [`Row`].
    pub line: u64,
    /// `broken_quoting`, `too_many_columns`, `nul_bytes`, `row_too_large`, `cell_too_large`, `unreadable`.
    pub code: &'static str,
    /// The row's own bytes, as far as kept (never more than the row limit).
    pub raw: Vec<u8>,
}

crate::opaque!(Row);

impl std::fmt::Debug for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {} (line {}): {}", self.number, self.line, self.code)
    }
}

impl RowError {
    /// What is wrong and what to do, without any of the row.
    pub fn detail(&self) -> &'static str {
        match self.code {
            "broken_quoting" => {
                "A quote is opened and not closed, or text follows a closing quote. Double the quotes within a quoted cell."
            }
            "too_many_columns" => "The row has more filled cells than the header. Quote cells that contain the delimiter.",
            "nul_bytes" => "The row contains NUL characters; the file is damaged or in another encoding.",
            "row_too_large" => "The row is larger than allowed.",
            "cell_too_large" => "A cell is larger than allowed.",
            _ => "The rest of the file could not be read.",
        }
    }
}

/// The rows of a table after its header.
pub struct Rows<R> {
    reader: R,
    encoding: Encoding,
    delimiter: char,
    limits: Limits,
    header: Vec<String>,
    header_raw: Vec<u8>,
    /// Read, not used up yet.
    buffer: Vec<u8>,
    used: usize,
    ended: bool,
    number: u64,
    line: u64,
    /// How far an open quote is followed; halved when quotes stay open too often, so that work stays linear.
    patience: usize,
    unclosed: u32,
    failed: bool,
}

/// Bytes asked of the reader at a time, and looked at to find encoding and delimiter.
const CHUNK: usize = 64 << 10;

enum Raw {
    Row(Vec<u8>),
    Bad(Vec<u8>, &'static str),
}

impl<R: BufRead> Rows<R> {
    /// Opens a CSV; encoding and delimiter are found where the options leave them open. The first row that is not blank
    /// is the header.
    ///
    /// # Errors
    /// `malformed` when there is no row at all or its header cannot be read; `unavailable` when reading fails.
    pub fn csv(reader: R, options: Options) -> Result<Self> {
        let mut rows = Self {
            reader,
            encoding: Encoding::Utf8,
            delimiter: ',',
            limits: options.limits,
            header: Vec::new(),
            header_raw: Vec::new(),
            buffer: Vec::new(),
            used: 0,
            ended: false,
            number: 0,
            line: 1,
            patience: options.limits.row_bytes,
            unclosed: 0,
            failed: false,
        };
        let unreadable = |cause: std::io::Error| Error::new(Code::Unavailable, "The table could not be read. Try again.").because(cause);
        while rows.buffer.len() < CHUNK && rows.more().map_err(unreadable)? {}
        let (found, mark) = encoding::detect(&rows.buffer);
        rows.encoding = options.encoding.unwrap_or(found);
        rows.used = mark;
        let (sample, _) = rows.encoding.text(rows.buffer.get(mark..rows.buffer.len().min(CHUNK)).unwrap_or_default());
        let announced = announced_delimiter(&sample);
        rows.delimiter = options.delimiter.or(announced).or_else(|| split::detect_delimiter(&sample)).unwrap_or(',');
        if announced.is_some() {
            rows.next_raw().map_err(unreadable)?;
        }
        for _ in 0..options.skip_rows {
            rows.next_raw().map_err(unreadable)?;
        }
        loop {
            match rows.next_raw().map_err(unreadable)? {
                None => return Err(Error::new(Code::Malformed, "The table is empty: there is no header row.")),
                Some(Raw::Bad(_, code)) => {
                    let words = format!("The header row (line {}) cannot be read ({code}).", rows.line);
                    return Err(Error::new(Code::Malformed, words));
                }
                Some(Raw::Row(raw)) => {
                    let (text, _) = rows.encoding.text(&raw);
                    let cells = split::cells(text.trim_end_matches(['\r', '\n']), rows.delimiter);
                    if cells.iter().all(|c| c.trim().is_empty()) {
                        continue;
                    }
                    if cells.len() > rows.limits.columns || text.contains('\0') {
                        return Err(Error::new(Code::Malformed, "The header row has too many columns or is not text."));
                    }
                    rows.header = normalised(cells);
                    rows.header_raw = raw;
                    return Ok(rows);
                }
            }
        }
    }

    /// The header, normalised: trimmed, blanks joined, never empty (`column 3`), never twice the same (`Phone 2`);
    /// empty columns at the end are left out.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The header row's own bytes.
    pub fn header_raw(&self) -> &[u8] {
        &self.header_raw
    }

    /// The encoding.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The delimiter.
    pub fn delimiter(&self) -> char {
        self.delimiter
    }

    fn more(&mut self) -> std::io::Result<bool> {
        loop {
            if self.ended {
                return Ok(false);
            }
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            let take = chunk.len().min(CHUNK);
            self.buffer.extend_from_slice(chunk.get(..take).unwrap_or_default());
            self.reader.consume(take);
            self.ended = take == 0;
            return Ok(take > 0);
        }
    }

    /// The next row's bytes, line end included; `self.number` and `self.line` are then those of that row's end.
    fn next_raw(&mut self) -> std::io::Result<Option<Raw>> {
        if self.used > CHUNK {
            self.buffer.drain(..self.used);
            self.used = 0;
        }
        let width = self.encoding.width();
        let mut splitter = Splitter::new(self.delimiter);
        let mut at = self.used;
        // Where the first line of this row ends: if its quoting is broken, the next row starts there.
        let mut first_line: Option<usize> = None;
        loop {
            while at + width > self.buffer.len() {
                if !self.more()? {
                    return Ok(self.at_end(at, first_line, &splitter));
                }
            }
            let unit = self.encoding.unit(self.buffer.get(at..).unwrap_or_default());
            let start = at;
            at += width;
            if first_line.is_none() && unit == u32::from('\n') {
                first_line = Some(at);
            }
            match splitter.step(unit) {
                Step::Within => {}
                Step::End => {
                    if unit == u32::from('\r') {
                        at = self.with_line_feed(at)?;
                    }
                    return Ok(Some(Raw::Row(self.take(at))));
                }
                Step::Broken => return self.resync(start, first_line, "broken_quoting").map(Some),
            }
            let length = at - self.used;
            if splitter.is_open() && length > self.patience {
                return self.resync(at, first_line, "broken_quoting").map(Some);
            }
            if length > self.limits.row_bytes {
                return self.resync(at, first_line, "row_too_large").map(Some);
            }
        }
    }

    fn with_line_feed(&mut self, at: usize) -> std::io::Result<usize> {
        let width = self.encoding.width();
        while at + width > self.buffer.len() {
            if !self.more()? {
                return Ok(at);
            }
        }
        let next = self.encoding.unit(self.buffer.get(at..).unwrap_or_default());
        Ok(if next == u32::from('\n') { at + width } else { at })
    }

    fn at_end(&mut self, at: usize, first_line: Option<usize>, splitter: &Splitter) -> Option<Raw> {
        if self.buffer.len() <= self.used {
            return None;
        }
        if splitter.is_open() {
            let end = first_line.unwrap_or(self.buffer.len());
            self.note_unclosed();
            return Some(Raw::Bad(self.take(end), "broken_quoting"));
        }
        // A lone byte at the end of a wide encoding belongs to nothing.
        let end = self.buffer.len().max(at);
        Some(Raw::Row(self.take(end)))
    }

    /// Gives up on a row: it ends with its first line, wherever that ends.
    fn resync(&mut self, at: usize, first_line: Option<usize>, code: &'static str) -> std::io::Result<Raw> {
        let width = self.encoding.width();
        if code == "broken_quoting" && at - self.used > 4096 {
            self.note_unclosed();
        }
        if let Some(end) = first_line.filter(|_| code == "broken_quoting") {
            return Ok(Raw::Bad(self.take(end), code));
        }
        // The line goes on: keep what the limit allows, drop the rest.
        let mut kept = self.buffer.get(self.used..at).unwrap_or_default().to_vec();
        kept.truncate(self.limits.row_bytes);
        let mut at = at;
        loop {
            while at + width > self.buffer.len() {
                self.buffer.drain(..at.min(self.buffer.len()));
                (at, self.used) = (0, 0);
                if !self.more()? {
                    self.used = self.buffer.len();
                    self.number += 1;
                    return Ok(Raw::Bad(kept, code));
                }
            }
            let unit = self.encoding.unit(self.buffer.get(at..).unwrap_or_default());
            let bytes = self.buffer.get(at..at + width).unwrap_or_default();
            if kept.len() + width <= self.limits.row_bytes {
                kept.extend_from_slice(bytes);
            }
            at += width;
            if unit == u32::from('\n') {
                self.used = at;
                self.number += 1;
                self.line += 1;
                return Ok(Raw::Bad(kept, code));
            }
        }
    }

    fn note_unclosed(&mut self) {
        self.unclosed += 1;
        if self.unclosed > 16 {
            self.patience = (self.patience / 2).max(4096);
        }
    }

    fn take(&mut self, end: usize) -> Vec<u8> {
        let raw = self.buffer.get(self.used..end).unwrap_or_default().to_vec();
        self.used = end.min(self.buffer.len());
        self.number += 1;
        let width = self.encoding.width();
        let units = || raw.chunks(width).map(|c| self.encoding.unit(c));
        let feeds = units().filter(|u| *u == u32::from('\n')).count();
        let lines = if feeds == 0 { units().filter(|u| *u == u32::from('\r')).count() } else { feeds };
        self.line += lines as u64;
        raw
    }

    fn row(&self, number: u64, line: u64, raw: Vec<u8>) -> Option<Result<Row, RowError>> {
        let bad = |code, raw| Some(Err(RowError { number, line, code, raw }));
        let (text, clean) = self.encoding.text(&raw);
        let mut cells = split::cells(text.trim_end_matches(['\r', '\n']), self.delimiter);
        if cells.iter().all(|c| c.trim().is_empty()) {
            return None;
        }
        if text.contains('\0') {
            return bad("nul_bytes", raw);
        }
        if cells.iter().any(|c| c.len() > self.limits.cell_bytes) {
            return bad("cell_too_large", raw);
        }
        let mut warnings = Vec::new();
        if !clean {
            warnings.push("bad_encoding");
        }
        if cells.len() > self.header.len() && cells.iter().skip(self.header.len()).any(|c| !c.trim().is_empty()) {
            return bad("too_many_columns", raw);
        }
        if cells.len() < self.header.len() {
            warnings.push("missing_columns");
        }
        cells.resize(self.header.len(), String::new());
        Some(Ok(Row { number, line, cells, raw, warnings }))
    }
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            let line = self.line;
            match self.next_raw() {
                Ok(None) => return None,
                Ok(Some(Raw::Row(raw))) => {
                    if let Some(row) = self.row(self.number, line, raw) {
                        return Some(row);
                    }
                }
                Ok(Some(Raw::Bad(raw, code))) => return Some(Err(RowError { number: self.number, line, code, raw })),
                Err(_) => {
                    self.failed = true;
                    return Some(Err(RowError { number: self.number + 1, line, code: "unreadable", raw: Vec::new() }));
                }
            }
        }
        None
    }
}

/// Excel writes `sep=;` as the first line.
fn announced_delimiter(sample: &str) -> Option<char> {
    let rest = sample.get(..4).filter(|s| s.eq_ignore_ascii_case("sep=")).and_then(|_| sample.get(4..))?;
    let mut chars = rest.chars();
    let delimiter = chars.next().filter(|c| [',', ';', '\t', '|'].contains(c))?;
    matches!(chars.next(), Some('\r' | '\n')).then_some(delimiter)
}

fn normalised(mut cells: Vec<String>) -> Vec<String> {
    while cells.len() > 1 && cells.last().is_some_and(|c| c.trim().is_empty()) {
        cells.pop();
    }
    let mut seen = std::collections::HashMap::<String, u32>::new();
    let mut out = Vec::with_capacity(cells.len());
    for (index, cell) in cells.iter().enumerate() {
        let mut name = cell.split_whitespace().collect::<Vec<_>>().join(" ").replace(['\u{FEFF}', '\u{200B}'], "");
        if name.is_empty() {
            name = format!("column {}", index + 1);
        }
        let times = seen.entry(name.to_lowercase()).or_insert(0);
        *times += 1;
        if *times > 1 {
            name = format!("{name} {times}");
        }
        out.push(name);
    }
    out
}

/// Opens a workbook (XLSX): the first sheet that holds data, dates as ISO 8601 in either date system.
///
/// # Errors
/// `malformed` when it is encrypted, damaged, of another format (such as the old XLS) or holds no data; `too_large`
/// when it unpacks to more than the limit. Either way with words for the person who chose the file.
pub fn xlsx(bytes: &[u8], options: Options) -> Result<Rows<Cursor<Vec<u8>>>> {
    let table = xlsx::to_csv(bytes, options.limits)?;
    Rows::csv(Cursor::new(table), Options { encoding: Some(Encoding::Utf8), delimiter: Some(','), ..options })
}

/// A table of either kind, found by its first bytes.
pub type AnyRows = Rows<Box<dyn BufRead + Send>>;

/// Opens a table by what it is: a ZIP container or compound file is read as a workbook (into memory, up to the
/// workbook limit), all else as CSV.
///
/// # Errors
/// As [`Rows::csv`] and [`xlsx`].
pub fn open(mut reader: impl BufRead + Send + 'static, options: Options) -> Result<AnyRows> {
    let unreadable = |cause: std::io::Error| Error::new(Code::Unavailable, "The table could not be read. Try again.").because(cause);
    let start = reader.fill_buf().map_err(unreadable)?;
    if !xlsx::is_container(start) {
        return Rows::csv(Box::new(reader), options);
    }
    let limit = options.limits.workbook_bytes;
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > limit {
        return Err(Error::new(Code::TooLarge, "The workbook is larger than allowed; save the sheet as CSV."));
    }
    let table = xlsx::to_csv(&bytes, options.limits)?;
    Rows::csv(Box::new(Cursor::new(table)), Options { encoding: Some(Encoding::Utf8), delimiter: Some(','), ..options })
}

#[cfg(test)]
mod tests;
