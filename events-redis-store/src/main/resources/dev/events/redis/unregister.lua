-- Deletes a subscription with its cursors and deliveries.
-- KEYS: prefix. ARGV: id. Answers whether there was one.
local id = ARGV[1]
local store = deliveries_of(id)
for n = 0, store.partitions - 1 do
	redis.call('UNLINK', scheduled_key(id, n), live_key(id, n), blocking_key(id, n))
end
redis.call('UNLINK', store.states, store.events, store.failures, store.positions, store.dead)
redis.call('UNLINK', KEYS[1] .. ':subscription:' .. id)
return redis.call('SREM', KEYS[1] .. ':subscriptions', id)
