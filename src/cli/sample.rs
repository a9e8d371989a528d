//! `meken sample`

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::args::{self, SampleArgs};
use crate::error::{Exit, Failure};
use crate::sample::{SampleEncoding, SampleOptions, generate, write_csv};

pub(super) fn run(args: &SampleArgs) -> Result<(), Failure> {
    let encoding = match args.encoding {
        args::SampleEncoding::Cp932 => SampleEncoding::Cp932,
        args::SampleEncoding::Utf8 => SampleEncoding::Utf8,
    };
    write(SampleOptions { rows: args.rows, seed: args.seed, encoding }, &args.output, args.truth.as_deref())
}

/// Writes a sample file and its truth, each of them whole or not at all.
pub(super) fn write(options: SampleOptions, output: &Path, truth: Option<&Path>) -> Result<(), Failure> {
    let encoding = options.encoding;
    let mut csv = Draft::beside(output)?;
    let mut truth = truth.map(Draft::beside).transpose()?;
    write_csv(
        generate(options),
        encoding,
        &mut csv.writer,
        truth.as_mut().map(|truth| &mut truth.writer as &mut dyn Write),
    )
    .map_err(|error| Failure::new(Exit::Storage, format!("{}: {error}", output.display())))?;
    csv.keep()?;
    truth.map_or(Ok(()), Draft::keep)
}

/// A file under another name until it is whole.
struct Draft {
    writer: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Draft {
    fn beside(path: &Path) -> Result<Self, Failure> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = NamedTempFile::new_in(folder).map_err(|error| fault(path, &error))?;
        Ok(Self { writer: BufWriter::with_capacity(1 << 18, file), path: path.to_owned() })
    }

    fn keep(self) -> Result<(), Failure> {
        let file = self.writer.into_inner().map_err(|error| fault(&self.path, error.error()))?;
        file.persist(&self.path).map_err(|error| fault(&self.path, &error.error))?;
        Ok(())
    }
}

fn fault(path: &Path, error: &std::io::Error) -> Failure {
    let path = path.display();
    Failure::new(Exit::Storage, format!("{path} に書き出せません: {error}。フォルダと空き容量を確認してください"))
}
