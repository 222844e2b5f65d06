//! Rows of a CSV, XLSX or vCard file, one after the other, with memory for one at a time (a workbook is unpacked in memory).

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::PathBuf,
    sync::Arc,
};

use kernel::{Code, Error, Personal, Result};
use parse::{
    table::{self, AnyRows},
    vcard::{self, Cards, Contact, Typed},
};
use trail::App;

use crate::capture::{Sent, Stored};

/// What is imported. It is read from threads that may wait.
#[derive(Clone)]
pub enum Source {
    /// A file on this machine.
    Path(PathBuf),
    /// A file that was sent.
    Sent {
        /// The name it came with.
        name: Personal<String>,
        /// Its bytes, sealed.
        file: Arc<Stored>,
        /// Where they are sealed.
        app: App,
    },
}

impl Source {
    /// A file that was sent.
    pub fn of(app: &App, sent: &Sent) -> Self {
        Self::Sent { name: sent.name.clone(), file: Arc::clone(&sent.file), app: app.clone() }
    }

    /// The file's name without its folders.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            Self::Sent { name, .. } => name.expose().clone(),
        }
    }

    fn reader(&self) -> Result<Box<dyn BufRead + Send>> {
        match self {
            Self::Path(path) => {
                let file = File::open(path).map_err(|cause| {
                    Error::new(Code::NotFound, format!("{} is not there or may not be read.", path.display())).because(cause)
                })?;
                Ok(Box::new(BufReader::with_capacity(64 << 10, file)))
            }
            Self::Sent { file, app, .. } => Ok(Box::new(file.reader(app))),
        }
    }
}

/// One row: its place in the run, which is its number as a spreadsheet shows it; its cells or why there are none, its own bytes.
pub(super) struct Row {
    pub n: i64,
    pub number: u64,
    pub cells: Result<Vec<String>, &'static str>,
    pub raw: Vec<u8>,
}

/// The columns that a vCard is laid out in. Several values of one cell stand on lines of their own.
const CARD: [&str; 17] = [
    "Name",
    "Given name",
    "Family name",
    "Email",
    "Phone",
    "Company",
    "Job title",
    "Street",
    "City",
    "State",
    "Postal code",
    "Country",
    "Website",
    "Birthday",
    "Note",
    "Nickname",
    "External ID",
];

/// An open file.
pub(super) struct Table {
    pub header: Vec<String>,
    /// `csv` (or a workbook read as one) or `vcard`.
    pub format: &'static str,
    pub encoding: &'static str,
    pub delimiter: Option<char>,
    rows: Rows,
    n: i64,
}

enum Rows {
    Table(Box<AnyRows>),
    Cards(Cards<Box<dyn BufRead + Send>>),
}

impl Table {
    /// Opens a file by what it is. Errors: those of [`table::open`].
    pub fn open(source: &Source) -> Result<Self> {
        let mut reader = source.reader()?;
        let start =
            reader.fill_buf().map_err(|cause| Error::new(Code::Unavailable, "The file cannot be read. Try again.").because(cause))?;
        if vcard::looks_like_vcard(start) {
            let header = CARD.map(str::to_owned).to_vec();
            return Ok(Self { header, format: "vcard", encoding: "utf-8", delimiter: None, rows: Rows::Cards(Cards::new(reader)), n: 0 });
        }
        let format = if start.starts_with(b"PK") { "xlsx" } else { "csv" };
        let rows = table::open(reader, table::Options::default())?;
        let (header, encoding, delimiter) = (rows.header().to_vec(), rows.encoding().as_str(), Some(rows.delimiter()));
        Ok(Self { header, format, encoding, delimiter: delimiter.filter(|_| format == "csv"), rows: Rows::Table(Box::new(rows)), n: 0 })
    }
}

impl Iterator for Table {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let (number, cells, raw) = match &mut self.rows {
            Rows::Table(rows) => match rows.next()? {
                Ok(row) => (row.number, Ok(row.cells), row.raw),
                Err(error) => (error.number, Err(error.code), error.raw),
            },
            Rows::Cards(cards) => {
                let number = u64::try_from(self.n + 1).unwrap_or_default();
                match cards.next()? {
                    Ok(card) => (number, Ok(cells(&card)), card.raw),
                    Err(error) => (number, Err(error.code().as_str()), Vec::new()),
                }
            }
        };
        // Reports and the run itself count alike: rows by the number that a spreadsheet shows.
        self.n = i64::try_from(number).unwrap_or(i64::MAX).max(self.n + 1);
        Some(Row { n: self.n, number, cells, raw })
    }
}

fn cells(card: &Contact) -> Vec<String> {
    let several = |values: &[Typed]| values.iter().map(|t| t.value.as_str()).collect::<Vec<_>>().join("\n");
    let phones: Vec<Typed> = card.phones.iter().filter(|p| !p.types.iter().any(|t| t == "fax")).cloned().collect();
    let address = card.addresses.first().cloned().unwrap_or_default();
    let street = [&address.po_box, &address.extended, &address.street].into_iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>();
    // A birthday without its year is no date of the calendar; it stays in the card's own bytes.
    let birthday = card.birthday.as_deref().filter(|b| parse::date::parse_date(b, parse::date::DateOrder::Ymd).is_some());
    vec![
        card.formatted_name.clone(),
        card.name.given.clone(),
        card.name.family.clone(),
        several(&card.emails),
        several(&phones),
        card.organization.clone(),
        card.title.clone(),
        street.join("\n"),
        address.locality,
        address.region,
        address.postal_code,
        address.country,
        card.urls.first().map(|u| u.value.clone()).unwrap_or_default(),
        birthday.unwrap_or_default().to_owned(),
        card.note.clone(),
        card.nicknames.join(", "),
        card.uid.clone().unwrap_or_default(),
    ]
}
