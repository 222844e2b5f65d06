//! Workbooks. A sheet becomes a CSV in memory, cell by cell: a dense grid, as a workbook may claim 17 billion cells.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use kernel::{Code, Error, Result};

use super::Limits;
use crate::guarded;

/// Whether bytes start as a ZIP container or a compound file (an encrypted workbook, or the old XLS).
pub(super) fn is_container(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// The first sheet with data, as UTF-8 CSV with one line per row; rows that the sheet leaves out are empty lines.
pub(super) fn to_csv(bytes: &[u8], limits: Limits) -> Result<Vec<u8>> {
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(malformed(
            "The workbook is protected by a password or in the old XLS format. Open it, remove the password and save it as XLSX or CSV.",
        ));
    }
    check_size(bytes, limits.workbook_bytes)?;
    guarded(|| read(bytes, limits)).unwrap_or_else(|| Err(damaged()))
}

fn malformed(words: &str) -> Error {
    Error::new(Code::Malformed, words)
}

fn damaged() -> Error {
    malformed("The workbook is damaged or is no XLSX. Open it in a spreadsheet program and save it again as XLSX or CSV.")
}

fn too_large() -> Error {
    Error::new(Code::TooLarge, "The workbook unpacks to more than allowed. Save the sheet as CSV.")
}

/// Unpacks everything once into nothing, as the sizes a container claims need not be true.
fn check_size(bytes: &[u8], limit: usize) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut left = limit as u64;
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index(index) else { continue };
        // A broken entry is found again, and reported, when the sheet is read.
        let size = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).unwrap_or(0);
        left = left.checked_sub(size).ok_or_else(too_large)?;
    }
    Ok(())
}

fn read(bytes: &[u8], limits: Limits) -> Result<Vec<u8>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => malformed("The workbook is protected by a password. Remove it and save the workbook again."),
        _ => damaged(),
    })?;
    let mut broken = false;
    for name in book.sheet_names() {
        match sheet(&mut book, &name, limits) {
            Ok(Some(table)) => return Ok(table),
            Ok(None) => {}
            Err(e) if e.code() == Code::TooLarge => return Err(e),
            // Chart sheets are no worksheets; a later sheet may hold the data.
            Err(_) => broken = true,
        }
    }
    Err(if broken { damaged() } else { malformed("The workbook holds no data.") })
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: Limits) -> Result<Option<Vec<u8>>> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| damaged())?;
    let mut out = Vec::new();
    let (mut row, mut column) = (0u32, 0u32);
    let mut any = false;
    while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (r, c) = cell.get_position();
        // Sheets are written row by row; a cell out of order would have to be kept until the end.
        if r < row || (r == row && any && c < column) || r >= 1 << 20 {
            return Err(damaged());
        }
        if c as usize >= limits.columns {
            return Err(Error::new(Code::TooLarge, format!("The sheet has more than {} columns.", limits.columns)));
        }
        while row < r {
            out.push(b'\n');
            (row, column) = (row + 1, 0);
        }
        while column < c {
            out.push(b',');
            column += 1;
        }
        any = true;
        push_cell(&mut out, &text);
        if out.len() > limits.workbook_bytes {
            return Err(too_large());
        }
    }
    out.push(b'\n');
    Ok(any.then_some(out))
}

fn push_cell(out: &mut Vec<u8>, text: &str) {
    let quote = text.starts_with(' ') || text.contains(['"', ',', '\n', '\r']);
    if quote {
        out.push(b'"');
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

/// A cell as a person would type it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.replace('\0', ""),
        DataRef::SharedString(s) => s.replace('\0', ""),
        DataRef::Int(i) => i.to_string(),
        DataRef::Float(f) => f.to_string(),
        DataRef::Bool(b) => if *b { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(d) => date(d),
        DataRef::Error(e) => e.to_string(),
    }
}

fn date(value: &ExcelDateTime) -> String {
    if value.is_duration() || !(0.0..2_958_466.0).contains(&value.as_f64()) {
        return value.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    if value.as_f64() < 1.0 && year < 1904 {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        (_, _, _, 0) => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}
