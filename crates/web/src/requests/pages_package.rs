//! The access package as a page: ordered, made by a job, fetched as a file.

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use crm::{permits::HandleRequests, requests};
use http::{StatusCode, header};
use kernel::{Error, RecordId, RequestId};

use super::pages::{found, names, number, read};
use crate::{
    kit::{error::Refused, form::Form, render::html, who::Who},
    router::Web,
    views::{
        package::PackagePage,
        parts::{Line, Progress},
    },
};

/// Opens the person's access request (or takes the open one), settles it by this act, and has the package made.
pub(super) async fn order(State(web): State<Web>, who: Who, Path(person): Path<String>, _form: Form) -> Result<Response, Refused> {
    let (t, person) = (who.text, read::<RecordId>(&person, "person")?);
    let permit = who.actor.permit::<HandleRequests>()?;
    let open = web.app.read(&who.actor, move |unit| {
        let all = requests::of_person(unit, person)?;
        unit.plain(all.into_iter().find(|r| r.closed.is_none() && matches!(r.right.as_str(), "access" | "know" | "port")))
    });
    let (id, verified) = match open.await? {
        Some(request) => (request.id, request.verified),
        None => {
            let (permit, reason) = (permit.clone(), t.get("request-make-package"));
            let id = web.app.write(&who.actor, move |unit| requests::open(unit, &permit, person, "access", &reason, unit.now())).await?;
            (id, false)
        }
    };
    if !verified {
        let (permit, how) = (permit.clone(), t.get("request-confirmed-words"));
        web.app.write(&who.actor, move |unit| requests::verify_identity(unit, &permit, id, &how)).await?;
    }
    web.app.write(&who.actor, move |unit| requests::order_package(unit, &permit, person, id)).await?;
    Ok(Redirect::to(&format!("/requests/{id}/package")).into_response())
}

/// How far the package is; the page's script asks again while the job runs.
pub(super) async fn progress(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (t, id) = (who.text, read::<RequestId>(&id, "request")?);
    let request = found(&web, &who, id).await?;
    let name = names(&web, &who, vec![request.person]).await?.remove(&request.person);
    let jobs = web.app.jobs(requests::PACKAGE_JOB).await?;
    let job = jobs.into_iter().find(|job| job.args.get("request").and_then(|v| v.as_str()) == Some(id.to_string().as_str()));
    let ready = web.app.read(&who.actor, move |unit| {
        let ready = requests::ready(unit, id)?;
        unit.plain(ready)
    });
    let ready = ready.await?;
    let running = job.as_ref().is_some_and(|job| matches!(job.state.as_str(), "ready" | "running"));
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let (done, total) = job.as_ref().map_or((0, 0), |job| (count(job.done), count(job.total)));
    let failed = job.as_ref().filter(|job| job.state == "failed");
    let mut words = t.with2("package-of", "done", t.number(done), "total", t.number(total));
    if job.is_none() && ready.is_none() {
        words = t.get("package-not-asked");
    }
    let address = format!("/requests/{id}/package");
    let view = PackagePage {
        t,
        shell: who.shell(&web, &t.get("package-title"), "requests", &address).await?,
        person: name.unwrap_or_else(|| t.get("request-person-gone")),
        person_href: format!("/people/{}", request.person),
        progress: Progress {
            label: t.get(if ready.is_some() { "package-made" } else { "package-making" }),
            done,
            total: (total > 0).then_some(total),
            words,
            running,
            ..Progress::default()
        },
        contents: if ready.is_some() { vec![Line::text(t.get("package-records"), t.number(done))] } else { Vec::new() },
        left_out: if ready.is_some() { vec![t.get("package-left-note")] } else { Vec::new() },
        download_action: ready.map(|_| format!("{address}/download")),
        note: ready.map_or_else(String::new, |ready| {
            t.with2("package-note", "size", t.size(count(ready.size)), "day", t.day(ready.expires.day()))
        }),
        problem: failed.map_or_else(String::new, |job| format!("{} {}", t.get("package-stopped"), job.error)),
    };
    Ok(Html(html(&view)?).into_response())
}

/// The file. Its event is durable before the first byte.
pub(super) async fn download(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let id = read::<RequestId>(&id, "request")?;
    found(&web, &who, id).await?;
    let ready = web.app.read(&who.actor, move |unit| {
        let ready = requests::ready(unit, id)?;
        unit.plain(ready)
    });
    let ready = ready.await?.ok_or_else(|| Error::not_found("package"))?;
    let bytes = requests::fetch(&web.app, &who.actor, ready.id).await?;
    let named = format!("attachment; filename=\"package-{}.zip\"", number(id));
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, named)];
    Ok((StatusCode::OK, headers, bytes.to_vec()).into_response())
}
