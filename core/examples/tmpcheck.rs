#![allow(missing_docs, unused, clippy::all)]
fn main(){ let root=std::path::Path::new("protocols"); let mut files=vec![]; fn walk(d:&std::path::Path,o:&mut Vec<(String,String)>){ for e in std::fs::read_dir(d).unwrap(){let p=e.unwrap().path(); if p.is_dir(){walk(&p,o)} else if p.extension().map_or(false,|x|x=="yaml"){o.push((p.strip_prefix("protocols").unwrap().to_str().unwrap().to_string(),std::fs::read_to_string(&p).unwrap()))}}} walk(root,&mut files); files.sort();
let t=std::time::Instant::now();
let lib=shockpath::protocol::Library::load(files.iter().map(|(a,b)|(a.clone(),b.as_str()))); println!("load {:?}",t.elapsed()); let t=std::time::Instant::now(); let d=lib.check(); println!("check {:?}",t.elapsed());
print!("{}",shockpath::diagnostic::render(&d,lib.sources(),false));
let t=std::time::Instant::now(); let p=shockpath::protocol::Plan::link(&lib,&Default::default()); println!("link {:?}",t.elapsed()); if let Ok((p,_))=p { println!("rules {} ops {}",p.rule_count(),p.program().len()); } }
