-- Creates a replay, unless one of the subscription is active.
-- KEYS: prefix. ARGV: id, subscription, whether it is active, how many finished ones of the
-- subscription are kept, then fields and values, among them state and after.
-- Answers whether it was created, by this call or an earlier try.
local id, subscription, kept = ARGV[1], ARGV[2], tonumber(ARGV[4])
local active = ARGV[3] == '1'
local key, replay = subscription_key(subscription), replay_key(id)
local known = redis.call('HMGET', key, 'partitions', 'replay')
if redis.call('EXISTS', replay) == 1 then
	return { 1 }
end
if not known[1] or known[2] then
	return { 0 }
end
-- times need not grow, numbers do
local number = redis.call('INCR', KEYS[1] .. ':replay-number')
redis.call('HSET', replay, 'subscription', subscription, 'number', number, 'created', text(now()), 'partitions',
	known[1], unpack(ARGV, 5))
local after = redis.call('HGET', replay, 'after')
for n = 0, tonumber(known[1]) - 1 do
	redis.call('HSET', replay, 'position' .. n, after, 'handled' .. n, '0', 'failed' .. n, '0')
end
redis.call('ZADD', KEYS[1] .. ':replays', number, id)
redis.call('ZADD', replays_of(subscription), number, id)
if active then
	redis.call('HSET', key, 'replay', id)
	redis.call('SADD', KEYS[1] .. ':active-replays', id)
else
	redis.call('HSET', replay, 'finished', text(now()))
end
local finished = 0
for _, other in ipairs(redis.call('ZREVRANGE', replays_of(subscription), 0, -1)) do
	if other ~= id or not active then
		finished = finished + 1
		if finished > kept then
			forget_replay(subscription, other)
		end
	end
end
return { 1 }
