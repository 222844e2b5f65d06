//! A role whose reach is `team` sees the records of one's team and no more: in lists, search, timelines and exports.

use catalogue::Purposes;
use kernel::{Code, Personal, RecordId, UserId};
use testkit::{TestApp, store_test};
use trail::{
    Actor, Grant, Reach,
    permit::{Manage, ReadRecords, WriteRecords},
};

use super::*;
use crate::{
    identity::{Doorkeeper, NewStaff, TeamId, session, sql, staff, team},
    records::{self, NewRecord},
    search, timeline,
};

const ROLE: &str = "regional";
const PASSWORD: &str = "a sentence that nobody else thinks of";

/// Somebody with a role that reads, writes and exports no further than their team.
struct Colleague {
    id: UserId,
    email: String,
}

impl Colleague {
    async fn hired(app: &TestApp, door: &Doorkeeper, name: &str) -> Self {
        let grant = |privilege: &str| Grant { reach: Reach::Team, ..Grant::everything(privilege) };
        let grants = serde_json::to_string(&["read", "write", "export"].map(grant)).unwrap();
        app.store().write(move |tx| tx.run(sql::ROLE_INSERT, &args![ROLE, grants.as_str()]).map(drop)).await.unwrap();
        let email = format!("{}@house.example", name.to_lowercase());
        let person = |text: &str| Personal::new(text.to_owned());
        let new = NewStaff { name: person(name), email: person(&email), role: ROLE.into(), team: None, purposes: Purposes::all() };
        let hashed = door.hash(app, person(PASSWORD), Vec::new()).await.unwrap();
        let id = managed(app, move |unit, permit| staff::add(unit, permit, &new, &hashed)).await.unwrap();
        Self { id, email }
    }

    /// Who they are in a session of now.
    async fn actor(&self, app: &TestApp, door: &Doorkeeper) -> Actor {
        let email = Personal::new(self.email.clone());
        let opened = door.sign_in(app, None, &email, Personal::new(PASSWORD.to_owned()), None).await.unwrap();
        let mut actor = session::actor_of_session(app, opened.token.expose()).await.unwrap().actor;
        actor.purpose = Purpose::find("sales").unwrap();
        actor
    }
}

async fn managed<T: Send + 'static>(
    app: &TestApp,
    act: impl Fn(&mut Unit, &trail::Permit<Manage>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let permit = app.operator().permit::<Manage>()?;
    app.write(&app.operator(), move |unit| act(unit, &permit)).await
}

async fn written(app: &TestApp, actor: &Actor, name: &str) -> RecordId {
    let json = serde_json::json!({ "name": name, "email": [format!("{}@b.example", name.split(' ').next().unwrap().to_lowercase())] });
    let parsed = records::parse_fields(&app.catalogue().need("person").unwrap(), json.as_object().unwrap()).unwrap();
    let new = NewRecord::new("person", parsed.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

/// Names in a list, in a search for `Lovelace`, and in an export of everybody.
async fn seen(app: &TestApp, actor: &Actor) -> [Vec<String>; 3] {
    let query = ListQuery { via_body: true, ..ListQuery::of("person") };
    let mut listed: Vec<String> = views::serve(app, actor, query.clone(), records::Detail::Masked)
        .await
        .unwrap()
        .rows
        .into_iter()
        .map(|row| row.shown.title)
        .collect();
    let permit = actor.permit::<ReadRecords>().unwrap();
    let hits = app.read(actor, move |unit| search::find(unit, &permit, "Lovelace", &[], 20)).await.unwrap();
    let mut found: Vec<String> = hits.into_iter().map(|hit| hit.title).collect();
    let (id, _) = start(app, actor, &Order { query, format: Format::Csv, unmasked: false, only: None }).await.unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.work_off(&handlers()).await.unwrap();
    let file = String::from_utf8(fetch(app, actor, id).await.unwrap().to_vec()).unwrap();
    let mut exported: Vec<String> =
        file.lines().skip(1).map(|line| line.split(',').next().unwrap_or_default().trim_matches('"').to_owned()).collect();
    for names in [&mut listed, &mut found, &mut exported] {
        names.sort();
    }
    [listed, found, exported]
}

/// Whether they may open a record's timeline.
async fn opens(app: &TestApp, actor: &Actor, id: RecordId) -> bool {
    let permit = actor.permit::<ReadRecords>().unwrap();
    let answer = app.read(actor, move |unit| timeline::of(unit, &permit, id, &[], timeline::Start::Newest, 20)).await;
    match answer {
        Ok(_) => true,
        Err(error) if error.code() == Code::NotFound => false,
        Err(error) => panic!("{error:?}"),
    }
}

store_test! {
    async fn a_role_that_reaches_its_team_sees_no_more_in_a_list_a_search_a_timeline_or_an_export(app: TestApp) {
        let door = Doorkeeper::new();
        let mut people = Vec::new();
        for name in ["Ada", "Bob", "Cy"] {
            people.push(Colleague::hired(&app, &door, name).await);
        }
        let [ada, bob, cy] = <[Colleague; 3]>::try_from(people).ok().unwrap();
        let (north, south) = (made(&app, "North").await, made(&app, "South").await);
        for (colleague, of) in [(&ada, north), (&bob, north), (&cy, south)] {
            let user = colleague.id;
            managed(&app, move |unit, permit| team::join(unit, permit, of, user)).await.unwrap();
        }
        let mine = written(&app, &ada.actor(&app, &door).await, "Anna Lovelace").await;
        let theirs = written(&app, &cy.actor(&app, &door).await, "Carla Lovelace").await;
        let bobs = bob.actor(&app, &door).await;
        assert_eq!(seen(&app, &bobs).await, [["Anna Lovelace"], ["Anna Lovelace"], ["Anna Lovelace"]].map(|all| all.map(str::to_owned).to_vec()));
        assert!(opens(&app, &bobs, mine).await && !opens(&app, &bobs, theirs).await);
        // Who leaves reaches them no more; what is one's own stays.
        let own = written(&app, &bobs, "Bea Lovelace").await;
        let user = bob.id;
        managed(&app, move |unit, permit| team::leave(unit, permit, north, user)).await.unwrap();
        let bobs = bob.actor(&app, &door).await;
        assert_eq!(seen(&app, &bobs).await, [["Bea Lovelace"], ["Bea Lovelace"], ["Bea Lovelace"]].map(|all| all.map(str::to_owned).to_vec()));
        assert!(opens(&app, &bobs, own).await && !opens(&app, &bobs, mine).await);
        // A team that is dissolved opens nothing to anybody but those who own it.
        managed(&app, move |unit, permit| team::dissolve(unit, permit, south)).await.unwrap();
        let cys = cy.actor(&app, &door).await;
        assert!(cys.team.is_none() && opens(&app, &cys, theirs).await && !opens(&app, &cys, mine).await);
    }

    async fn a_team_has_one_name_and_somebody_is_in_one_team_at_most(app: TestApp) {
        let door = Doorkeeper::new();
        let ada = Colleague::hired(&app, &door, "Ada").await.id;
        let (north, south) = (made(&app, "North").await, made(&app, "South").await);
        let again = managed(&app, |unit, permit| team::make(unit, permit, " north ")).await.unwrap_err();
        assert_eq!(again.code(), Code::Duplicate);
        for name in ["", "  ", &"x".repeat(101)] {
            let name = name.to_owned();
            let refused = managed(&app, move |unit, permit| team::make(unit, permit, &name)).await.unwrap_err();
            assert_eq!((refused.code(), refused.problems()[0].pointer.as_str()), (Code::InvalidInput, "/name"));
        }
        managed(&app, move |unit, permit| team::rename(unit, permit, north, "NORTH")).await.unwrap();
        let taken = managed(&app, move |unit, permit| team::rename(unit, permit, north, "South")).await.unwrap_err();
        assert_eq!(taken.code(), Code::Duplicate);
        managed(&app, move |unit, permit| team::join(unit, permit, north, ada)).await.unwrap();
        let twice = managed(&app, move |unit, permit| team::join(unit, permit, north, ada)).await.unwrap_err();
        assert_eq!(twice.code(), Code::Conflict);
        managed(&app, move |unit, permit| team::join(unit, permit, south, ada)).await.unwrap();
        let elsewhere = managed(&app, move |unit, permit| team::leave(unit, permit, north, ada)).await.unwrap_err();
        assert_eq!(elsewhere.code(), Code::Conflict);
        let permit = app.operator().permit::<Manage>().unwrap();
        let teams = app.read(&app.operator(), move |unit| team::list(unit, &permit)).await.unwrap();
        let told: Vec<_> = teams.iter().map(|team| (team.name.as_str(), team.members.as_slice())).collect();
        assert_eq!(told, [("NORTH", &[][..]), ("South", &[ada][..])]);
        let nobody = UserId::mint(app.env());
        assert_eq!(managed(&app, move |unit, permit| team::join(unit, permit, north, nobody)).await.unwrap_err().code(), Code::NotFound);
        let nowhere = TeamId::mint(app.env());
        assert_eq!(managed(&app, move |unit, permit| team::dissolve(unit, permit, nowhere)).await.unwrap_err().code(), Code::NotFound);
    }
}

async fn made(app: &TestApp, name: &'static str) -> TeamId {
    managed(app, move |unit, permit| team::make(unit, permit, name)).await.unwrap()
}
