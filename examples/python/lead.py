"""Registers the lead of a web form exactly once: `python lead.py < form.json`.

The form is JSON, such as {"formKey": "2026-11-27-0017", "lastName": "Nowak", "phone": "+48 12 446 66 66"}.
Its key is created together with the form, so the same form can be sent again after any failure, or twice by mistake.
"""

import json
import os
import sys

import egito

FIELDS = ("formKey", "lastName", "phone")


def main() -> int:
    """Returns the exit code."""
    form = json.load(sys.stdin)
    lead = {field: form[field] for field in FIELDS if field in form}  # a visitor must not set `owner` or `status`
    try:
        with egito.Client.from_env() as client:
            registered = client.leads.create_once(lead, key="formKey")
    except egito.ValidationError as error:
        for refused in error.errors:
            print(f"{refused.field}: {refused.message}", file=sys.stderr)
        return 1
    except egito.EgitoError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return os.EX_TEMPFAIL if error.retryable or error.outcome == "unknown" else 1  # send the same form again
    print("created" if registered.created else "found", "lead", registered.id)
    return 0


if __name__ == "__main__":
    sys.exit(main())
