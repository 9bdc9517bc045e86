-- So that a subscription can be written by hand: insert into event_subscriptions (event_name,
-- subscriber_type, config) values ('order.*', 'webhook', '{"url": "https://example.org/hooks"}' format json).
-- A running node gives it its cursors.
alter table ${prefix}event_subscriptions alter column id set default cast(random_uuid() as varchar);
alter table ${prefix}event_subscriptions alter column created_from set default 'sql';
alter table ${prefix}event_subscriptions alter column partitions set default 4;
-- why it is not active
alter table ${prefix}event_subscriptions add column note varchar(2000);
