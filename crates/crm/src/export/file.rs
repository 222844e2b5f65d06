//! Rows of a list as a file: CSV (RFC 4180), XLSX, vCard 4.0 (RFC 6350).

use catalogue::{Address, Field, FieldType, Kind, Value, person};
use kernel::{Code, Error, Instant, Result};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Look, Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize};
use vault::Zeroizing;

use crate::{
    records::Cell,
    views::{ListQuery, ListRow},
};

/// What a file is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
    /// Cards of people.
    Vcard,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Vcard];

    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Vcard => "vcard",
        }
    }

    /// From its stable word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// Its media type and the end of its file's name.
    pub const fn media(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            Self::Vcard => ("text/vcard; charset=utf-8", "vcf"),
        }
    }
}

/// What a withheld value shows as: never silently empty.
const WITHHELD_PURPOSE: &str = "(withheld: purpose)";
const WITHHELD_CLASS: &str = "(withheld: class)";
/// The most characters of a cell of XLSX.
const CELL_MAX: usize = 32_767;

enum Out {
    Csv(Vec<u8>),
    Xlsx(Box<Worksheet>),
    Vcard(Vec<u8>),
}

/// A file in the making.
pub(super) struct Sheet {
    kind: std::sync::Arc<Kind>,
    columns: Vec<Field>,
    out: Out,
    rows: usize,
}

fn failed(cause: XlsxError) -> Error {
    Error::new(Code::TooLarge, "The workbook could not be written: it is larger than XLSX allows. Choose csv.").because(cause)
}

impl Sheet {
    /// With the columns of the list, what names a record first.
    pub(super) fn new(kind: &std::sync::Arc<Kind>, query: &ListQuery, format: Format) -> Result<Self> {
        let chosen = |key: &&String| **key != kind.title;
        let keys: Vec<&String> = if query.columns.is_empty() {
            kind.fields.iter().filter(|field| !field.retired).map(|field| &field.key).collect()
        } else {
            query.columns.iter().collect()
        };
        let columns: Vec<Field> =
            std::iter::once(&kind.title).chain(keys.into_iter().filter(chosen)).filter_map(|key| kind.field(key).cloned()).collect();
        let out = match format {
            Format::Csv => {
                // The mark tells a spreadsheet that it is UTF-8.
                let mut bytes = "\u{feff}".as_bytes().to_vec();
                csv_row(&mut bytes, columns.iter().map(|field| (field.label.clone(), false)));
                Out::Csv(bytes)
            }
            Format::Xlsx => {
                let mut sheet = Worksheet::new();
                let bold = Look::new().set_bold();
                for (at, field) in (0_u16..).zip(&columns) {
                    sheet.write_string_with_format(0, at, field.label.as_str(), &bold).map_err(failed)?;
                }
                sheet.set_freeze_panes(1, 0).map_err(failed)?;
                Out::Xlsx(Box::new(sheet))
            }
            Format::Vcard => Out::Vcard(Vec::new()),
        };
        Ok(Self { kind: kind.clone(), columns, out, rows: 0 })
    }

    /// How many records it has.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// Adds rows of the list.
    pub(super) fn add(&mut self, rows: &[ListRow]) -> Result<()> {
        for row in rows {
            self.rows += 1;
            let cells: Vec<(&Field, String)> = self.columns.iter().map(|field| (field, text(field, row))).collect();
            match &mut self.out {
                Out::Csv(bytes) => csv_row(bytes, cells.into_iter().map(|(field, text)| (text, is_number(field)))),
                Out::Xlsx(sheet) => {
                    let at = u32::try_from(self.rows).map_err(Error::internal)?;
                    for (column, (field, text)) in (0_u16..).zip(cells) {
                        xlsx_cell(sheet, at, column, field, &text)?;
                    }
                }
                Out::Vcard(bytes) => card(bytes, &self.kind, &self.columns, row),
            }
        }
        Ok(())
    }

    /// The file's bytes.
    pub(super) fn finish(self, now: Instant) -> Result<Zeroizing<Vec<u8>>> {
        Ok(Zeroizing::new(match self.out {
            Out::Csv(bytes) | Out::Vcard(bytes) => bytes,
            Out::Xlsx(mut sheet) => {
                // A sheet's name has at most 31 characters and none of these.
                let name: String = self.kind.plural.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
                sheet.set_name(if name.is_empty() { "Records" } else { &name }).map_err(failed)?;
                let mut book = Workbook::new();
                // The library would ask the machine's clock.
                let made = ExcelDateTime::from_timestamp(now.micros() / 1_000_000).map_err(failed)?;
                book.set_properties(&DocProperties::new().set_creation_datetime(&made));
                book.push_worksheet(*sheet);
                book.save_to_buffer().map_err(failed)?
            }
        }))
    }
}

/// Whether its values are numbers and telephone numbers, which may begin with a sign.
const fn is_number(field: &Field) -> bool {
    matches!(field.kind, FieldType::Number | FieldType::Money | FieldType::Phone)
}

/// A cell as the list shows it, in a form that programs read: days and times as ISO 8601, amounts with their currency, choices and links by
/// their names.
fn text(field: &Field, row: &ListRow) -> String {
    match row.shown.cell(&field.key) {
        None => String::new(),
        Some(Cell::Masked(mask)) => mask.clone(),
        Some(Cell::WithheldPurpose) => WITHHELD_PURPOSE.to_owned(),
        Some(Cell::WithheldClass) => WITHHELD_CLASS.to_owned(),
        Some(Cell::Shown(value)) => value.each().iter().map(|one| word(field, one, row)).collect::<Vec<_>>().join(", "),
    }
}

fn word(field: &Field, value: &Value, row: &ListRow) -> String {
    match value {
        Value::Text(key) if field.kind == FieldType::Select => {
            field.options.iter().find(|option| option.key == *key).map_or_else(|| key.clone(), |option| option.label.clone())
        }
        Value::Link(id) => row.links.get(id).map_or_else(|| WITHHELD_CLASS.to_owned(), |to| to.title.clone()),
        other => other.display(),
    }
}

fn only(text: &str, of: fn(&u8) -> bool, and: &[u8]) -> bool {
    text.bytes().all(|b| of(&b) || and.contains(&b))
}

/// One line of CSV. What a spreadsheet would take for a formula gets an apostrophe before it; a number does not, so that
/// `+49 30 …` stays a telephone number wherever it is read.
fn csv_row(out: &mut Vec<u8>, cells: impl Iterator<Item = (String, bool)>) {
    for (at, (text, is_number)) in cells.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let plain = is_number && (only(&text, u8::is_ascii_digit, b"+-./(), ") || only(&text, u8::is_ascii_alphanumeric, b"-., "));
        let defused = if !plain && text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text };
        if defused.contains([',', '"', '\r', '\n']) || defused.starts_with(' ') || defused.ends_with(' ') {
            out.push(b'"');
            out.extend(defused.replace('"', "\"\"").bytes());
            out.push(b'"');
        } else {
            out.extend(defused.bytes());
        }
    }
    out.extend(b"\r\n");
}

fn xlsx_cell(sheet: &mut Worksheet, row: u32, column: u16, field: &Field, text: &str) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    if text.chars().count() > CELL_MAX {
        let words = format!("{} holds a text of more than {CELL_MAX} characters, which XLSX cannot. Choose csv.", field.label);
        return Err(Error::new(Code::TooLarge, words));
    }
    let number = text.parse::<f64>().ok().filter(|n| n.is_finite() && field.kind == FieldType::Number && !field.many);
    // Always as a text: what begins with = stays what it is.
    match number {
        Some(number) => sheet.write_number(row, column, number).map(drop),
        None => sheet.write_string(row, column, text).map(drop),
    }
    .map_err(failed)
}

/// One card. Masked and withheld values are left out: a mask is no address.
fn card(out: &mut Vec<u8>, kind: &Kind, columns: &[Field], row: &ListRow) {
    let shown = |key: &str| match row.shown.cell(key) {
        Some(Cell::Shown(value)) if columns.iter().any(|field| field.key == key) => Some(value),
        _ => None,
    };
    let first = |key: &str| shown(key).and_then(|value| value.each().first().and_then(Value::as_text)).unwrap_or_default().to_owned();
    line(out, "BEGIN", "VCARD");
    line(out, "VERSION", "4.0");
    line(out, "UID", &escaped(&row.shown.id.to_string()));
    let name = match row.shown.cell(&kind.title) {
        Some(Cell::Shown(value)) => value.display(),
        _ => row.shown.title.clone(),
    };
    line(out, "FN", &escaped(&name));
    let (given, family) = (first(person::GIVEN_NAME), first(person::FAMILY_NAME));
    if !given.is_empty() || !family.is_empty() {
        line(out, "N", &format!("{};{};;;", escaped(&family), escaped(&given)));
    }
    for value in shown(person::EMAIL).into_iter().flat_map(Value::each) {
        line(out, "EMAIL", &escaped(&value.display()));
    }
    for value in shown(person::PHONE).into_iter().flat_map(Value::each) {
        line(out, "TEL", &escaped(&value.display()));
    }
    for value in shown(person::COMPANY).into_iter().flat_map(Value::each) {
        if let Value::Link(id) = value
            && let Some(to) = row.links.get(id)
        {
            line(out, "ORG", &escaped(&to.title));
        }
    }
    for (key, property) in [(person::JOB_TITLE, "TITLE"), (person::LANGUAGE, "LANG"), (person::NOTE, "NOTE")] {
        let text = first(key);
        if !text.is_empty() {
            line(out, property, &escaped(&text));
        }
    }
    if let Some(Value::Date(day)) = shown(person::BIRTHDAY) {
        // The basic form of ISO 8601 (RFC 6350 §4.3.1).
        line(out, "BDAY", &day.to_string().replace('-', ""));
    }
    for value in shown(person::ADDRESS).into_iter().flat_map(Value::each) {
        if let Value::Address(address) = value {
            line(out, "ADR", &place(address));
        }
    }
    line(out, "END", "VCARD");
}

/// Post office box; extended; street; locality; region; code; country (RFC 6350 §6.3.1).
fn place(address: &Address) -> String {
    let part = |name: &str| address.parts().into_iter().find(|(key, _)| *key == name).map(|(_, text)| escaped(text)).unwrap_or_default();
    ["", "", &part("street"), &part("city"), &part("region"), &part("postal_code"), &part("country")].join(";")
}

/// A text value (RFC 6350 §3.4).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ',' | ';' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}

/// A content line, folded at 75 octets between characters (RFC 6350 §3.2).
fn line(out: &mut Vec<u8>, property: &str, value: &str) {
    let mut width = 0;
    for c in property.chars().chain([':']).chain(value.chars()) {
        if width + c.len_utf8() > 75 {
            out.extend(b"\r\n ");
            width = 1;
        }
        let mut bytes = [0; 4];
        out.extend(c.encode_utf8(&mut bytes).bytes());
        width += c.len_utf8();
    }
    out.extend(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::csv_row;

    #[test]
    fn numbers_keep_their_signs_and_formulas_lose_theirs() {
        let line = |cells: &[(&str, bool)]| {
            let mut out = Vec::new();
            csv_row(&mut out, cells.iter().map(|(text, is_number)| ((*text).to_owned(), *is_number)));
            String::from_utf8(out).unwrap()
        };
        assert_eq!(line(&[("+49 (30) 123-45", true), ("-5.00 EUR", true), ("-2", true)]), "+49 (30) 123-45,-5.00 EUR,-2\r\n");
        assert_eq!(line(&[("+49 30", false), ("@sum", false), ("=1", true)]), "'+49 30,'@sum,'=1\r\n");
        assert_eq!(
            line(&[("+cmd|' /C calc'!A0", true), ("-HYPERLINK(\"a\")", true)]),
            "'+cmd|' /C calc'!A0,\"'-HYPERLINK(\"\"a\"\")\"\r\n"
        );
    }
}
