use super::*;

fn open_csv(bytes: &[u8]) -> Rows<&[u8]> {
    Rows::csv(bytes, Options::default()).unwrap()
}

fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    open_csv(bytes).map(|r| r.unwrap().cells).collect()
}

#[test]
fn rows_keep_their_own_bytes_and_numbers() {
    let file = b"\xEF\xBB\xBFName;Note\r\nAda;\"two\r\nlines\"\r\n\r\nBo;x";
    let mut rows = open_csv(file);
    assert_eq!(
        (rows.header().to_vec(), rows.delimiter(), rows.encoding()),
        (vec!["Name".to_owned(), "Note".to_owned()], ';', Encoding::Utf8)
    );
    let ada = rows.next().unwrap().unwrap();
    assert_eq!((ada.number, ada.line, ada.raw.as_slice()), (2, 2, &b"Ada;\"two\r\nlines\"\r\n"[..]));
    assert_eq!(ada.cells, ["Ada", "two\r\nlines"]);
    let bo = rows.next().unwrap().unwrap();
    assert_eq!((bo.number, bo.line, bo.raw.as_slice()), (4, 5, &b"Bo;x"[..]));
    assert!(rows.next().is_none());
}

#[test]
fn a_broken_row_is_an_error_and_the_rows_after_it_are_read() {
    let file = b"a,b\n1,2\n\"open,3\n4,5\n\"x\"y,6\n7,8,9\n10,11\x00\n12,13\n";
    let seen: Vec<Result<String, &'static str>> = open_csv(file).map(|r| r.map(|r| r.cells.join("|")).map_err(|e| e.code)).collect();
    assert_eq!(
        seen,
        [
            Ok("1|2".into()),
            Err("broken_quoting"),
            Ok("4|5".into()),
            Err("broken_quoting"),
            Err("too_many_columns"),
            Err("nul_bytes"),
            Ok("12|13".into())
        ]
    );
}

#[test]
fn an_unclosed_quote_at_the_end_costs_one_row() {
    let file = b"a,b\n1,\"open\n2,3\n4,5\n";
    let codes: Vec<bool> = open_csv(file).map(|r| r.is_ok()).collect();
    assert_eq!(codes, [false, true, true]);
}

#[test]
fn rows_and_cells_are_bounded() {
    let limits = Limits { row_bytes: 100, cell_bytes: 20, ..Limits::default() };
    let file = format!("a,b\n{},1\n{},1\nok,1\n", "x".repeat(50), "y".repeat(500));
    let rows = Rows::csv(file.as_bytes(), Options { limits, ..Options::default() }).unwrap();
    let seen: Vec<_> = rows.map(|r| r.map(|r| r.number).map_err(|e| (e.code, e.raw.len() <= 100))).collect();
    assert_eq!(seen, [Err(("cell_too_large", true)), Err(("row_too_large", true)), Ok(4)]);
}

#[test]
fn short_rows_are_filled_and_empty_cells_past_the_header_are_ignored() {
    let rows: Vec<_> = open_csv(b"a,b,\n1\n1,2,,,\n").map(|r| r.unwrap()).collect();
    assert_eq!((rows[0].cells.clone(), rows[0].warnings.clone()), (vec!["1".to_owned(), String::new()], vec!["missing_columns"]));
    assert_eq!(rows[1].cells, ["1", "2"]);
}

#[test]
fn headers_are_named_once_each() {
    assert_eq!(open_csv(b" Phone ,Phone,,E-\xC2\xA0Mail\nx,x,x,x\n").header(), ["Phone", "Phone 2", "column 3", "E- Mail"]);
}

#[test]
fn one_text_reads_the_same_in_every_encoding() {
    let text = "näme,city\nZoë,\"Kö, ln\"\n";
    let expected = cells(text.as_bytes());
    assert_eq!(expected, [["Zoë", "Kö, ln"]]);
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf32: Vec<u8> = text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(c as u32).unwrap()).collect();
    for bytes in [utf16, utf32, latin] {
        assert_eq!(cells(&bytes), expected);
    }
}

#[test]
fn a_delimiter_may_be_announced() {
    assert_eq!(cells(b"sep=;\r\na;b\r\n1,5;2\r\n"), [["1,5", "2"]]);
}

#[test]
fn an_empty_table_is_refused() {
    assert_eq!(Rows::csv(&b"\n\n"[..], Options::default()).err().unwrap().code(), Code::Malformed);
}

#[test]
fn what_is_no_workbook_is_refused_with_words() {
    for bytes in [&b"PK\x03\x04broken"[..], b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"", b"text"] {
        assert_eq!(xlsx(bytes, Options::default()).err().unwrap().code(), Code::Malformed);
    }
}

#[test]
fn seven_hundred_thousand_rows_need_the_memory_of_one() {
    /// A table that is never in memory as a whole.
    struct Endless {
        left: u32,
        line: Vec<u8>,
    }
    impl Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let chunk = self.fill_buf()?;
            let n = chunk.len().min(out.len());
            out[..n].copy_from_slice(&chunk[..n]);
            self.consume(n);
            Ok(n)
        }
    }
    impl BufRead for Endless {
        fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
            if self.line.is_empty() && self.left > 0 {
                self.left -= 1;
                self.line = format!("{},\"a, b\"\n", self.left).into_bytes();
            }
            Ok(&self.line)
        }
        fn consume(&mut self, n: usize) {
            self.line.drain(..n);
        }
    }
    let mut rows = Rows::csv(Endless { left: 750_001, line: Vec::new() }, Options::default()).unwrap();
    let mut count = 0;
    let mut most = 0;
    while let Some(row) = rows.next() {
        assert_eq!(row.unwrap().cells.len(), 2);
        count += 1;
        most = most.max(rows.buffer.capacity());
    }
    assert_eq!(count, 750_000);
    assert!(most < 4 * CHUNK, "buffer grew to {most}");
}
