#![allow(missing_docs, unused, clippy::all)]
use shockpath::{*,protocol::*,assess::*};
fn main(){ let root=std::path::Path::new("protocols"); let mut files=vec![]; fn walk(d:&std::path::Path,o:&mut Vec<(String,String)>){ for e in std::fs::read_dir(d).unwrap(){let p=e.unwrap().path(); if p.is_dir(){walk(&p,o)} else if p.extension().map_or(false,|x|x=="yaml"){o.push((p.strip_prefix("protocols").unwrap().to_str().unwrap().to_string(),std::fs::read_to_string(&p).unwrap()))}}} walk(root,&mut files); files.sort();
let lib=Library::load(files.iter().map(|(a,b)|(a.clone(),b.as_str())));
let t=wire::test(&lib,&Default::default()); print!("{}",diagnostic::render(&t.diagnostics,&t.sources,false)); println!("{} cases {} failed coverage {:?}",t.report.cases.len(),t.report.failed(),t.report.coverage()); }
