//! The native module `egito._egito`, which the classes of the package in `python/egito` use.
//!
//! Each folder uses only the folders after it in this list: `blocking` and `asyncio`; `arrow` and `events`; `convert`; `runtime`.

mod arrow;
mod asyncio;
mod blocking;
mod convert;
mod events;
mod runtime;

#[pyo3::pymodule(gil_used = false)]
mod _egito {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::arrow::ArrowTable;
    #[pymodule_export]
    use crate::asyncio::{AsyncBulkCalls, AsyncClient, AsyncEntity, AsyncOutbox, AsyncPages, AsyncRecordList, Pending};
    #[pymodule_export]
    use crate::blocking::{
        ArrowBatches, BulkCalls, Client, Entity, Outbox, Pages, RecordList, Records, check_filter_keywords,
    };
    #[pymodule_export]
    use crate::convert::encode::to_json;
    #[pymodule_export]
    use crate::convert::settings::settings_from_env;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::runtime::interpreter::check(module.py())?;
        crate::runtime::finalization::register(module.py())?;
        crate::events::logging::subscribe();
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("CODES", egito::CODES.iter().map(|info| (info.name, info.class)).collect::<Vec<_>>())
    }
}
