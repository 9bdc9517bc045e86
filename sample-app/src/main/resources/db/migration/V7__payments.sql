create table payments (
	order_id uuid primary key,
	amount numeric(12, 2) not null,
	attempt int not null,
	taken_at timestamp with time zone default current_timestamp not null
);
