create table partner_messages (
	number bigint generated always as identity primary key,
	message_id varchar(100) not null unique,
	body text not null,
	received_at timestamp with time zone default current_timestamp not null
);
