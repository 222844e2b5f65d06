//! People and companies in, from CSV, XLSX and vCard.
