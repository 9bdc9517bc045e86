create table mails (
	number bigint generated always as identity primary key,
	message_id uuid not null unique,
	recipient varchar(200) not null,
	subject varchar(200) not null,
	sent_at timestamp with time zone default current_timestamp not null
);
