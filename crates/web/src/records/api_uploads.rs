//! Files over HTTP: one sent, its bytes fetched. Their records are those of the kind `file`.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use catalogue::file;
use crm::{
    permits::ReadRecords,
    records::{self, files},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, RecordId, Result};
use serde_json::json;

use crate::{
    api::{self, Caller, address::Asked, id, once, upload::Upload, with_location},
    kit::{error::Refused, json::answer},
    openapi::{
        About, Doc,
        shared::{id as id_schema, object},
    },
    router::{Access, Route, Web},
};

/// The routes of files.
pub const ROUTES: &[Route] = &[
    Route::new(Method::POST, "/api/v1/uploads", Access::Key, || post(send)).body(files::FILE_MAX + (1 << 20)).doc(send_doc),
    Route::new(Method::GET, "/api/v1/uploads/{id}", Access::Key, || get(content)).doc(content_doc),
];

async fn send(State(web): State<Web>, caller: Caller, asked: Asked, headers: HeaderMap, mut upload: Upload) -> Result<Response, Refused> {
    asked.end()?;
    let about = upload.take("about");
    let unknown = || Error::invalid("/about", "not_a_record", "Write the id of the record that the file lies beside.");
    let about: Option<RecordId> = about.as_deref().map(|about| about.parse().map_err(|_| unknown())).transpose()?;
    upload.end()?;
    let said = (&about, upload.name.expose());
    let once = once::asked_with(&web, &caller, &headers, "file", &said, upload.bytes.expose())?;
    let id = files::keep_file(&web.app, &caller.actor, upload.name.expose(), upload.bytes.expose(), about, once).await;
    let id = id.map_err(|error| if error.code() == Code::NotFound { unknown() } else { error })?;
    Ok(with_location(answer(StatusCode::CREATED, &json!({ "id": id }))?, &format!("/api/v1/records/file/{id}"))?)
}

fn send_doc(_: &About) -> Doc {
    let bytes = json!({ "type": "string", "format": "binary", "minLength": 1, "description": "The file, at most 32 MB." });
    Doc::new("send_file", "files", "Send a file")
        .needs("write")
        .more(
            "It is kept byte for byte as a record of the kind `file`, sealed with a key of its own; what it is, is read from its first bytes \
            and its name. `about` puts it beside a person, company, deal, case or order.",
        )
        .once()
        .content("multipart/form-data", object(&[("file", bytes), ("?about", id_schema("rec"))]))
        .answer(201, "Kept.", object(&[("id", id_schema("rec"))]))
        .with_header(201, "Location")
        .refuses(&[Code::TooLarge, Code::UnsupportedMedia, Code::StorageFull, Code::Unavailable])
}

async fn content(State(web): State<Web>, caller: Caller, Path(record): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let id: RecordId = id(&record, "record")?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    let scope = permit.clone();
    let found = web.app.read(&caller.actor, move |unit| {
        let row = records::find(unit, id)?.filter(|row| row.kind.key == file::KIND && records::in_scope(&scope, row));
        let blob = match row {
            Some(row) => records::blobs_of(unit, row.id)?.into_iter().find(|blob| blob.role == files::CONTENT),
            None => None,
        };
        unit.plain(blob)
    });
    let blob = found.await?.ok_or_else(|| Error::not_found("file"))?;
    let bytes = records::read_blob(&web.app, &permit, id, blob.id).await?;
    Ok(api::file("application/octet-stream", &format!("{id}.bin"), bytes.to_vec())?)
}

fn content_doc(_: &About) -> Doc {
    let bytes = json!({ "type": "string", "format": "binary" });
    Doc::new("fetch_file", "files", "Fetch a file's bytes").needs("read").id("rec", "record").media(
        200,
        "As kept.",
        "application/octet-stream",
        bytes,
    )
}
