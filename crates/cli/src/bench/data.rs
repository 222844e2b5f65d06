//! The data set: the same people for the same number, whoever runs it.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use kernel::Result;
use serde_json::{Value, json};

use crate::output::file_refused;

const GIVEN: [&str; 24] = [
    "Anna",
    "Antonia",
    "Andreas",
    "Berta",
    "Björn",
    "Carla",
    "Christian",
    "Dora",
    "Emil",
    "Frieda",
    "Georg",
    "Hanna",
    "Ida",
    "Jan",
    "Karl",
    "Lena",
    "Maria",
    "Martin",
    "Nora",
    "Otto",
    "Paula",
    "Quentin",
    "Rosa",
    "Zoë",
];
const FAMILY: [&str; 20] = [
    "Müller",
    "Schmidt",
    "Schneider",
    "Fischer",
    "Weber",
    "Meyer",
    "Wagner",
    "Becker",
    "Schulz",
    "Hoffmann",
    "Koch",
    "Bauer",
    "Richter",
    "Klein",
    "Wolf",
    "Neumann",
    "Schwarz",
    "Zimmermann",
    "Braun",
    "Krüger",
];
/// The relations that people stand in, evenly.
pub const RELATIONS: [&str; 4] = ["lead", "customer", "partner", "prospect"];
const JOBS: [&str; 5] = ["Director", "Clerk", "Buyer of goods", "Engineer", "Head of sales"];
/// So many people share a company.
const STAFF: usize = 50;

/// A word that only this number has, in syllables: 70⁴ of them, scattered so that their beginnings are.
fn word(n: usize) -> String {
    const CONSONANTS: &[u8; 14] = b"bdfghklmnprstv";
    const VOWELS: &[u8; 5] = b"aeiou";
    const ALL: usize = 70 * 70 * 70 * 70;
    // Odd and not a multiple of 5 or 7: every number below ALL has a place of its own.
    let mut rest = (n % ALL) * 9_369_319 % ALL;
    let mut text = String::new();
    for _ in 0..4 {
        let (consonant, vowel) = (CONSONANTS[rest % 14], VOWELS[rest / 14 % 5]);
        text.push(char::from(if text.is_empty() { consonant.to_ascii_uppercase() } else { consonant }));
        text.push(char::from(vowel));
        rest /= 70;
    }
    text
}

/// The name of person `n`; its last word is theirs alone.
pub fn name(n: usize) -> String {
    format!("{} {} {}", GIVEN[n * 7 % GIVEN.len()], FAMILY[n * 13 / 24 % FAMILY.len()], word(n))
}

/// The address of person `n`.
pub fn email(n: usize) -> String {
    format!("p{n}@firm{}.example", n / STAFF)
}

/// How person `n` stands to the house.
pub const fn relation(n: usize) -> &'static str {
    RELATIONS[n % RELATIONS.len()]
}

fn phone(n: usize) -> String {
    format!("+49 30 {:08}", 10_000_000 + n % 80_000_000)
}

/// A request body that makes person `n`.
pub fn person(n: usize) -> Value {
    json!({ "fields": {
        "name": name(n), "email": [email(n)], "phone": [phone(n)], "job_title": JOBS[n % JOBS.len()], "relation": relation(n),
    } })
}

/// Writes people as a CSV file.
pub fn csv(path: &Path, people: std::ops::Range<usize>) -> Result<()> {
    written(path, |out| {
        writeln!(out, "Name,E-Mail,Phone,Company,Job title,Relation")?;
        people.clone().try_for_each(|n| {
            let (name, email, phone, job) = (name(n), email(n), phone(n), JOBS[n % JOBS.len()]);
            writeln!(out, "{name},{email},{phone},Nordwind {},{job},{}", word(n / STAFF), relation(n))
        })
    })
}

/// Writes mails as a mailbox: one from each of the first people to the house.
pub fn mailbox(path: &Path, count: usize) -> Result<()> {
    written(path, |out| {
        (0..count).try_for_each(|n| {
            let (name, email, about) = (name(n), email(n), word(n + 7));
            let (hour, minute, second) = (n / 3600 % 24, n / 60 % 60, n % 60);
            write!(
                out,
                "From {email} Fri Nov 20 10:00:00 2026\nFrom: =?UTF-8?Q?{}?= <{email}>\nTo: Office <office@house.example>\nSubject: About {about}\n\
                 Date: Fri, 20 Nov 2026 {hour:02}:{minute:02}:{second:02} +0000\nMessage-ID: <{n}.{about}@firm.example>\nMIME-Version: 1.0\n\
                 Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nDear office,\n\nabout {about}: {}\n\nKind regards\n{name}\n\n",
                name.replace(' ', "_").bytes().map(|b| if b.is_ascii_alphanumeric() || b == b'_' { char::from(b).to_string() } else { format!("={b:02X}") }).collect::<String>(),
                "we have looked at the offer and would like to go on with it as it stands, delivery included. ".repeat(6),
            )
        })
    })
}

fn written(path: &Path, write: impl Fn(&mut BufWriter<File>) -> std::io::Result<()>) -> Result<()> {
    let done = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()
    });
    done.map_err(|cause| file_refused("written", path, cause))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_number_gives_the_same_person_and_another_number_another_word() {
        assert_eq!(name(0), name(0));
        let words: HashSet<String> = (0..200_000).map(word).collect();
        assert_eq!(words.len(), 200_000);
        assert!(words.iter().all(|word| word.len() == 8));
    }
}
