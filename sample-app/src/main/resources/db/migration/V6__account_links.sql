create table account_mailboxes (
	user_id uuid primary key,
	mailbox varchar(200) not null
);

create index account_mailboxes_by_mailbox on account_mailboxes (mailbox);

create table account_links (
	user_id uuid not null,
	linked_to uuid not null,
	primary key (user_id, linked_to)
);
