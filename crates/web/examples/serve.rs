//! The API over an installation in a temporary folder, for whoever drives it from its description: prints its address and an API key
//! that may read, write and handle requests for administration, and serves until killed.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a tool of development that says where it is, or why it could not start")]

use std::{net::SocketAddr, time::Duration};

use crm::{
    identity::{KeyScope, NewKey, apikey, setup, staff},
    permits::Manage,
};
use kernel::Personal;
use testkit::{Engine, TestApp};
use web::router::{Settings, Web, router};

#[tokio::main]
async fn main() {
    let app = TestApp::fresh(Engine::Sqlite);
    let web = Web::new((*app).clone(), Settings::default());
    let code = setup::begin(&app).await.expect("a set-up").expect("a code");
    let password = Personal::new("seven quiet herons by the mill".to_owned());
    let names = (Personal::new("Ada".to_owned()), Personal::new("ada@house.example".to_owned()));
    web.door.set_up(&app, None, code, names, password).await.expect("an administrator");
    let operator = app.operator();
    let permit = operator.permit::<Manage>().expect("a permit");
    let owner = app.read(&operator, move |unit| staff::list(unit, &permit)).await.expect("staff").first().expect("somebody").id;
    let everything = crm::permits::PRIVILEGES.iter().map(|(key, _)| KeyScope { privilege: (*key).to_owned(), kind: "*".to_owned() });
    let purpose = catalogue::Purpose::find("administration").expect("a purpose");
    let valid = Duration::from_secs(86_400);
    let new = NewKey { label: "driver".to_owned(), owner: Some(owner), purpose, scopes: everything.collect(), valid };
    let permit = operator.permit::<Manage>().expect("a permit");
    let (_, key) = app.write(&operator, move |unit| apikey::make(unit, &permit, &new)).await.expect("a key");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("http://{} {key}", listener.local_addr().expect("an address"));
    let clock = app.clock.clone();
    // The installation's clock is held; let it go.
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            clock.advance(Duration::from_millis(50));
        }
    });
    axum::serve(listener, router(web).into_make_service_with_connect_info::<SocketAddr>()).await.expect("served");
}
