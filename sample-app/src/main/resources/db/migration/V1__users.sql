create table users (
	id uuid primary key,
	email varchar(200) not null unique,
	name varchar(100) not null
);
