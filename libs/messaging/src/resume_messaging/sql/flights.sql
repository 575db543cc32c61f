-- Who answers a question just now, with a lease; a failed one stays until the next tries. Run by a
-- service's migration with {schema} replaced.
create table {schema}.flights (
    key bytea primary key check (octet_length(key) = 32),
    token uuid not null,
    until timestamptz not null,
    failed_at timestamptz
);
create index flights_age on {schema}.flights (until);
