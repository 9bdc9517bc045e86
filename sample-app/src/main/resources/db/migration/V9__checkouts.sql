create table checkout_ledger (
	checkout_id uuid not null,
	entry varchar(20) not null,
	written_at timestamp(6) with time zone not null default current_timestamp,
	primary key (checkout_id, entry)
);
