//! The kinds that ship.

use std::sync::{Arc, OnceLock};

use crate::{Catalogue, Kind};

const FILES: &[&str] = &[
    include_str!("../kinds/person.toml"),
    include_str!("../kinds/company.toml"),
    include_str!("../kinds/deal.toml"),
    include_str!("../kinds/task.toml"),
    include_str!("../kinds/note.toml"),
    include_str!("../kinds/message.toml"),
    include_str!("../kinds/file.toml"),
    include_str!("../kinds/order.toml"),
    include_str!("../kinds/line.toml"),
    include_str!("../kinds/product.toml"),
    include_str!("../kinds/case.toml"),
    include_str!("../kinds/web_event.toml"),
];

/// The catalogue as shipped, at version 1.
#[expect(clippy::expect_used, reason = "the files are part of the binary and a test reads them")]
pub fn builtin() -> Arc<Catalogue> {
    static BUILTIN: OnceLock<Arc<Catalogue>> = OnceLock::new();
    let read = || {
        let kinds = FILES.iter().map(|text| toml::from_str::<Kind>(text).expect("a built-in kind reads")).collect();
        Arc::new(Catalogue::new(1, kinds).expect("the built-in kinds fit together"))
    };
    Arc::clone(BUILTIN.get_or_init(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_ships_and_personal_fields_name_their_category() {
        let catalogue = builtin();
        assert_eq!(catalogue.kinds().count(), FILES.len());
        for kind in catalogue.kinds() {
            for field in kind.fields.iter().filter(|f| f.is_sealed() && f.class >= crate::Class::Personal) {
                assert!(!field.category.is_empty(), "{}.{} lacks its DPV category", kind.key, field.key);
            }
        }
    }
}
