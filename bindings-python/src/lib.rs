//! What is in the module `egito._egito`, and nothing else. The classes that users see are in `python/egito`.

mod arrow;
mod async_bulk;
mod async_client;
mod async_context;
mod async_entity;
mod async_pages;
mod async_record_list;
mod bulk;
mod client;
mod ending;
mod entity;
mod errors;
mod event_context;
mod fields;
mod foreign;
mod fork;
mod hook;
mod interpreter;
mod json;
mod logging;
mod loop_bridge;
mod pages;
mod pending;
mod record_list;
mod records;
mod reentrancy;
mod response;
mod runtime;
mod values;
mod wait;
mod wake;

#[pyo3::pymodule(gil_used = false)]
mod _egito {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::arrow::{ArrowBatches, ArrowTable};
    #[pymodule_export]
    use crate::async_bulk::AsyncBulkCalls;
    #[pymodule_export]
    use crate::async_client::AsyncClient;
    #[pymodule_export]
    use crate::async_entity::AsyncEntity;
    #[pymodule_export]
    use crate::async_pages::AsyncPages;
    #[pymodule_export]
    use crate::async_record_list::AsyncRecordList;
    #[pymodule_export]
    use crate::bulk::BulkCalls;
    #[pymodule_export]
    use crate::client::Client;
    #[pymodule_export]
    use crate::entity::Entity;
    #[pymodule_export]
    use crate::pages::{Pages, Records};
    #[pymodule_export]
    use crate::pending::Pending;
    #[pymodule_export]
    use crate::record_list::{RecordList, check_filter_keywords};

    #[pymodule_export]
    use crate::values::to_json;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::interpreter::check(module.py())?;
        crate::ending::register(module.py())?;
        crate::logging::listen();
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("CODES", egito::CODES.iter().map(|info| (info.name, info.class)).collect::<Vec<_>>())
    }
}
