use crate::Output;
pub fn outputs() -> Vec<Output> {
    Vec::new()
}
