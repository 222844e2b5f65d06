//! Errors: few kinds, stable codes, one meeting with HTTP (RFC 9457).

use std::fmt;

/// The result of every fallible operation of the house.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// What went wrong, as a stable word that programs may rely on.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        pub enum Code { $($(#[$meta])* $name,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// The stable word (RFC 9457 `code`).
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $text,)* } }
            /// The HTTP status it answers with.
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status,)* } }
        }
    };
}

codes! {
    /// Well-formed, but a value is not acceptable.
    InvalidInput = "invalid_input", 422;
    /// Not readable as what it should be.
    Malformed = "malformed", 400;
    /// A filter on a sealed field does not belong in an address.
    SealedInUrl = "sealed_in_url", 400;
    /// Nobody is signed in.
    Unauthenticated = "unauthenticated", 401;
    /// The actor lacks the privilege.
    Forbidden = "forbidden", 403;
    /// There is none, or none in the actor's scope.
    NotFound = "not_found", 404;
    /// One of these exists already.
    Duplicate = "duplicate", 409;
    /// Somebody changed it meanwhile.
    VersionConflict = "version_conflict", 412;
    /// An `If-Match` is needed to change this.
    PreconditionRequired = "precondition_required", 428;
    /// A legal hold forbids it.
    LegalHold = "legal_hold", 409;
    /// A retention floor forbids it.
    RetentionFloor = "retention_floor", 409;
    /// The record is restricted: kept, not used.
    Restricted = "restricted", 409;
    /// A second person must agree.
    SecondPersonRequired = "second_person_required", 409;
    /// The state of the thing does not allow it.
    Conflict = "conflict", 409;
    /// Larger than allowed.
    TooLarge = "too_large", 413;
    /// The content type is not one that is read here.
    UnsupportedMedia = "unsupported_media_type", 415;
    /// The method is not one this address knows.
    MethodNotAllowed = "method_not_allowed", 405;
    /// Too often.
    RateLimited = "rate_limited", 429;
    /// Cannot be served now; try again.
    Unavailable = "unavailable", 503;
    /// The disk is full.
    StorageFull = "storage_full", 507;
    /// Our fault; the cause is in the log, never in the answer.
    Internal = "internal", 500;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing wrong with one part of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: a JSON pointer (`/email`), a line, a column.
    pub pointer: String,
    /// What, as a stable word (`required`, `too_long`, `not_a_date`).
    pub code: &'static str,
    /// What to do, in words without any of the value.
    pub detail: String,
}

/// An error with a stable code, words for the person who reads it, and a cause that only the log sees.
///
/// `detail` and problems never contain personal data: they name the field, the place and the remedy, not the value.
pub struct Error(Box<Inner>);

struct Inner {
    code: Code,
    detail: String,
    problems: Vec<Problem>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with words for its reader.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner { code, detail: detail.into(), problems: Vec::new(), cause: None }))
    }

    /// Our own fault, with the cause for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(
            Code::Internal,
            "Something went wrong on our side. Nothing was half-done. Try again; if it stays, tell your administrator the reference.",
        )
        .because(cause)
    }

    /// Invalid input at one place.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Code::InvalidInput, "Some of the input cannot be accepted; nothing was changed.").at(pointer, code, detail)
    }

    /// There is no such thing, or not for this actor.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}, or it is not in your scope."))
    }

    /// Adds a problem with one part of the input.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        self.0.problems.push(Problem { pointer: pointer.into(), code, detail: detail.into() });
        self
    }

    /// Adds problems collected elsewhere.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<Problem>) -> Self {
        self.0.problems.extend(problems);
        self
    }

    /// Adds the cause, which is logged and never sent.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Words for the reader, free of personal data.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// What is wrong, part by part.
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// The cause, for the log.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)?;
        for problem in &self.0.problems {
            write!(f, " [{}: {}]", problem.pointer, problem.detail)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.0.code)?;
        if let Some(cause) = &self.0.cause {
            write!(f, " (cause: {cause})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|c| c as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_words() {
        let mut words: Vec<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
    }

    #[test]
    fn a_cause_is_kept_from_the_reader() {
        let error = Error::internal("row 17 of ada@example.org");
        assert!(!error.to_string().contains("ada"));
        assert!(error.cause().is_some());
    }
}
