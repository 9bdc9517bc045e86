-- How many deliveries of each subscription are stored.
-- KEYS: prefix. Answers subscription, waiting ones and dead letters, where there are any.
local answers = {}
for _, subscription in ipairs(redis.call('SMEMBERS', KEYS[1] .. ':subscriptions')) do
	local store = deliveries_of(subscription)
	local waiting = 0
	for n = 0, store.partitions - 1 do
		waiting = waiting + redis.call('ZCARD', scheduled_key(subscription, n))
			+ redis.call('ZCARD', live_key(subscription, n)) - redis.call('ZCARD', blocking_key(subscription, n))
	end
	if redis.call('ZCARD', store.positions) > 0 then
		answers[#answers + 1] = { subscription, waiting, redis.call('ZCARD', store.dead) }
	end
end
return answers
