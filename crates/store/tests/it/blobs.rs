//! Blobs in a folder.

use std::{
    env, fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    process::Command,
};

use kernel::Code;
use store::Blobs;

#[tokio::test]
async fn a_blob_is_kept_replaced_listed_and_gone() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("blobs");
    let blobs = Blobs::open(root.to_str().unwrap()).unwrap();
    assert_eq!(blobs.get("aa/1").await.unwrap_err().code(), Code::NotFound);
    blobs.put("aa/1", b"one".to_vec()).await.unwrap();
    blobs.put("aa/1", b"two".to_vec()).await.unwrap();
    blobs.put("b", Vec::new()).await.unwrap();
    assert_eq!(blobs.get("aa/1").await.unwrap(), b"two");
    assert_eq!(blobs.list("").await.unwrap(), ["aa/1", "b"]);
    assert_eq!(blobs.list("aa").await.unwrap(), ["aa/1"]);
    assert!(blobs.exists("b").await.unwrap());
    assert_eq!(fs::metadata(root.join("aa/1")).unwrap().permissions().mode() & 0o777, 0o600);
    blobs.delete("b").await.unwrap();
    blobs.delete("b").await.unwrap();
    assert!(!blobs.exists("b").await.unwrap());
    assert_eq!(fs::read_dir(root.join("aa")).unwrap().count(), 1, "no temporary file stays");
}

#[tokio::test]
async fn a_name_that_leaves_the_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path().to_str().unwrap()).unwrap();
    for name in ["", "../x", "/etc/passwd", "a//b", "a/../b", ".hidden", "a\0b", "é"] {
        assert_eq!(blobs.put(name, b"x".to_vec()).await.unwrap_err().code(), Code::InvalidInput, "{name}");
        assert_eq!(blobs.get(name).await.unwrap_err().code(), Code::InvalidInput, "{name}");
    }
}

/// `PROBITY_TEST_S3=http://host:port` names an S3-compatible server that takes any keys. The promise runs in a process of its own,
/// because the blob store is set up by the environment.
#[test]
fn a_bucket_keeps_blobs_as_a_folder_does() {
    let Some(endpoint) = env::var("PROBITY_TEST_S3").ok().filter(|text| !text.is_empty()) else {
        println!("S3 absent");
        return;
    };
    // Made where it is missing; a server whose buckets were made before may refuse.
    let host = endpoint.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut line = TcpStream::connect(&host).unwrap();
    write!(line, "PUT /probity-test HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    line.read_to_end(&mut Vec::new()).unwrap();
    let settings = [
        ("ENDPOINT", endpoint.as_str()),
        ("ALLOW_HTTP", "true"),
        ("REGION", "us-east-1"),
        ("ACCESS_KEY_ID", "test"),
        ("SECRET_ACCESS_KEY", "test"),
    ];
    let ran = Command::new(env::current_exe().unwrap())
        .args(["--exact", "blobs::in_a_bucket", "--ignored", "--nocapture"])
        .envs(settings.map(|(name, value)| (format!("AWS_{name}"), value)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&ran.stderr));
}

#[tokio::test]
#[ignore = "run by a_bucket_keeps_blobs_as_a_folder_does, which sets the environment"]
async fn in_a_bucket() {
    let run = format!("run-{}", kernel::Env::system().now().micros());
    let blobs = Blobs::open(&format!("s3://probity-test/{run}")).unwrap();
    assert_eq!(blobs.get("aa/1").await.unwrap_err().code(), Code::NotFound);
    assert!(!blobs.exists("aa/1").await.unwrap());
    assert!(blobs.list("").await.unwrap().is_empty());
    blobs.put("aa/1", b"one".to_vec()).await.unwrap();
    blobs.put("aa/1", b"two".to_vec()).await.unwrap();
    blobs.put("b", Vec::new()).await.unwrap();
    let large: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
    blobs.put("aa/bb/cc", large.clone()).await.unwrap();
    assert_eq!(blobs.get("aa/1").await.unwrap(), b"two");
    assert_eq!(blobs.get("b").await.unwrap(), b"");
    assert_eq!(blobs.get("aa/bb/cc").await.unwrap(), large);
    assert_eq!(blobs.list("").await.unwrap(), ["aa/1", "aa/bb/cc", "b"]);
    assert_eq!(blobs.list("aa").await.unwrap(), ["aa/1", "aa/bb/cc"]);
    assert!(blobs.exists("b").await.unwrap());
    // What another installation keeps in the same bucket is not seen.
    let other = Blobs::open(&format!("s3://probity-test/{run}-other")).unwrap();
    assert!(other.list("").await.unwrap().is_empty());
    assert_eq!(other.get("b").await.unwrap_err().code(), Code::NotFound);
    for name in ["b", "b", "aa/1", "aa/bb/cc"] {
        blobs.delete(name).await.unwrap();
    }
    assert!(blobs.list("").await.unwrap().is_empty());
    assert_eq!(blobs.put("../x", b"x".to_vec()).await.unwrap_err().code(), Code::InvalidInput);
    assert_eq!(Blobs::open("s3:///x").err().map(|error| error.code()), Some(Code::InvalidInput), "a bucket has a name");
}
