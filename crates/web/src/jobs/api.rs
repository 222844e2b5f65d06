//! Jobs: how far they are, and how to stop one.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{delete, get},
};
use crm::permits::Manage;
use http::{Method, StatusCode};
use kernel::{Code, Error, JobId, Result};
use serde_json::json;

use crate::{
    api::{Caller, address::Asked, id},
    kit::{error::Refused, json::answer},
    openapi::{
        About, Doc,
        shared::{id as id_schema, object, time},
    },
    router::{Access, Route, Web},
};

/// The routes of jobs.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/jobs/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::DELETE, "/api/v1/jobs/{id}", Access::Key, || delete(cancel)).doc(cancel_doc),
];

/// A job is its maker's; who manages the house sees all of them.
fn may_see(caller: &Caller, maker: &str) -> bool {
    let own = [Some(caller.actor.who.to_string()), caller.actor.staff().map(|staff| staff.to_string())];
    own.iter().flatten().any(|who| who == maker) || caller.actor.permit::<Manage>().is_ok()
}

async fn show(State(web): State<Web>, caller: Caller, Path(job): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let id: JobId = id(&job, "job")?;
    let job = web.app.job(id).await?.filter(|job| may_see(&caller, &job.actor)).ok_or_else(|| Error::not_found("job"))?;
    let body = json!({
        "id": job.id, "kind": job.kind, "state": job.state, "attempts": job.attempts, "done": job.done, "total": job.total,
        "error": job.error, "created": job.created, "finished": job.finished,
    });
    answer(StatusCode::OK, &body)
}

fn show_doc(_: &About) -> Doc {
    let count = json!({ "type": "integer", "minimum": 0 });
    let mut finished = time();
    finished["type"] = json!(["string", "null"]);
    let body = object(&[
        ("id", id_schema("job")),
        ("kind", json!({ "type": "string" })),
        ("state", json!({ "enum": ["ready", "running", "done", "failed", "cancelled"] })),
        ("attempts", count.clone()),
        ("done", count.clone()),
        ("total", count),
        ("error", json!({ "type": "string", "description": "Why it failed." })),
        ("created", time()),
        ("finished", finished),
    ]);
    Doc::new("show_job", "jobs", "How far a job is").id("job", "job").answer(200, "As it stands.", body)
}

async fn cancel(State(web): State<Web>, caller: Caller, Path(job): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let id: JobId = id(&job, "job")?;
    web.app.job(id).await?.filter(|job| may_see(&caller, &job.actor)).ok_or_else(|| Error::not_found("job"))?;
    if web.app.cancel_job(id).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Err(Error::new(Code::Conflict, "The job is over; there is nothing to cancel.").into())
}

fn cancel_doc(_: &About) -> Doc {
    Doc::new("cancel_job", "jobs", "Cancel a job")
        .more("What was done stays; nothing more is done.")
        .id("job", "job")
        .empty(204, "Cancelled.")
        .refuses(&[Code::Conflict])
}
