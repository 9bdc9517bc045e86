create table search_index (
	kind varchar(20) not null,
	id uuid not null,
	content text not null,
	primary key (kind, id)
);
