use super::*;

fn fields_of(kind: Kind, headers: &[&str]) -> Vec<Option<&'static str>> {
    let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
    suggest(&headers, kind).into_iter().map(|s| s.map(|s| s.field)).collect()
}

#[test]
fn the_headers_of_well_known_systems_are_understood() {
    let cases: &[(Kind, &[(&str, &str)])] = &[
        // HubSpot's internal names and labels
        (
            Kind::Person,
            &[
                ("property_firstname", "given_name"),
                ("firstname", "given_name"),
                ("lastname", "family_name"),
                ("hs_object_id", "external_id"),
                ("jobtitle", "job_title"),
                ("property_email_1", "email"),
                ("Record ID - Contact", "external_id"),
                ("Lifecycle Stage", "status"),
                ("hubspot_owner_id", "owner"),
                ("mobilephone", "mobile"),
                ("zip", "postal_code"),
            ],
        ),
        (
            Kind::Company,
            &[
                ("Company Domain Name", "website"),
                ("numberofemployees", "employees"),
                ("annualrevenue", "revenue"),
                ("Company owner", "owner"),
            ],
        ),
        // Salesforce
        (
            Kind::Person,
            &[
                ("FirstName", "given_name"),
                ("AccountName", "company"),
                ("MailingCity", "city"),
                ("MailingStreet", "street"),
                ("MailingPostalCode", "postal_code"),
                ("LeadSource", "source"),
                ("Birthdate", "birthday"),
                ("MobilePhone", "mobile"),
                ("AccountId", "company_id"),
            ],
        ),
        (
            Kind::Company,
            &[
                ("AccountNumber", "external_id"),
                ("BillingCity", "city"),
                ("ANNUALREVENUE", "revenue"),
                ("NumberOfEmployees", "employees"),
                ("WEBSITE", "website"),
            ],
        ),
        // Pipedrive, Zoho, Google, Outlook, EspoCRM, atomic-crm, Northwind
        (
            Kind::Person,
            &[
                ("Person - Name", "name"),
                ("Person - Email - Work", "email"),
                ("Person - Phone - Home", "phone"),
                ("Person - Organization", "company"),
            ],
        ),
        (
            Kind::Person,
            &[
                ("First Name", "given_name"),
                ("Mailing Zip", "postal_code"),
                ("Contact Owner", "owner"),
                ("Secondary Email", "email"),
                ("Account Name", "company"),
            ],
        ),
        (
            Kind::Person,
            &[
                ("Given Name", "given_name"),
                ("E-mail 1 - Value", "email"),
                ("Phone 4 - Value", "phone"),
                ("Organization 1 - Name", "company"),
                ("Address 1 - Country", "country"),
            ],
        ),
        (
            Kind::Person,
            &[
                ("E-mail Address", "email"),
                ("Business Phone", "phone"),
                ("Home Street", "street"),
                ("Business Country/Region", "country"),
                ("E-mail 2 Address", "email"),
            ],
        ),
        (
            Kind::Person,
            &[
                ("firstName", "given_name"),
                ("emailAddress", "email"),
                ("phoneNumber", "phone"),
                ("addressPostalCode", "postal_code"),
                ("accountName", "company"),
            ],
        ),
        (
            Kind::Person,
            &[
                ("email_work", "email"),
                ("phone_home", "phone"),
                ("linkedin_url", "linkedin"),
                ("background", "note"),
                ("company", "company"),
                ("tags", "tags"),
            ],
        ),
        (
            Kind::Person,
            &[("contactName", "name"), ("contactTitle", "job_title"), ("titleOfCourtesy", "salutation"), ("birthDate", "birthday")],
        ),
        (Kind::Company, &[("companyName", "name"), ("customerID", "external_id"), ("postalCode", "postal_code"), ("homePage", "website")]),
    ];
    for (kind, pairs) in cases {
        for (header, field) in *pairs {
            assert_eq!(fields_of(*kind, &[header]), [Some(*field)], "{header}");
        }
    }
}

#[test]
fn eight_languages_name_the_same_fields() {
    for (given, family, mail, company, post) in [
        ("First name", "Last name", "Email", "Company", "Postal code"),
        ("Vorname", "Nachname", "E-Mail-Adresse", "Firma", "PLZ"),
        ("Prénom", "Nom de famille", "Courriel", "Société", "Code postal"),
        ("Nombre de pila", "Apellidos", "Correo electrónico", "Empresa", "Código postal"),
        ("Nome di battesimo", "Cognome", "Posta elettronica", "Azienda", "CAP"),
        ("Primeiro nome", "Sobrenome", "Endereço de e-mail", "Companhia", "CEP"),
        ("Voornaam", "Achternaam", "E-mailadres", "Bedrijf", "Postcode"),
        ("名字", "姓氏", "电子邮件", "公司", "邮编"),
    ] {
        let found = fields_of(Kind::Person, &[given, family, mail, company, post]);
        assert_eq!(found, [Some("given_name"), Some("family_name"), Some("email"), Some("company"), Some("postal_code")], "{given}");
    }
}

#[test]
fn accents_case_and_signs_make_no_difference() {
    assert_eq!(
        fields_of(Kind::Person, &["PRENOM", " e_mail ", "STRASSE", "Téléphone :"]),
        [Some("given_name"), Some("email"), Some("street"), Some("phone")]
    );
}

#[test]
fn several_columns_may_feed_one_field() {
    let found = suggest(&["E-mail 1 - Value".into(), "E-mail 7 - Value".into()], Kind::Person);
    assert_eq!(found.iter().flatten().map(|s| (s.field, s.confidence)).collect::<Vec<_>>(), [("email", 100), ("email", 80)]);
}

#[test]
fn what_is_not_understood_is_left_to_a_person() {
    assert_eq!(
        fields_of(Kind::Person, &["", "_fivetran_synced", "nb_tasks", "hs_merged_object_ids", "has_newsletter", "first_seen", "Deal Name"]),
        [None; 7]
    );
}

#[test]
fn no_field_is_claimed_twice_by_one_kind() {
    for kind in [Kind::Person, Kind::Company] {
        let mut all = fields(kind);
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
