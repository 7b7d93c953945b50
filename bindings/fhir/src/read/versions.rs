//! Versions of one Observation: a later one takes the place of an earlier one, and what was believed before stays known as
//! what was believed before.

use shockpath::diagnostic::Diagnostic;

use super::world::World;
use super::{Yield, observation};

/// Reads the newest version, and of the earlier ones the values that it corrects.
///
/// An earlier value stays only where the newer version speaks of the same thing at the same instant and became known
/// later; any other is withdrawn, and counts nowhere.
pub(super) fn read(world: &World<'_, '_>, index: usize) -> Result<Yield, Diagnostic> {
    let mut newest = observation::read(world, index)?;
    let mut later = (index, newest.drafts.clone());
    for earlier in world.earlier(index).iter().rev() {
        let Ok(old) = observation::read(world, *earlier) else { continue };
        let mut kept = Vec::new();
        for draft in old.drafts {
            let Some(new) = later.1.iter().find(|new| new.corrects(&draft)) else { continue };
            let known = [Some(new.known()), world.updated(later.0)];
            let Some(known) = known.into_iter().flatten().find(|known| known.at > draft.known().at) else { continue };
            let (at, resource) = (new.at, new.resource);
            for held in newest.drafts.iter_mut().filter(|held| held.resource == resource && held.corrects(&draft)) {
                held.known = Some(known).filter(|known| known.at != at.at);
            }
            kept.push(draft);
        }
        newest.drafts.extend(kept.iter().cloned());
        later = (*earlier, kept);
    }
    Ok(newest)
}
