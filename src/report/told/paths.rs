//! Paths as machine formats need them: relative to the repository's root, with `/` between their parts.

use std::path::{Component, Path, PathBuf};

/// Where the repository's root and the current folder are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// The repository's root, absolute, links resolved; `None` where there is no repository, and the current folder is it.
    root: Option<PathBuf>,
    /// The current folder, absolute, links resolved.
    current: Option<PathBuf>,
}

impl Paths {
    /// The paths below a repository's root. Both are absolute.
    pub const fn new(root: PathBuf, current: PathBuf) -> Self {
        Self { root: Some(root), current: Some(current) }
    }

    /// The repository's root.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// A file's path from the root on; `None` for what is no file of the repository: a ready-made policy, standard input,
    /// a path that leads out of it.
    pub fn relative(&self, name: &str) -> Option<String> {
        if name.is_empty() || name.starts_with("builtin:") || name == "standard input" {
            return None;
        }
        let named = Path::new(name);
        let (root, whole) = match (&self.root, &self.current) {
            (Some(root), Some(current)) => (plain(root)?, plain(&current.join(named))?),
            _ if named.is_absolute() => return None,
            _ => (PathBuf::new(), plain(named)?),
        };
        let below = whole.strip_prefix(&root).ok()?;
        let parts: Vec<&str> = below.components().map(|part| part.as_os_str().to_str()).collect::<Option<_>>()?;
        (!parts.is_empty()).then(|| parts.join("/"))
    }
}

/// A path without `.` and `..`; `None` where it leads above its beginning.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    let mut depth = 0_usize;
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                depth = depth.checked_sub(1)?;
                plain.pop();
            }
            Component::Normal(name) => {
                depth += 1;
                plain.push(name);
            }
            Component::RootDir | Component::Prefix(_) => plain.push(part),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_root_of_the_repository() {
        let inside = Paths::new("/home/bot/infra".into(), "/home/bot/infra/policies".into());
        for (name, relative) in [
            ("team.pol", Some("policies/team.pol")),
            ("./a/../team.pol", Some("policies/team.pol")),
            ("../team.pol", Some("team.pol")),
            ("/home/bot/infra/x/y.pol", Some("x/y.pol")),
            ("../../other/team.pol", None),
            ("../../../../../team.pol", None),
            ("/etc/team.pol", None),
            ("/home/bot/infra", None),
            ("builtin:atlantis", None),
            ("standard input", None),
            ("", None),
        ] {
            assert_eq!(inside.relative(name).as_deref(), relative, "{name}");
        }
        let nowhere = Paths::default();
        assert_eq!(nowhere.relative("a/./b.pol").as_deref(), Some("a/b.pol"));
        assert_eq!(nowhere.relative("../b.pol"), None);
        assert_eq!(nowhere.relative("/b.pol"), None);
    }
}
