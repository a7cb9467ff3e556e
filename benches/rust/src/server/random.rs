//! Random numbers with a fixed seed, so that every run has the same records.

/// The generator `SplitMix64`.
pub struct Random(u64);

impl Random {
    /// Creates a generator that always returns the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from `low` to `high`, both included.
    pub fn number(&mut self, low: u32, high: u32) -> u32 {
        let number = self.next() % u64::from(high - low + 1);
        low + u32::try_from(number).unwrap_or(0)
    }

    /// Returns a number from `low` to `high`, divided by `unit`.
    pub fn decimal(&mut self, low: u32, high: u32, unit: f64) -> f64 {
        f64::from(self.number(low, high)) / unit
    }

    /// Returns true in `percent` of 100 cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.number(1, 100) <= percent
    }

    /// Returns one of the strings.
    pub fn one_of(&mut self, all: &[&'static str]) -> &'static str {
        let last = u32::try_from(all.len() - 1).unwrap_or(0);
        all[self.number(0, last) as usize]
    }

    /// Returns a date such as `2024-02-09`.
    pub fn date(&mut self) -> String {
        format!("20{:02}-{:02}-{:02}", self.number(12, 25), self.number(1, 12), self.number(1, 28))
    }

    /// Returns a point in time such as `2024-02-09T10:11:12Z`.
    pub fn time(&mut self) -> String {
        format!("{}T{:02}:{:02}:{:02}Z", self.date(), self.number(0, 23), self.number(0, 59), self.number(0, 59))
    }
}
