//! Gitea, and Forgejo, which Codeberg is.

use super::path;
use super::reader::malformed;
use super::{Question, Running, Scripts, Walk};
use crate::facts::{HttpRequest, RequestLabel};

/// The scripts of Gitea.
#[derive(Clone, Copy, Debug)]
pub struct Gitea;

impl Scripts for Gitea {
    fn run<'a>(&'a self, mut walk: Walk<'a>) -> Running<'a> {
        Box::pin(async move {
            let rest = malformed("the answer belongs to no request that credcheck knows");
            walk.settle(&rest, &[]);
            walk.end()
        })
    }

    fn unfilled(&self, question: &Question<'_>) -> HttpRequest {
        let url = path::url(question, question.credential.api.as_str(), &|_| None);
        let label = RequestLabel { method: question.row.method.word(), url };
        HttpRequest { label: label.into(), headers: Vec::new(), body: None, once: false }
    }
}
