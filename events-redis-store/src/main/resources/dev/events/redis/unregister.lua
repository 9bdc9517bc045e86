-- Deletes a subscription with its cursors, deliveries and replays.
-- KEYS: prefix. ARGV: id. Answers whether there was one.
local id = ARGV[1]
local store = deliveries_of(id)
for n = 0, store.partitions - 1 do
	redis.call('UNLINK', scheduled_key(id, n), live_key(id, n), blocking_key(id, n))
end
redis.call('UNLINK', store.states, store.events, store.failures, store.positions, store.dead)
for _, replay in ipairs(redis.call('ZRANGE', replays_of(id), 0, -1)) do
	forget_replay(id, replay)
end
redis.call('UNLINK', subscription_key(id))
return redis.call('SREM', KEYS[1] .. ':subscriptions', id)
