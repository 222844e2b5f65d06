//! Typed names of built-in fields, so that code never spells a key twice.

macro_rules! handles {
    ($($(#[$meta:meta])* $kind:ident { $($name:ident = $key:literal),* $(,)? })*) => {
        $($(#[$meta])* #[allow(missing_docs, reason = "the keys speak for themselves; see kinds/*.toml")]
        pub mod $kind {
            /// The kind's key.
            pub const KIND: &str = stringify!($kind);
            $(pub const $name: &str = $key;)*
        })*

        #[cfg(test)]
        mod tests {
            #[test]
            fn every_handle_names_a_field_that_exists() {
                let catalogue = crate::builtin();
                $($(assert!(catalogue.kind(stringify!($kind)).unwrap().field($key).is_some(), "{}.{}", stringify!($kind), $key);)*)*
            }
        }
    };
}

handles! {
    /// A natural person.
    person { NAME = "name", GIVEN_NAME = "given_name", FAMILY_NAME = "family_name", EMAIL = "email", PHONE = "phone", COMPANY = "company",
             JOB_TITLE = "job_title", RELATION = "relation", ADDRESS = "address", COUNTRY = "country", BIRTHDAY = "birthday",
             EXTERNAL_ID = "external_id", NOTE = "note", LAST_CONTACT = "last_contact", SOURCE = "source", LANGUAGE = "language" }
    /// An organisation.
    company { NAME = "name", DOMAIN = "domain", EMAIL = "email", PHONE = "phone", COUNTRY = "country", EXTERNAL_ID = "external_id" }
    /// A sale in the making.
    deal { NAME = "name", STAGE = "stage", STAGE_SINCE = "stage_since", AMOUNT = "amount", PROBABILITY = "probability",
           EXPECTED_CLOSE = "expected_close", CLOSED = "closed", CLOSE_REASON = "close_reason", COMPANY = "company", PERSON = "person",
           BY_LINES = "by_lines" }
    /// Something to do.
    task { TITLE = "title", DUE = "due", DUE_AT = "due_at", REMIND = "remind", DONE = "done", PERSON = "person", COMPANY = "company", TEXT = "text" }
    /// A note.
    note { TITLE = "title", TEXT = "text", TYPE = "type", PERSON = "person", COMPANY = "company", MENTIONS = "mentions" }
    /// A communication.
    message { SUBJECT = "subject", CHANNEL = "channel", DIRECTION = "direction", FROM = "from", TO = "to", CC = "cc", TEXT = "text",
              CLAIMED_AT = "claimed_at", RECEIVED_AT = "received_at", NATIVE_ID = "native_id", THREAD = "thread", SOURCE = "source",
              ASSURANCE = "assurance", WARNINGS = "warnings", HEADERS = "headers", ORIGINAL = "original", PARTICIPANTS = "participants", CASE = "case" }
    /// A file.
    file { NAME = "name", CONTENT_TYPE = "content_type", SIZE = "size", ORIGINAL = "original", MESSAGE = "message", PERSON = "person" }
    /// A purchase.
    order { NUMBER = "number", PERSON = "person", COMPANY = "company", PLACED = "placed", STATUS = "status", TOTAL = "total", BY_LINES = "by_lines" }
    /// A line of a deal or an order.
    line { TEXT = "text", ORDER = "order", DEAL = "deal", PRODUCT = "product", POSITION = "position", QUANTITY = "quantity", UNIT = "unit",
           PRICE = "price", DISCOUNT = "discount", TAX = "tax", REMOVED = "removed", NET = "net", TAX_AMOUNT = "tax_amount", GROSS = "gross" }
    /// An entry of the catalogue of what is sold.
    product { NAME = "name", CODE = "code", PRICE = "price", UNIT = "unit", TAX = "tax", ACTIVE = "active" }
    /// A question or complaint.
    case { TITLE = "title", PERSON = "person", STATUS = "status", PRIORITY = "priority", SERVICE = "service", SERVICE_DUE = "service_due",
           REPLY_DUE = "reply_due", REPLIED_AT = "replied_at", SOLVE_DUE = "solve_due", SOLVED_AT = "solved_at" }
    /// Something a person did on a web site.
    web_event { NAME = "name", AT = "at", URL = "url", REFERRER = "referrer", PERSON = "person" }
}
