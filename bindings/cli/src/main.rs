//! The `shockpath` command: arguments in, an operation of [`shockpath::wire`], text or JSON out.

mod adherence;
mod args;
mod assess;
mod check;
mod describe;
mod fhir;
mod folder;
mod handbook;
mod lock;
mod output;
mod page;
mod pool;
mod simulate;
mod test;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::output::Outcome;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let home = cli.protocols.as_deref();
    let outcome = match &cli.command {
        Command::Assess(args) => assess::run(home, args),
        Command::Adherence(args) => adherence::run(home, args),
        Command::Pool(args) => pool::run(args),
        Command::Simulate(args) => simulate::run(home, args),
        Command::Check(args) => check::run(home, args),
        Command::Test(args) => test::run(home, args),
        Command::Protocols(args) => describe::protocols(home, args),
        Command::Show(args) => describe::show(home, args),
        Command::Handbook(args) => handbook::run(home, args),
        Command::Explain(args) => describe::explain(args),
        Command::Schema(args) => describe::schema(args),
        Command::Lock(args) => lock::run(home, args),
    };
    outcome.unwrap_or_else(Outcome::from).print(cli.color)
}
