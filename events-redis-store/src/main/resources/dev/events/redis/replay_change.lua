-- Changes the state of a replay.
-- KEYS: prefix. ARGV: id, new state, whether that is an active one, states that it may be
-- in before. Answers whether it was changed. What is finished stays finished.
local id, active = ARGV[1], ARGV[3] == '1'
local replay = replay_key(id)
local known = redis.call('HMGET', replay, 'state', 'subscription')
local expected = false
for i = 4, #ARGV do
	expected = expected or known[1] == ARGV[i]
end
if not expected or redis.call('SISMEMBER', KEYS[1] .. ':active-replays', id) == 0 then
	return { 0 }
end
write_although_memory_is_full()
redis.call('HSET', replay, 'state', ARGV[2])
if not active then
	redis.call('HSET', replay, 'finished', text(now()))
	redis.call('HDEL', subscription_key(known[2]), 'replay')
	redis.call('SREM', KEYS[1] .. ':active-replays', id)
end
return { 1 }
