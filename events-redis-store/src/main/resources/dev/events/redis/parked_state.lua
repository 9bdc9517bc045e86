-- What the owner of a partition has to know.
-- KEYS: prefix. ARGV: subscription, partition, position of the cursor.
-- Answers keys with their lowest live positions, keys whose lowest is queued, positions
-- beyond the cursor, and how many wait.
local subscription, n = ARGV[1], ARGV[2]
local store = deliveries_of(subscription)
local live, blocking = live_key(subscription, n), blocking_key(subscription, n)
local keys, ready, ahead = {}, {}, {}
local last
for _, member in ipairs(redis.call('ZRANGE', live, 0, -1)) do
	local name, position = string.sub(member, 1, -18), string.sub(member, -16)
	if name ~= last and string.sub(name, 1, 2) ~= '\1\3' then
		keys[#keys + 1] = unescaped(name)
		keys[#keys + 1] = position
		if not redis.call('ZSCORE', blocking, member) then
			ready[#ready + 1] = unescaped(name)
		end
	end
	last = name
end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', store.positions, '(' .. ARGV[3], '+inf')) do
	local position, hash = string.match(member, '^(%d+):(-?%d+)$')
	if text(tonumber(hash) % store.partitions) == n then
		ahead[#ahead + 1] = position
	end
end
local waiting = redis.call('ZCARD', scheduled_key(subscription, n)) + redis.call('ZCARD', live)
	- redis.call('ZCARD', blocking)
return { keys, ready, ahead, waiting }
