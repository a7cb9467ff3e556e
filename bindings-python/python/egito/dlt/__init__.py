"""Source of dlt: loads what was created, changed or deleted in an Egito CRM. Needs `pip install 'egito[dlt]'`.

pipeline = dlt.pipeline("crm", destination="duckdb", dataset_name="crm")
pipeline.run(egito.dlt.source(["Account", "Contact"]))
"""

from __future__ import annotations

from egito.dlt._source import source

__all__ = ["source"]
