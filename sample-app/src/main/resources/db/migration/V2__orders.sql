create table orders (
	id uuid primary key,
	user_id uuid not null references users (id),
	amount numeric(12, 2) not null,
	status varchar(20) not null
);

create table order_items (
	order_id uuid not null references orders (id),
	line int not null,
	item varchar(200) not null,
	primary key (order_id, line)
);
