//! The ZIP of a package, written in one pass, and its manifest.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use kernel::{Code, Env, Error, Result};
use serde::Serialize;
use vault::{Context, RecordKey, SealWriter};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

/// Where the bytes go.
enum Sink {
    /// A file of the operator's, readable to nobody else.
    File(BufWriter<File>),
    /// Sealed on the way; never in the clear on any disk.
    Sealed(Box<SealWriter<Vec<u8>>>),
}

impl Write for Sink {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(data),
            Self::Sealed(sealed) => sealed.write(data),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Sealed(sealed) => sealed.flush(),
        }
    }
}

struct Counted {
    sink: Sink,
    bytes: u64,
}

impl Write for Counted {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let n = self.sink.write(data)?;
        self.bytes += n as u64;
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// A file of the archive, as the manifest lists it.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its name in the archive.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A package in the making.
pub struct Archive {
    zip: ZipWriter<StreamWriter<Counted>>,
    /// What is in it so far.
    pub files: Vec<Listed>,
}

fn failed(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Code::StorageFull, "The package could not be written. See that the place has room and may be written to.").because(cause)
}

impl Archive {
    /// Into a new file. Error: duplicate when there is one already.
    pub fn file(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => Error::new(Code::Duplicate, "There is a file of this name already. Choose another name."),
            _ => failed(cause),
        })?;
        Ok(Self::into_sink(Sink::File(BufWriter::new(file))))
    }

    /// Sealed under a key, in memory.
    pub fn sealed(key: &RecordKey, context: &Context, env: &Env) -> Result<Self> {
        let writer = SealWriter::new(Vec::new(), key, context, env).map_err(failed)?;
        Ok(Self::into_sink(Sink::Sealed(Box::new(writer))))
    }

    fn into_sink(sink: Sink) -> Self {
        Self { zip: ZipWriter::new_stream(Counted { sink, bytes: 0 }), files: Vec::new() }
    }

    /// Adds a file; answers its SHA-256.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<String> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(bytes.len() > 0xF000_0000);
        self.zip.start_file(name, options).map_err(failed)?;
        self.zip.write_all(bytes).map_err(failed)?;
        let sha256 = hex::encode(ledger::sha256(bytes));
        self.files.push(Listed { name: name.to_owned(), size: bytes.len() as u64, sha256: sha256.clone() });
        Ok(sha256)
    }

    /// Ends it. Answers its size, and the sealed bytes when it was sealed.
    pub fn finish(self) -> Result<(u64, Option<Vec<u8>>)> {
        let Counted { sink, bytes } = self.zip.finish().map_err(failed)?.into_inner();
        match sink {
            Sink::File(writer) => {
                let file = writer.into_inner().map_err(|e| failed(e.into_error()))?;
                file.sync_all().map_err(failed)?;
                Ok((bytes, None))
            }
            Sink::Sealed(writer) => Ok((bytes, Some(writer.finish().map_err(failed)?))),
        }
    }
}
