use std::{path::PathBuf, time::Duration};

use super::*;
use crate::FileProvider;

struct Place {
    folder: tempfile::TempDir,
    env: Env,
    root: FileProvider,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::system();
        let root = FileProvider::create_key_file(&folder.path().join("root.key"), &env).unwrap();
        Self { folder, env, root }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("keyring")
    }

    fn create(&self) -> Keyring {
        Keyring::create(&self.path(), &self.root, &self.env).unwrap()
    }

    fn open(&self) -> Result<Keyring> {
        Keyring::open(&self.path(), &self.root)
    }

    fn save(&self, keyring: &Keyring) {
        keyring.save(&self.path(), &self.root, &self.env).unwrap();
    }
}

#[test]
fn a_keyring_opens_with_all_its_keys() {
    let place = Place::new();
    let made = place.create();
    let key = RecordKey::random(&place.env);
    let id = KeyId::mint(&place.env);
    let wrapped = made.wrap(&key, id, &place.env);
    let opened = place.open().unwrap();
    assert_eq!(opened.unwrap(id, wrapped.epoch, &wrapped.bytes).unwrap().expose(), key.expose());
    assert_eq!(opened.signing_seed(), made.signing_seed());
    assert_eq!(opened.epochs(), made.epochs());
    assert_eq!(opened.tokens().word("name", "ada"), made.tokens().word("name", "ada"));
    assert_eq!(opened.tokens().suppression("a@example.org"), made.tokens().suppression("a@example.org"));
    assert_eq!(opened.blob_sharing_hash(b"x"), made.blob_sharing_hash(b"x"));
    assert_ne!(opened.derived("cursor").expose(), opened.derived("request").expose());
}

#[test]
fn an_absent_keyring_is_named_and_none_is_made_up() {
    let place = Place::new();
    let refused = place.open().unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert!(refused.detail().contains("keyring") && refused.detail().contains("escrow"));
    assert!(!place.path().exists());
}

#[test]
fn a_keyring_is_never_overwritten_by_a_new_one() {
    let place = Place::new();
    let made = place.create();
    assert_eq!(Keyring::create(&place.path(), &place.root, &place.env).unwrap_err().code(), Code::Duplicate);
    assert_eq!(place.open().unwrap().signing_seed(), made.signing_seed());
}

#[test]
fn a_keyring_of_one_provider_does_not_open_under_another() {
    let place = Place::new();
    place.create();
    let other = FileProvider::create_key_file(&place.folder.path().join("other.key"), &place.env).unwrap();
    let refused = Keyring::open(&place.path(), &other).unwrap_err();
    assert_eq!(refused.code(), Code::Forbidden);
    assert!(refused.detail().contains("other.key"));
    let words = FileProvider::passphrase("a passphrase instead").unwrap();
    let refused = Keyring::open(&place.path(), &words).unwrap_err();
    assert_eq!(refused.code(), Code::Forbidden);
    assert!(refused.detail().contains("sealed under a key file") && !refused.detail().contains("instead"));
}

#[test]
fn a_damaged_keyring_is_called_damaged_wherever_the_damage_is() {
    let place = Place::new();
    place.create();
    let bytes = std::fs::read(place.path()).unwrap();
    for at in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        std::fs::write(place.path(), &changed).unwrap();
        assert_eq!(place.open().unwrap_err().code(), Code::Malformed, "byte {at}");
        std::fs::write(place.path(), &bytes[..at]).unwrap();
        assert_eq!(place.open().unwrap_err().code(), Code::Malformed, "cut at {at}");
    }
}

#[test]
fn no_key_stands_in_the_file_in_the_clear() {
    let place = Place::new();
    let mut keyring = place.create();
    keyring.rotate_index_key(&place.env).unwrap();
    place.save(&keyring);
    let file = std::fs::read(place.path()).unwrap();
    let mut secrets: Vec<Vec<u8>> = keyring.epochs.iter().map(|e| e.key.to_vec()).collect();
    secrets.extend(keyring.index.iter().map(|k| k.secret().to_vec()));
    secrets.extend([keyring.suppression.secret().to_vec(), keyring.signing.to_vec(), keyring.service.to_vec()]);
    assert_eq!(secrets.len(), 6);
    for secret in secrets {
        // Eight bytes of a key in a row would be no accident.
        assert!(secret.windows(8).all(|part| !file.windows(8).any(|there| there == part)));
        assert!(!String::from_utf8_lossy(&file).contains(&hex::encode(&secret)));
    }
}

#[test]
fn an_interrupted_save_leaves_a_keyring_that_opens_and_saves_again() {
    let place = Place::new();
    let mut keyring = place.create();
    let before = keyring.epochs();
    // A crash between writing the new file and renaming it leaves this behind.
    std::fs::write(disk::beside(&place.path()), b"half a keyr").unwrap();
    assert_eq!(place.open().unwrap().epochs(), before);
    keyring.add_epoch(&place.env);
    place.save(&keyring);
    assert_eq!(place.open().unwrap().epochs(), keyring.epochs());
    assert!(!disk::beside(&place.path()).exists());
}

#[test]
fn a_save_that_cannot_be_written_leaves_the_old_keyring() {
    let place = Place::new();
    let mut keyring = place.create();
    let before = keyring.epochs();
    std::fs::create_dir(disk::beside(&place.path())).unwrap();
    keyring.add_epoch(&place.env);
    assert!(keyring.save(&place.path(), &place.root, &place.env).is_err());
    assert_eq!(place.open().unwrap().epochs(), before);
}

#[test]
fn destroying_an_epoch_ends_every_key_wrapped_in_it_and_no_other() {
    let place = Place::new();
    let mut keyring = place.create();
    let (old, kept) = (KeyId::mint(&place.env), KeyId::mint(&place.env));
    let lost = keyring.wrap(&RecordKey::random(&place.env), old, &place.env);
    let first = keyring.current();
    let words = keyring.words_key(first).unwrap();
    let second = keyring.add_epoch(&place.env);
    let safe = keyring.wrap(&RecordKey::random(&place.env), kept, &place.env);
    assert_eq!((lost.epoch, safe.epoch), (first, second));
    assert_ne!(words.expose(), keyring.words_key(second).unwrap().expose());

    keyring.destroy_epoch(first).unwrap();
    place.save(&keyring);
    let keyring = place.open().unwrap();
    let refused = keyring.unwrap(old, lost.epoch, &lost.bytes).unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert!(refused.detail().contains("key is destroyed"));
    assert_eq!(keyring.words_key(first).unwrap_err().code(), Code::NotFound);
    assert!(keyring.unwrap(kept, safe.epoch, &safe.bytes).is_ok());
    assert!(keyring.unwrap(old, second, &lost.bytes).is_err(), "the row's epoch cannot be rewritten");
}

#[test]
fn the_current_epoch_is_not_destroyed_and_no_number_is_used_twice() {
    let (env, clock) = Env::with_clock(Instant::from_micros(5_000_000));
    let place = Place { env, ..Place::new() };
    let mut keyring = place.create();
    assert_eq!(keyring.destroy_epoch(keyring.current()).unwrap_err().code(), Code::Conflict);
    assert_eq!(keyring.destroy_epoch(EpochId(2)).unwrap_err().code(), Code::NotFound);
    assert_eq!(keyring.destroy_epoch(EpochId(0)).unwrap_err().code(), Code::NotFound);
    clock.advance(Duration::from_secs(7));
    assert_eq!(keyring.add_epoch(&place.env), EpochId(2));
    keyring.destroy_epoch(EpochId(1)).unwrap();
    keyring.destroy_epoch(EpochId(1)).unwrap();
    place.save(&keyring);
    let mut keyring = place.open().unwrap();
    assert_eq!(keyring.epochs(), [(EpochId(2), Instant::from_micros(12_000_000))]);
    assert_eq!(keyring.add_epoch(&place.env), EpochId(3));
}

#[test]
fn a_wrapped_key_opens_only_in_its_own_row() {
    let place = Place::new();
    let keyring = place.create();
    let id = KeyId::mint(&place.env);
    let wrapped = keyring.wrap(&RecordKey::random(&place.env), id, &place.env);
    assert_eq!(wrapped.bytes.len(), 72);
    assert!(keyring.unwrap(KeyId::mint(&place.env), wrapped.epoch, &wrapped.bytes).is_err());
    for at in 0..wrapped.bytes.len() {
        let mut changed = wrapped.bytes.clone();
        changed[at] ^= 4;
        assert_eq!(keyring.unwrap(id, wrapped.epoch, &changed).unwrap_err().code(), Code::Internal);
        assert!(keyring.unwrap(id, wrapped.epoch, &wrapped.bytes[..at]).is_err());
    }
}

#[test]
fn the_index_key_rotates_once_at_a_time_and_the_old_one_ends_when_told() {
    let place = Place::new();
    let mut keyring = place.create();
    let before = keyring.tokens().word("name", "ada");
    let suppressed = keyring.tokens().suppression("a@example.org");
    assert_eq!(keyring.rotate_index_key(&place.env).unwrap(), 2);
    assert_eq!(keyring.rotate_index_key(&place.env).unwrap_err().code(), Code::Conflict);
    place.save(&keyring);
    let mut keyring = place.open().unwrap();
    assert_ne!(keyring.tokens().word("name", "ada"), before);
    assert_eq!(keyring.tokens_of(1).unwrap().word("name", "ada"), before);
    assert_eq!(keyring.tokens().suppression("a@example.org"), suppressed);
    keyring.drop_old_index_key();
    assert!(keyring.tokens_of(1).is_none());
    assert_eq!(keyring.index_generation(), 2);
    assert_eq!(keyring.rotate_index_key(&place.env).unwrap(), 3);
}

#[test]
fn a_keyring_does_not_print_itself() {
    let place = Place::new();
    let keyring = place.create();
    let wrapped = keyring.wrap(&RecordKey::random(&place.env), KeyId::mint(&place.env), &place.env);
    assert_eq!(format!("{keyring:?} {:?}", keyring.tokens()), "Keyring Tokens");
    assert_eq!(format!("{wrapped:?}"), "Wrapped { epoch: EpochId(1), .. }");
}
