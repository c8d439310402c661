//! Policies in the file system, and how files are read: regular ones, up to a cap.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::language::{MAX_FILE_BYTES, OpenError, Opened, PolicyStore};

/// Why a file was not read.
#[derive(Debug)]
pub enum ReadError {
    /// A folder, a device, a pipe.
    NotRegular,
    /// Others than its owner may read or write it.
    NotPrivate,
    /// Larger than the cap.
    TooLarge,
    /// The system refused.
    System(io::Error),
}

/// Reads a regular file up to a cap. The kind is asked before opening: opening a pipe would wait for ever.
pub fn read_regular(path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    read_where(path, cap, |_| true)
}

/// Reads a regular file that nobody but its owner may read or write, where the system can tell.
pub(super) fn read_private(path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    read_where(path, cap, is_private)
}

fn read_where(path: &Path, cap: usize, allowed: fn(&fs::Metadata) -> bool) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let metadata = fs::metadata(path).map_err(ReadError::System)?;
    if !metadata.is_file() {
        return Err(ReadError::NotRegular);
    }
    let file = File::open(path).map_err(ReadError::System)?;
    // Of what is read, and not of what has had its name before.
    if !allowed(&file.metadata().map_err(ReadError::System)?) {
        return Err(ReadError::NotPrivate);
    }
    let length = usize::try_from(metadata.len()).unwrap_or(cap).min(cap);
    let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
    file.take(cap as u64 + 1).read_to_end(&mut bytes).map_err(ReadError::System)?;
    if bytes.len() > cap { Err(ReadError::TooLarge) } else { Ok(bytes) }
}

#[cfg(unix)]
fn is_private(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 == 0
}

#[cfg(not(unix))]
fn is_private(_metadata: &fs::Metadata) -> bool {
    true
}

/// Policies in the file system. Imports stay, links resolved, in the tree of the first policy.
#[derive(Debug, Default)]
pub struct PolicyFiles {
    /// The root: the nearest parent of the first policy with `.git`, else that policy's folder.
    root: RefCell<Option<PathBuf>>,
    /// The names shown, by canonical path.
    names: RefCell<BTreeMap<String, String>>,
}

impl PolicyFiles {
    /// The tree that imports must stay in: the nearest parent of a policy, links resolved, with `.git`, else its folder.
    fn tree(path: &str) -> Option<PathBuf> {
        let canonical = fs::canonicalize(path).ok()?;
        let folder = canonical.parent()?;
        let with_git = folder.ancestors().find(|parent| parent.join(".git").exists());
        Some(with_git.unwrap_or(folder).to_owned())
    }

    /// Every tree that whoever proposes a change to a policy may write to: of the file as it is named and of what it
    /// links to, the folder and each parent with `.git` (a submodule's and the one around it). Settings with credentials
    /// must lie outside of all of them.
    pub fn trees(path: &str) -> Vec<PathBuf> {
        let named = Path::new(path);
        let parent = named.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folders = [
            fs::canonicalize(parent).ok(),
            fs::canonicalize(path).ok().and_then(|file| Some(file.parent()?.to_owned())),
        ];
        let mut trees = Vec::new();
        for folder in folders.into_iter().flatten() {
            trees.extend(folder.ancestors().filter(|parent| parent.join(".git").exists()).map(Path::to_owned));
            trees.push(folder);
        }
        trees
    }

    /// Takes the current folder's tree for the root, where no policy has given one: for a text that is no file.
    pub fn begin_here(&self) {
        if self.root.borrow().is_none() {
            // The folder of something in it is the folder itself.
            let here = fs::canonicalize(".").ok();
            let with_git = here.as_deref().and_then(|here| here.ancestors().find(|one| one.join(".git").exists()));
            let root = with_git.map(Path::to_owned).or_else(|| here.clone());
            *self.root.borrow_mut() = root;
        }
    }

    fn read(&self, canonical: &Path, name: String) -> Result<Opened, OpenError> {
        let id = canonical.to_string_lossy().into_owned();
        let bytes = match read_regular(canonical, MAX_FILE_BYTES) {
            Ok(mut bytes) => std::mem::take(&mut *bytes),
            // One byte more than allowed says so to the loader.
            Err(ReadError::TooLarge) => vec![b' '; MAX_FILE_BYTES + 1],
            Err(ReadError::NotRegular | ReadError::NotPrivate) => return Err(OpenError::NotRegular),
            Err(ReadError::System(error)) => return Err(open_error(&error)),
        };
        self.names.borrow_mut().insert(id.clone(), name.clone());
        Ok(Opened { id, name, bytes })
    }
}

fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "pol")
}

fn open_error(error: &io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::NotFound => OpenError::NotFound,
        kind => OpenError::Unreadable(kind.to_string()),
    }
}

impl PolicyStore for PolicyFiles {
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        let Some(from) = from else {
            let canonical = fs::canonicalize(path).map_err(|error| open_error(&error))?;
            // Links resolved: what a diagnostic quotes must be a policy, not whatever a link in a repository points at.
            if !is_policy(Path::new(path)) || !is_policy(&canonical) {
                return Err(OpenError::Unreadable("its name, links resolved, does not end in `.pol`".into()));
            }
            if self.root.borrow().is_none() {
                *self.root.borrow_mut() = Self::tree(path);
            }
            return self.read(&canonical, path.to_owned());
        };
        let folder = Path::new(from).parent().ok_or(OpenError::Outside)?;
        let canonical = fs::canonicalize(folder.join(path)).map_err(|error| open_error(&error))?;
        let root = self.root.borrow().clone().ok_or(OpenError::Outside)?;
        let inside = canonical.strip_prefix(&root).map_err(|_| OpenError::Outside)?;
        let hidden = inside.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
        if hidden || !is_policy(&canonical) {
            return Err(OpenError::Outside);
        }
        let shown = self.names.borrow().get(from).cloned().unwrap_or_default();
        let name = Path::new(&shown).parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path));
        self.read(&canonical, name.to_string_lossy().into_owned())
    }
}
