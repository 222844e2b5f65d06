//! Search over blind tokens: by words, beginnings, names in any order, addresses and numbers.

pub mod cursor;
pub mod query;

use catalogue::{Field, FieldType, Purpose};
use trail::Scope;

use crate::records::index;

/// Regions whose way of writing telephone numbers is tried when a number comes without its country (ISO 3166-1 alpha-2).
const REGIONS: [&str; 40] = [
    "DE", "AT", "CH", "FR", "NL", "BE", "LU", "GB", "IE", "ES", "PT", "IT", "PL", "CZ", "SK", "HU", "SI", "HR", "RO", "BG", "GR", "DK",
    "SE", "NO", "FI", "EE", "LV", "LT", "US", "CA", "AU", "NZ", "JP", "SG", "IN", "BR", "MX", "ZA", "IL", "TR",
];

/// Whether a permit's scope and purpose let a field be seen. What may not be seen may not be searched either.
pub fn sees(scope: Scope, purpose: &Purpose, field: &Field) -> bool {
    field.class <= scope.class && field.purposes.serve(purpose)
}

/// Every form under which a field's value may be indexed by its whole: a telephone number without its country has one for each region.
pub fn forms(field: &Field, text: &str) -> Vec<String> {
    let mut forms = vec![index::exact_form(field, text, None)];
    if field.kind == FieldType::Phone {
        forms.extend(REGIONS.iter().filter_map(|region| vault::phone(text, Some(region))));
        forms.push(vault::fold(text));
        forms.sort_unstable();
        forms.dedup();
    }
    forms
}
