//! Stories of coming in and being kept out, on both engines.

use std::time::Duration;

use catalogue::{Class, Purpose, Purposes};
use kernel::{ApiKeyId, Code, Error, Personal, UserId};
use store::{args, prepare_all};
use testkit::{TestApp, store_test};
use trail::{
    Actor, App, Reach, Who,
    permit::{self, Manage},
};

use super::*;

const PASSWORD: &str = "seven quiet herons by the mill";
const OTHER: &str = "nine loud geese on a barge";

fn word(text: &str) -> Personal<String> {
    Personal::new(text.to_owned())
}

fn purpose(key: &str) -> &'static Purpose {
    Purpose::find(key).unwrap()
}

/// A house with its first administrator, `ada@house.example`.
async fn house(app: &App) -> (Doorkeeper, UserId) {
    let door = Doorkeeper::new();
    let code = setup::begin(app).await.unwrap().unwrap();
    let who = (word("Ada Lovelace"), word("Ada@House.example"));
    let id = door.set_up(app, None, code, who, word(PASSWORD)).await.unwrap();
    (door, id)
}

async fn sign_in(app: &App, door: &Doorkeeper, email: &str, password: &str) -> Result<SignedIn, Error> {
    door.sign_in(app, None, &word(email), word(password), None).await
}

async fn session(app: &App, door: &Doorkeeper, email: &str, password: &str) -> (String, Session) {
    let token = sign_in(app, door, email, password).await.unwrap().token.into_inner();
    let session = session::actor_of_session(app, &token).await.unwrap();
    (token, session)
}

/// Somebody with a role, whose password is `OTHER`.
async fn hire(app: &TestApp, door: &Doorkeeper, email: &str, role: &str) -> UserId {
    let new = NewStaff { name: word("Grace Hopper"), email: word(email), role: role.into(), team: None, purposes: Purposes::all() };
    let hashed = door.hash(app, word(OTHER), vec![new.name.clone(), new.email.clone()]).await.unwrap();
    let actor = app.operator();
    let permit = actor.permit::<Manage>().unwrap();
    app.write(&actor, move |unit| staff::add(unit, &permit, &new, &hashed)).await.unwrap()
}

async fn manage<T: Send + 'static>(
    app: &App,
    actor: &Actor,
    act: impl Fn(&mut trail::Unit, &trail::Permit<Manage>) -> kernel::Result<T> + Send + 'static,
) -> kernel::Result<T> {
    let permit = actor.permit::<Manage>()?;
    app.write(actor, move |unit| act(unit, &permit)).await
}

async fn events(app: &App, name: &'static str) -> usize {
    let count = "SELECT COUNT(*) FROM event WHERE name = ?1";
    app.store().read(move |tx| tx.one(count, &args![name], |row| row.get::<i64>(0))).await.unwrap() as usize
}

store_test! {
    async fn every_statement_is_valid(app: TestApp) {
        app.store().write(|tx| prepare_all(tx, false, sql::ALL)).await.unwrap();
    }

    async fn the_code_makes_one_administrator_and_no_second(app: TestApp) {
        let (door, _) = house(&app).await;
        assert!(setup::begin(&app).await.unwrap().is_none(), "no code once somebody is there");
        let again = door.set_up(&app, None, word("0000-0000-0000-0000-0000"), (word("Eve"), word("eve@house.example")), word(OTHER)).await;
        assert_eq!(again.unwrap_err().code(), Code::Conflict);
        let (_, ada) = session(&app, &door, "ada@house.example", PASSWORD).await;
        assert_eq!((ada.role.as_str(), ada.actor.purpose.key), ("admin", "administration"));
        assert_eq!((events(&app, "setup.begun").await, events(&app, "setup.completed").await), (1, 1));
    }

    async fn a_wrong_or_outdated_code_is_refused_and_typing_habits_are_not(app: TestApp) {
        let door = Doorkeeper::new();
        let old = setup::begin(&app).await.unwrap().unwrap();
        let code = setup::begin(&app).await.unwrap().unwrap();
        let who = || (word("Ada Lovelace"), word("ada@house.example"));
        for wrong in [old, word(""), word("not the code")] {
            assert_eq!(door.set_up(&app, None, wrong, who(), word(PASSWORD)).await.unwrap_err().code(), Code::Forbidden);
        }
        let weak = door.set_up(&app, None, code.clone(), who(), word("short")).await.unwrap_err();
        assert_eq!(weak.problems()[0].code, "too_short");
        let typed = code.map(|c| c.to_uppercase().replace('-', " ").replace('0', "O").replace('1', "l"));
        door.set_up(&app, None, typed, who(), word(PASSWORD)).await.unwrap();
    }

    async fn guessing_codes_is_slowed_down(app: TestApp) {
        let door = Doorkeeper::new();
        let code = setup::begin(&app).await.unwrap().unwrap();
        let who = || (word("Ada Lovelace"), word("ada@house.example"));
        for _ in 0..30 {
            let refused = door.set_up(&app, None, word("guess"), who(), word(PASSWORD)).await.unwrap_err();
            assert_eq!(refused.code(), Code::Forbidden);
        }
        assert_eq!(door.set_up(&app, None, code, who(), word(PASSWORD)).await.unwrap_err().code(), Code::RateLimited);
    }

    async fn nothing_readable_about_staff_is_stored(app: TestApp) {
        house(&app).await;
        for needle in ["Lovelace", "ada@house", "Ada@House", PASSWORD] {
            assert_eq!(app.bytes_found(needle.as_bytes()), Vec::<String>::new(), "{needle}");
        }
    }

    async fn an_unknown_address_a_wrong_password_and_a_disabled_account_sound_alike(app: TestApp) {
        let (door, _) = house(&app).await;
        let gone = hire(&app, &door, "gone@house.example", role::AGENT).await;
        manage(&app, &app.operator(), move |unit, permit| staff::disable(unit, permit, gone)).await.unwrap();
        let tries = [("ada@house.example", "a wrong one of mine"), ("nobody@house.example", PASSWORD), ("gone@house.example", OTHER), ("no address", "x")];
        let mut words = Vec::new();
        for (email, password) in tries {
            let refused = sign_in(&app, &door, email, password).await.unwrap_err();
            words.push((refused.code(), refused.detail().to_owned(), refused.problems().len()));
        }
        assert_eq!(words[0].0, Code::Unauthenticated);
        assert!(words.iter().all(|w| *w == words[0]), "{words:?}");
    }

    async fn the_fifth_wrong_try_makes_everybody_wait_whether_the_account_exists_or_not(app: TestApp) {
        let (door, _) = house(&app).await;
        for email in ["ada@house.example", "nobody@house.example"] {
            for _ in 0..5 {
                assert_eq!(sign_in(&app, &door, email, "wrong wrong wrong").await.unwrap_err().code(), Code::Unauthenticated);
            }
            assert_eq!(sign_in(&app, &door, email, PASSWORD).await.unwrap_err().code(), Code::RateLimited, "{email}");
        }
        app.clock.advance(Duration::from_millis(1_100));
        assert!(sign_in(&app, &door, "ada@house.example", PASSWORD).await.is_ok(), "a second later the right one opens");
        assert_eq!(sign_in(&app, &door, "ada@house.example", "wrong wrong wrong").await.unwrap_err().code(), Code::Unauthenticated);
        assert!(sign_in(&app, &door, "ada@house.example", PASSWORD).await.is_ok(), "and the count began afresh");
    }

    async fn refusals_leave_one_event_a_minute_and_not_one_a_try(app: TestApp) {
        let (door, _) = house(&app).await;
        for _ in 0..4 {
            sign_in(&app, &door, "nobody@house.example", "wrong wrong wrong").await.unwrap_err();
        }
        assert_eq!(events(&app, "session.refused").await, 0);
        app.clock.advance(Duration::from_secs(61));
        door.tell(&app, false).await.unwrap();
        door.tell(&app, true).await.unwrap();
        assert_eq!(events(&app, "session.refused").await, 1);
    }

    async fn a_stolen_row_opens_nothing(app: TestApp) {
        let (door, _) = house(&app).await;
        let (token, ada) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let rows = app.store().read(|tx| tx.all("SELECT hash, csrf FROM session", &[], |r| Ok((r.get::<Vec<u8>>(0)?, r.get::<Vec<u8>>(1)?)))).await;
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
        for (hash, csrf) in rows.unwrap() {
            for stolen in [B64.encode(&hash), hex::encode(&hash), B64.encode(&csrf)] {
                assert_eq!(session::actor_of_session(&app, &stolen).await.unwrap_err().code(), Code::Unauthenticated);
                assert!(!ada.csrf_matches(&stolen));
            }
        }
        let csrf = session::csrf_of(&token).unwrap();
        assert!(ada.csrf_matches(&csrf) && session::csrf_is(&token, &csrf));
        assert!(!session::csrf_is(&session::visitor_cookie(&app), &csrf));
        assert!(app.bytes_found(token.as_bytes()).is_empty() && app.bytes_found(csrf.as_bytes()).is_empty());
    }

    async fn a_session_ends_idle_after_thirty_minutes_and_in_use_after_twelve_hours(app: TestApp) {
        let (door, _) = house(&app).await;
        let (idle, _) = session(&app, &door, "ada@house.example", PASSWORD).await;
        app.clock.advance(Duration::from_secs(29 * 60));
        assert!(session::actor_of_session(&app, &idle).await.is_ok());
        app.clock.advance(Duration::from_secs(30 * 60));
        assert_eq!(session::actor_of_session(&app, &idle).await.unwrap_err().code(), Code::Unauthenticated);
        let (used, _) = session(&app, &door, "ada@house.example", PASSWORD).await;
        for _ in 0..35 {
            app.clock.advance(Duration::from_secs(20 * 60));
            assert!(session::actor_of_session(&app, &used).await.is_ok());
        }
        app.clock.advance(Duration::from_secs(20 * 60 + 1));
        assert_eq!(session::actor_of_session(&app, &used).await.unwrap_err().code(), Code::Unauthenticated);
    }

    async fn use_is_written_once_a_minute_and_not_on_every_request(app: TestApp) {
        let (door, _) = house(&app).await;
        let (token, _) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let seen = || app.store().read(|tx| tx.one("SELECT seen FROM session", &[], |r| r.get::<i64>(0)));
        let first = seen().await.unwrap();
        app.clock.advance(Duration::from_secs(59));
        session::actor_of_session(&app, &token).await.unwrap();
        assert_eq!(seen().await.unwrap(), first);
        app.clock.advance(Duration::from_secs(2));
        session::actor_of_session(&app, &token).await.unwrap();
        assert!(seen().await.unwrap() > first);
    }

    async fn signing_in_ends_the_session_whose_cookie_came_along_and_signing_out_ends_ones_own(app: TestApp) {
        let (door, _) = house(&app).await;
        let (old, _) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let new = door.sign_in(&app, None, &word("ada@house.example"), word(PASSWORD), Some(&old)).await.unwrap();
        assert_eq!(session::actor_of_session(&app, &old).await.unwrap_err().code(), Code::Unauthenticated);
        let ada = session::actor_of_session(&app, new.token.expose()).await.unwrap();
        app.write(&ada.actor, session::close).await.unwrap();
        assert_eq!(session::actor_of_session(&app, new.token.expose()).await.unwrap_err().code(), Code::Unauthenticated);
        assert_eq!((events(&app, "session.opened").await, events(&app, "session.closed").await), (2, 1));
    }

    async fn one_sees_and_ends_ones_own_sessions_and_nobody_elses(app: TestApp) {
        let (door, _) = house(&app).await;
        hire(&app, &door, "grace@house.example", role::AGENT).await;
        let (_, here) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let (phone, there) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let (_, grace) = session(&app, &door, "grace@house.example", OTHER).await;
        assert_eq!(app.read(&here.actor, session::list).await.unwrap().len(), 2);
        let id = there.id;
        let refused = app.write(&grace.actor, move |unit| session::end(unit, id)).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
        app.write(&here.actor, move |unit| session::end(unit, id)).await.unwrap();
        assert_eq!(session::actor_of_session(&app, &phone).await.unwrap_err().code(), Code::Unauthenticated);
    }

    async fn a_leavers_session_and_keys_end_at_once(app: TestApp) {
        let (door, ada) = house(&app).await;
        let grace = hire(&app, &door, "grace@house.example", role::ADMIN).await;
        let (token, hers) = session(&app, &door, "grace@house.example", OTHER).await;
        let key = manage(&app, &hers.actor, |unit, permit| apikey::make(unit, permit, &new_key("read"))).await.unwrap().1;
        assert!(apikey::actor_of_key(&app, &key).await.is_ok());
        let (_, boss) = session(&app, &door, "ada@house.example", PASSWORD).await;
        manage(&app, &boss.actor, move |unit, permit| staff::disable(unit, permit, grace)).await.unwrap();
        assert_eq!(session::actor_of_session(&app, &token).await.unwrap_err().code(), Code::Unauthenticated);
        assert_eq!(apikey::actor_of_key(&app, &key).await.unwrap_err().code(), Code::Unauthenticated);
        manage(&app, &boss.actor, move |unit, permit| staff::enable(unit, permit, grace)).await.unwrap();
        assert_eq!(session::actor_of_session(&app, &token).await.unwrap_err().code(), Code::Unauthenticated, "the old session stays ended");
        assert_eq!(apikey::actor_of_key(&app, &key).await.unwrap_err().code(), Code::Unauthenticated, "the old key stays revoked");
        assert!(sign_in(&app, &door, "grace@house.example", OTHER).await.is_ok());
        assert_ne!(ada, grace);
    }

    async fn the_last_administrator_cannot_be_disabled_or_demoted(app: TestApp) {
        let (door, ada) = house(&app).await;
        let operator = app.operator();
        hire(&app, &door, "agent@house.example", role::AGENT).await;
        let refused = manage(&app, &operator, move |unit, permit| staff::disable(unit, permit, ada)).await.unwrap_err();
        assert_eq!(refused.code(), Code::Conflict);
        let demote = move |unit: &mut trail::Unit, permit: &trail::Permit<Manage>| staff::change_role(unit, permit, ada, role::AGENT, Purposes::all());
        assert_eq!(manage(&app, &operator, demote).await.unwrap_err().code(), Code::Conflict);
        hire(&app, &door, "second@house.example", role::ADMIN).await;
        manage(&app, &operator, demote).await.unwrap();
        let (_, now) = session(&app, &door, "ada@house.example", PASSWORD).await;
        assert_eq!((now.role.as_str(), now.actor.permit::<Manage>().is_err()), ("agent", true));
    }

    async fn nobody_changes_their_own_role_and_a_colleague_keeps_their_team(app: TestApp) {
        let (door, ada) = house(&app).await;
        let team = app.env().bytes();
        let hashed = door.hash(&app, word(OTHER), vec![]).await.unwrap();
        let new = NewStaff { name: word("Grace Hopper"), email: word("grace@house.example"), role: role::ADMIN.into(), team: Some(team), purposes: Purposes::all() };
        let grace = manage(&app, &app.operator(), move |unit, permit| staff::add(unit, permit, &new, &hashed)).await.unwrap();
        let (_, boss) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let sales = Purposes::NONE.with(purpose("sales"));
        let own = manage(&app, &boss.actor, move |unit, permit| staff::change_role(unit, permit, ada, role::AGENT, sales)).await.unwrap_err();
        assert_eq!(own.code(), Code::Forbidden);
        for (role, purposes) in [("emperor", sales), (role::AGENT, Purposes::NONE)] {
            let refused = manage(&app, &boss.actor, move |unit, permit| staff::change_role(unit, permit, grace, role, purposes)).await.unwrap_err();
            assert_eq!(refused.code(), Code::InvalidInput, "{role}");
        }
        manage(&app, &boss.actor, move |unit, permit| staff::change_role(unit, permit, grace, role::AGENT, sales)).await.unwrap();
        assert_eq!(events(&app, "user.role_changed").await, 1, "a refusal leaves none");
        let permit = boss.actor.permit::<Manage>().unwrap();
        let now = app.read(&boss.actor, move |unit| staff::show(unit, &permit, grace)).await.unwrap();
        assert_eq!((now.role.as_str(), now.team, now.purposes), (role::AGENT, Some(team), sales));
    }

    async fn an_address_signs_in_one_person_however_it_is_written(app: TestApp) {
        let (door, _) = house(&app).await;
        let hashed = door.hash(&app, word(OTHER), vec![]).await.unwrap();
        for (email, code) in [(" ADA@house.EXAMPLE ", Code::Duplicate), ("not an address", Code::InvalidInput)] {
            let new = NewStaff { name: word("Ada B"), email: word(email), role: role::AGENT.into(), team: None, purposes: Purposes::all() };
            let hashed = hashed.clone();
            let refused = manage(&app, &app.operator(), move |unit, permit| staff::add(unit, permit, &new, &hashed)).await.unwrap_err();
            assert_eq!(refused.code(), code);
            assert!(!format!("{refused:?}").to_lowercase().contains("ada@"), "an error never repeats the address");
        }
        assert!(sign_in(&app, &door, " ADA@house.EXAMPLE ", PASSWORD).await.is_ok());
    }

    async fn names_are_seen_with_an_event_and_only_by_who_may(app: TestApp) {
        let (door, _) = house(&app).await;
        hire(&app, &door, "grace@house.example", role::AGENT).await;
        let (_, ada) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let permit = ada.actor.permit::<Manage>().unwrap();
        let members = app.read(&ada.actor, move |unit| staff::list(unit, &permit)).await.unwrap();
        assert_eq!(members.iter().map(|m| m.name.expose().as_str()).collect::<Vec<_>>(), ["Ada Lovelace", "Grace Hopper"]);
        assert_eq!(members[0].email.expose(), "Ada@House.example");
        assert_eq!(events(&app, "user.listed").await, 1);
        let (_, grace) = session(&app, &door, "grace@house.example", OTHER).await;
        assert_eq!(grace.actor.permit::<Manage>().unwrap_err().code(), Code::Forbidden);
        assert_eq!(door.name(&app, &grace).await.unwrap().expose(), "Grace Hopper");
        door.name(&app, &grace).await.unwrap();
        assert_eq!(events(&app, "user.read").await, 1, "one's own name is read once a session");
    }

    async fn a_new_password_ends_other_sessions_and_needs_the_old_one(app: TestApp) {
        let (door, _) = house(&app).await;
        let (elsewhere, _) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let (token, ada) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let wrong = door.change_password(&app, None, &ada, word("not my password"), word(OTHER)).await.unwrap_err();
        assert_eq!(wrong.code(), Code::Unauthenticated);
        let weak = door.change_password(&app, None, &ada, word(PASSWORD), word("lovelace2026")).await.unwrap_err();
        assert_eq!(weak.problems()[0].code, "about_you");
        door.change_password(&app, None, &ada, word(PASSWORD), word(OTHER)).await.unwrap();
        assert!(session::actor_of_session(&app, &token).await.is_ok());
        assert!(session::actor_of_session(&app, &elsewhere).await.is_err());
        assert!(sign_in(&app, &door, "ada@house.example", PASSWORD).await.is_err());
        assert!(sign_in(&app, &door, "ada@house.example", OTHER).await.is_ok());
    }

    async fn an_administrators_new_password_for_somebody_ends_their_sessions(app: TestApp) {
        let (door, _) = house(&app).await;
        let grace = hire(&app, &door, "grace@house.example", role::AGENT).await;
        let (token, _) = session(&app, &door, "grace@house.example", OTHER).await;
        let hashed = door.hash(&app, word(PASSWORD), vec![]).await.unwrap();
        manage(&app, &app.operator(), move |unit, permit| staff::set_password(unit, permit, grace, &hashed)).await.unwrap();
        assert!(session::actor_of_session(&app, &token).await.is_err());
        assert!(sign_in(&app, &door, "grace@house.example", PASSWORD).await.is_ok());
    }

    async fn a_dangerous_act_needs_the_password_within_five_minutes(app: TestApp) {
        let (door, _) = house(&app).await;
        let (token, fresh) = session(&app, &door, "ada@house.example", PASSWORD).await;
        assert!(fresh.need_confirmed(app.env().now()).is_ok());
        app.clock.advance(Duration::from_secs(6 * 60));
        let stale = session::actor_of_session(&app, &token).await.unwrap();
        assert_eq!(stale.need_confirmed(app.env().now()).unwrap_err().code(), Code::Forbidden);
        assert!(door.confirm(&app, None, &stale, word("wrong wrong wrong")).await.is_err());
        door.confirm(&app, None, &stale, word(PASSWORD)).await.unwrap();
        let again = session::actor_of_session(&app, &token).await.unwrap();
        assert!(again.need_confirmed(app.env().now()).is_ok());
    }

    async fn a_purpose_is_switched_among_ones_own_and_no_other(app: TestApp) {
        let (door, _) = house(&app).await;
        hire(&app, &door, "grace@house.example", role::AGENT).await;
        let (token, grace) = session(&app, &door, "grace@house.example", OTHER).await;
        assert_eq!(grace.actor.purpose.key, "sales");
        let refused = app.write(&grace.actor, |unit| session::switch_purpose(unit, purpose("administration"))).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        app.write(&grace.actor, |unit| session::switch_purpose(unit, purpose("support"))).await.unwrap();
        assert_eq!(session::actor_of_session(&app, &token).await.unwrap().actor.purpose.key, "support");
        assert_eq!(events(&app, "session.purpose_switched").await, 1);
    }

    async fn a_key_does_what_it_was_given_until_it_expires_or_is_revoked(app: TestApp) {
        let (door, ada) = house(&app).await;
        let (_, boss) = session(&app, &door, "ada@house.example", PASSWORD).await;
        let (id, key) = manage(&app, &boss.actor, |unit, permit| apikey::make(unit, permit, &new_key("read"))).await.unwrap();
        assert!(key.starts_with("prb_") && app.bytes_found(&key.as_bytes()[32..]).is_empty());
        let actor = apikey::actor_of_key(&app, &key).await.unwrap();
        assert_eq!((actor.who, actor.purpose.key, actor.door), (Who::Key(id, ada), "sales", "api"));
        assert!(actor.permit::<permit::ReadRecords>().is_ok());
        assert!(actor.permit::<permit::WriteRecords>().is_err() && actor.permit::<Manage>().is_err());
        let mut forged = key.clone();
        forged.pop();
        forged.push(if key.ends_with('A') { 'B' } else { 'A' });
        let unknown = format!("prb_{}{}", "0".repeat(26), &key[30..]);
        for wrong in [forged.as_str(), unknown.as_str(), "prb_", "prb_x_y", "", "Bearer"] {
            assert_eq!(apikey::actor_of_key(&app, wrong).await.unwrap_err().code(), Code::Unauthenticated);
        }
        app.clock.advance(Duration::from_secs(31 * 24 * 3600));
        assert_eq!(apikey::actor_of_key(&app, &key).await.unwrap_err().code(), Code::Unauthenticated, "expired");
        let operator = app.operator();
        let mut mine = new_key("read");
        mine.owner = Some(ada);
        let (id, key) = manage(&app, &operator, move |unit, permit| apikey::make(unit, permit, &mine)).await.unwrap();
        assert!(apikey::actor_of_key(&app, &key).await.is_ok());
        manage(&app, &operator, move |unit, permit| apikey::revoke(unit, permit, id)).await.unwrap();
        assert_eq!(apikey::actor_of_key(&app, &key).await.unwrap_err().code(), Code::Unauthenticated, "revoked");
        let twice = manage(&app, &operator, move |unit, permit| apikey::revoke(unit, permit, id)).await.unwrap_err();
        assert_eq!(twice.code(), Code::NotFound);
        let absent = ApiKeyId::from_bytes([7; 16]);
        assert!(manage(&app, &operator, move |unit, permit| apikey::revoke(unit, permit, absent)).await.is_err());
        let permit = operator.permit::<Manage>().unwrap();
        let keys = app.read(&operator, move |unit| apikey::list(unit, &permit)).await.unwrap();
        assert_eq!((keys.len(), keys[0].revoked.is_some()), (2, true));
        assert!(key.starts_with(&keys[0].beginning()));
    }

    async fn a_key_is_never_wider_than_its_owner_and_makes_no_other(app: TestApp) {
        let (door, _) = house(&app).await;
        let grace = hire(&app, &door, "grace@house.example", role::MANAGER).await;
        let operator = app.operator();
        let owned = move |privilege: &str| NewKey { owner: Some(grace), ..new_key(privilege) };
        let refused = manage(&app, &operator, move |unit, permit| apikey::make(unit, permit, &owned("manage"))).await.unwrap_err();
        assert_eq!(refused.problems()[0].code, "not_held");
        let too_long = move || NewKey { valid: Duration::from_secs(400 * 24 * 3600), ..owned("read") };
        assert_eq!(manage(&app, &operator, move |unit, permit| apikey::make(unit, permit, &too_long())).await.unwrap_err().code(), Code::InvalidInput);
        let (_, key) = manage(&app, &operator, move |unit, permit| apikey::make(unit, permit, &owned("export"))).await.unwrap();
        assert!(apikey::actor_of_key(&app, &key).await.unwrap().permit::<permit::Export>().is_ok());
        manage(&app, &operator, move |unit, permit| staff::change_role(unit, permit, grace, role::AGENT, Purposes::all())).await.unwrap();
        let narrowed = apikey::actor_of_key(&app, &key).await.unwrap();
        assert!(narrowed.permit::<permit::Export>().is_err(), "an agent may not export, nor may their key");
        let mut program = operator.clone();
        program.who = Who::Key(ApiKeyId::from_bytes([1; 16]), grace);
        let refused = manage(&app, &program, move |unit, permit| apikey::make(unit, permit, &owned("read"))).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
    }
}

fn new_key(privilege: &str) -> NewKey {
    NewKey {
        label: "nightly report".into(),
        owner: None,
        purpose: purpose("sales"),
        scopes: vec![KeyScope { privilege: privilege.into(), kind: "*".into() }],
        valid: Duration::from_secs(30 * 24 * 3600),
    }
}

/// Every role against every privilege: what each may do for at least one purpose, and up to which class.
#[test]
fn each_role_holds_exactly_its_privileges() {
    type Holds = &'static [(&'static str, Class, Reach)];
    let expected: [(&str, Holds); 4] = [
        (
            role::ADMIN,
            &[
                ("read", Class::Special, Reach::All),
                ("write", Class::Special, Reach::All),
                ("share", Class::Special, Reach::All),
                ("export", Class::Special, Reach::All),
                ("import", Class::Special, Reach::All),
                ("requests", Class::Special, Reach::All),
                ("dispose", Class::Special, Reach::All),
                ("hold", Class::Special, Reach::All),
                ("rules", Class::Special, Reach::All),
                ("audit", Class::Special, Reach::All),
                ("manage", Class::Special, Reach::All),
                ("keys", Class::Special, Reach::All),
            ],
        ),
        (
            role::MANAGER,
            &[
                ("read", Class::Sensitive, Reach::All),
                ("write", Class::Sensitive, Reach::All),
                ("share", Class::Sensitive, Reach::All),
                ("export", Class::Sensitive, Reach::All),
                ("import", Class::Sensitive, Reach::All),
                ("requests", Class::Sensitive, Reach::All),
            ],
        ),
        (role::AGENT, &[("read", Class::Personal, Reach::All), ("write", Class::Personal, Reach::Team)]),
        (role::AUDITOR, &[("read", Class::Internal, Reach::All), ("audit", Class::Internal, Reach::All)]),
    ];
    let shipped = role::shipped();
    assert_eq!(shipped.len(), expected.len());
    for (name, holds) in expected {
        let grants = &shipped.iter().find(|(n, _)| *n == name).unwrap().1;
        for (privilege, _) in permit::PRIVILEGES {
            let found = grants.iter().filter(|g| g.privilege == *privilege).map(|g| (g.class, g.reach)).collect::<Vec<_>>();
            let wanted = holds.iter().filter(|h| h.0 == *privilege).map(|h| (h.1, h.2)).collect::<Vec<_>>();
            assert_eq!(found, wanted, "{name} and {privilege}");
        }
    }
}
