//! Invented people and firms. Every address is on a reserved domain (RFC 2606), every telephone number in a range kept for fiction
//! where the country has one.

/// A country of the demonstration: law, names, places, and how people there are called on the telephone.
pub struct Country {
    /// Legal order.
    pub law: &'static str,
    /// Language.
    pub language: &'static str,
    /// Currency (ISO 4217).
    pub currency: &'static str,
    /// Given names.
    pub given: &'static [&'static str],
    /// Family names.
    pub family: &'static [&'static str],
    /// Cities with a postal code.
    pub cities: &'static [(&'static str, &'static str)],
    /// Streets.
    pub streets: &'static [&'static str],
    /// What telephone numbers begin with.
    pub phone: &'static str,
    /// What firms' names end with.
    pub firm: &'static [&'static str],
}

/// The countries.
pub const COUNTRIES: &[Country] = &[
    Country {
        law: "DE",
        language: "de",
        currency: "EUR",
        given: &[
            "Anna",
            "Benedikt",
            "Clara",
            "Dirk",
            "Elif",
            "Friedrich",
            "Greta",
            "Henrik",
            "Ines",
            "Jonas",
            "Katharina",
            "Lukas",
            "Mareike",
        ],
        family: &["Straub", "Köhler", "Öztürk", "Weiß", "Lindner", "Brandt", "Vogelsang", "Hartmann", "Seidel", "Reuter", "Albrecht"],
        cities: &[("Hamburg", "20095"), ("Leipzig", "04109"), ("Freiburg", "79098"), ("Bremen", "28195")],
        streets: &["Hafenstraße", "Lindenallee", "Marktplatz", "Am Wehr"],
        phone: "+49 30 23125",
        firm: &["GmbH", "KG", "AG"],
    },
    Country {
        law: "FR",
        language: "fr",
        currency: "EUR",
        given: &["Amélie", "Bastien", "Camille", "Damien", "Élodie", "François", "Gaëlle", "Hugo", "Inès", "Julien", "Léa", "Mathieu"],
        family: &["Lefèvre", "Moreau", "Dubois", "Garnier", "Roussel", "Chevalier", "Benoît", "Marchand", "Fontaine"],
        cities: &[("Lyon", "69002"), ("Nantes", "44000"), ("Lille", "59000"), ("Annecy", "74000")],
        streets: &["rue des Tanneurs", "quai du Rhône", "avenue Foch"],
        phone: "+33 1 99 00 12 ",
        firm: &["SARL", "SAS", "et Fils"],
    },
    Country {
        law: "IT",
        language: "it",
        currency: "EUR",
        given: &["Alessia", "Bruno", "Chiara", "Davide", "Elena", "Fabio", "Giulia", "Lorenzo", "Marta", "Nicolò", "Paola"],
        family: &["Lombardi", "Ricci", "Marchetti", "Bianchi", "Esposito", "Ferrara", "Conti", "Gallo"],
        cities: &[("Milano", "20121"), ("Torino", "10123"), ("Bologna", "40126")],
        streets: &["Via Solferino", "Corso Garibaldi", "Via Emilia"],
        phone: "+39 02 5550 11",
        firm: &["S.r.l.", "S.p.A."],
    },
    Country {
        law: "UK",
        language: "en",
        currency: "GBP",
        given: &["Amara", "Callum", "Eleanor", "Farid", "Georgia", "Harriet", "Isaac", "Keira", "Malik", "Niamh", "Oliver"],
        family: &["Okafor", "Whitfield", "Ashdown", "Patel", "Sinclair", "Hargreaves", "Llewellyn", "Thorne"],
        cities: &[("Bristol", "BS1 4DJ"), ("Leeds", "LS1 5AA"), ("Glasgow", "G1 2FF")],
        streets: &["Harbour Row", "Mill Lane", "King Street"],
        phone: "+44 20 7946 09",
        firm: &["Ltd", "LLP", "plc"],
    },
    Country {
        law: "US-CA",
        language: "en",
        currency: "USD",
        given: &["Avery", "Brianna", "Carlos", "Daniel", "Esperanza", "Grace", "Hector", "Jasmine", "Kenji", "Linh", "Marcus"],
        family: &["Reyes", "Nguyen", "Whitaker", "Delgado", "Ito", "Freeman", "Castellanos", "Tran", "Brooks"],
        cities: &[("Oakland", "94607"), ("Sacramento", "95814"), ("San Diego", "92101")],
        streets: &["Alder Street", "Mission Boulevard", "Grand Avenue"],
        phone: "+1 510 555 01",
        firm: &["Inc.", "LLC"],
    },
    Country {
        law: "NL",
        language: "nl",
        currency: "EUR",
        given: &["Anouk", "Bram", "Daan", "Femke", "Jasper", "Lotte", "Maarten", "Noor", "Sander", "Yara"],
        family: &["de Vries", "van den Berg", "Bakker", "Visser", "Smit", "Mulder"],
        cities: &[("Utrecht", "3511 AB"), ("Delft", "2611 CA")],
        streets: &["Oudegracht", "Kanaalweg"],
        phone: "+31 20 555 01",
        firm: &["B.V.", "N.V."],
    },
];

/// First halves of firms' names.
pub const FIRMS: &[&str] = &[
    "Nordwind",
    "Silberquell",
    "Atelier Fontaine",
    "Harbour",
    "Redwood",
    "Kestrel",
    "Bellavista",
    "Polder",
    "Granit",
    "Meridian",
    "Juniper",
    "Lumière",
    "Castello",
    "Brightwater",
    "Oakfield",
    "Tidewater",
    "Alpina",
    "Verdant",
    "Kontor",
    "Sable",
    "Copper Hill",
    "Blaufeld",
];

/// What firms do, and the second half of their name.
pub const TRADES: &[(&str, &str)] = &[
    ("Logistics", "Logistik"),
    ("Architecture", "Studio"),
    ("Food wholesale", "Foods"),
    ("Mechanical engineering", "Works"),
    ("Health care", "Care"),
    ("Insurance", "Assurance"),
    ("Software", "Systems"),
    ("Education", "Academy"),
    ("Retail", "Trading"),
    ("Energy", "Energy"),
];

/// What people are.
pub const TITLES: &[&str] = &[
    "Head of procurement",
    "Owner",
    "Office manager",
    "Managing director",
    "Facility manager",
    "Data protection officer",
    "Buyer",
    "Project lead",
    "Accountant",
    "Head of IT",
];

/// What is sold.
pub const DEALS: &[&str] = &[
    "Showroom refit",
    "Annual service contract",
    "Second warehouse",
    "Pilot in three branches",
    "Replacement of lift doors",
    "Framework agreement",
    "Training for twelve",
    "Relocation of archive",
    "Spare parts 2027",
    "Energy audit",
];

/// Where they were met.
pub const SOURCES: &[&str] = &["Trade fair", "Recommendation", "Web form", "Cold call", "Newsletter", "Partner"];

/// Letters: subject and text. `{name}`, `{deal}` and `{firm}` are filled in.
pub const LETTERS: &[(&str, &str)] = &[
    (
        "Offer for {deal}",
        "Hello,\n\nthank you for the call. Could you send the offer for {deal} with the second variant by Friday? The address for the invoice has changed.\n\nKind regards\n{name}",
    ),
    (
        "Question about the invoice",
        "Good morning,\n\nthe last invoice shows the old cost centre. Please send a corrected one to our accounts.\n\nBest\n{name}\n{firm}",
    ),
    (
        "Revised floor plan",
        "Dear team,\n\nthe revised plan for {deal} is attached. The fitters need access from the courtyard, the ramp carries 3.5 t.\n\n{name}",
    ),
    ("Delivery next week", "Hi,\n\ncan we move the delivery to Thursday afternoon? Our gate is closed before noon.\n\nThanks, {name}"),
    ("Appointment on site", "Hello,\n\nTuesday at ten suits us. Please bring the samples in oak and ash.\n\n{name}"),
    ("Thank you", "The work for {deal} is done and we are happy with it. Please pass our thanks on to the fitters.\n\n{name}, {firm}"),
    (
        "Complaint: scratched panels",
        "Dear Sir or Madam,\n\nfour of the panels arrived with scratches. Photographs follow. What do you suggest?\n\n{name}",
    ),
    ("Please delete me from the newsletter", "I no longer wish to receive your newsletter. Our contract is not affected.\n\n{name}"),
];

/// Notes after a call.
pub const NOTES: &[(&str, &str)] = &[
    ("Call", "Prefers the second variant, budget confirmed. Decision with her partner by the end of the month."),
    ("Visit", "Showed the workshop. Interested in a service contract from spring on."),
    ("Follow-up", "Wants references from two customers in the same trade."),
    ("Price", "Compares us with one other firm; asks for terms of 30 days."),
];
