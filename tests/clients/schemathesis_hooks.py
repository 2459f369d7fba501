"""How Schemathesis writes bodies it does not know by itself."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """One JSON object a line."""
    rows = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(row) for row in rows).encode()


@schemathesis.serializer("application/toml")
def as_it_is(ctx, value):
    """Text."""
    return str(value).encode()
