//! stub
use std::path::Path;
use super::ExportError;
pub struct Saved;
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> { std::fs::write(path, bytes).map_err(ExportError::io(path, "保存")) }
