//! The page before a sweep, and the sweep.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use crm::{disposal, permits::Dispose, retention::Counts};
use http::StatusCode;
use kernel::{Code, Error, Result};

use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        render::html,
        who::Who,
    },
    router::Web,
    views::{
        confirm::ConfirmPage,
        erasure::{Outcome, PlanLine},
    },
};

/// What a sweep disposes of by itself: due, and no human is to look at it first.
fn goes(counts: &Counts) -> usize {
    counts.due.saturating_sub(counts.review)
}

/// Before a sweep: what it would dispose of now, and what it leaves. Changes nothing.
pub(super) async fn before(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    Ok(Html(html(&view(&web, &who).await?)?).into_response())
}

async fn view(web: &Web, who: &Who) -> Result<ConfirmPage> {
    let (t, counts) = (who.text, disposal::preview(&web.app, &who.actor).await?);
    let goes = goes(&counts);
    let line = |outcome, n: usize, what: &str, rule: &str| {
        let until = if outcome == Outcome::Goes { t.get("confirm-at-once") } else { String::new() };
        (n > 0).then(|| PlanLine { what: t.count(what, n), outcome, rule: t.get(rule), citation: String::new(), until })
    };
    let lines = [
        line(Outcome::Goes, goes, "sweep-records", "sweep-goes"),
        line(Outcome::Stays, counts.review, "sweep-records", "sweep-review"),
        line(Outcome::Stays, counts.erasure, "sweep-records", "sweep-erasure"),
        line(Outcome::Stays, counts.unclassified, "sweep-records", "sweep-unclassified"),
        line(Outcome::Stays, counts.suspended, "sweep-records", "sweep-suspended"),
        line(Outcome::Held, counts.held, "sweep-records", "sweep-held"),
    ];
    let mut lines: Vec<PlanLine> = lines.into_iter().flatten().collect();
    if lines.is_empty() {
        let rule = t.get("sweep-nothing-note");
        lines.push(PlanLine { what: t.get("sweep-nothing"), outcome: Outcome::Stays, rule, citation: String::new(), until: String::new() });
    }
    Ok(ConfirmPage {
        t,
        shell: who.shell(web, &t.get("retention-sweep"), "retention", "/retention/sweep").await?,
        title: t.get("retention-sweep"),
        note: t.count("sweep-decided", counts.decided),
        lines,
        back: "/retention".into(),
        action: "/retention/sweep".into(),
        count: (goes > 0).then_some(goes as u64),
        password: goes > 0,
        fields: Vec::new(),
        label: t.get("retention-sweep"),
        problem: String::new(),
    })
}

/// Sweeps, when the number and the password are right; else the page as it is now, and nothing is gone.
pub(super) async fn carried_out(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    match swept(&web, &who, &fields).await {
        Ok(disposed) => Ok(Redirect::to(&format!("/retention?swept={disposed}")).into_response()),
        Err(error) if matches!(error.code(), Code::InvalidInput | Code::Unauthenticated | Code::RateLimited) => {
            let mut view = view(&web, &who).await?;
            view.problem = error.problems().first().map_or_else(|| error.detail().to_owned(), |p| p.detail.clone());
            let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok((status, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn swept(web: &Web, who: &Who, fields: &Fields) -> Result<usize> {
    who.actor.permit::<Dispose>()?;
    let goes = goes(&disposal::preview(&web.app, &who.actor).await?);
    if goes > 0 {
        if fields.get("count").trim().parse() != Ok(goes) {
            return Err(Error::invalid("/count", "not_the_number", who.text.get("confirm-not-the-number")));
        }
        web.door.confirm(&web.app, who.origin, who.signed_in()?, fields.personal("password")).await?;
    }
    Ok(disposal::sweep(&web.app, &who.actor).await?.disposed)
}
