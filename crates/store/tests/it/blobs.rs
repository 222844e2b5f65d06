//! Blobs in a folder.

use std::{fs, os::unix::fs::PermissionsExt};

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
