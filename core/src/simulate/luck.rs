//! Random numbers by their key: the same (seed, patient, stream, bin) gives the same numbers, whatever else was drawn.
//!
//! Arms of an experiment that share a seed share their patients' luck: a measurement is as far off, a complication needs
//! as much hazard, a nurse is as late, in every arm. So what differs is the protocol. The numbers are those of ChaCha8
//! (Bernstein DJ. ChaCha, a variant of Salsa20. 2008): seed and patient are its key, the stream its stream, the bin its
//! block.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::math;

/// Words of a block of ChaCha.
const BLOCK: u128 = 16;

/// What a number is drawn for. Streams have names, so that a new one moves no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stream(u64);

impl Stream {
    /// The stream of a purpose and a name within it, such as `noise` and `lactate`.
    #[must_use]
    pub fn named(purpose: &str, name: &str) -> Stream {
        // FNV-1a, 64 bits; the byte between the two is in no name.
        let bytes = purpose.bytes().chain([0]).chain(name.bytes());
        Stream(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }
}

/// The luck of one patient under a seed.
#[derive(Debug, Clone)]
pub struct Luck {
    key: [u8; 32],
}

impl Luck {
    /// The luck of this patient.
    #[must_use]
    pub fn new(seed: u64, patient: u64) -> Luck {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&patient.to_le_bytes());
        Luck { key }
    }

    fn two(&self, stream: Stream, bin: u64) -> (f64, f64) {
        let mut random = ChaCha8Rng::from_seed(self.key);
        random.set_stream(stream.0);
        random.set_word_pos(u128::from(bin) * BLOCK);
        // 53 bits, in the middle of their steps: never 0 and never 1.
        let mut uniform = || ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        (uniform(), uniform())
    }

    /// Uniform between 0 and 1, neither included.
    #[must_use]
    pub fn uniform(&self, stream: Stream, bin: u64) -> f64 {
        self.two(stream, bin).0
    }

    /// Normal with mean 0 and standard deviation 1, by the method of Box and Muller (Ann Math Stat 1958;29:610–1).
    #[must_use]
    pub fn normal(&self, stream: Stream, bin: u64) -> f64 {
        let (radius, angle) = self.two(stream, bin);
        math::sqrt(-2.0 * math::ln(radius)) * math::cos(2.0 * std::f64::consts::PI * angle)
    }

    /// Exponential with mean 1: the cumulative hazard at which an event happens.
    #[must_use]
    pub fn exponential(&self, stream: Stream) -> f64 {
        -math::ln(self.uniform(stream, 0))
    }
}
