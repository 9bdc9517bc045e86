-- Says that a node is alive, or just reads the nodes.
-- KEYS: prefix. ARGV: node, its subscriptions as one text, and how long this holds; or
-- nothing. Answers id, start, last heartbeat and subscriptions of each node alive now.
local key = KEYS[1] .. ':nodes'
local time = now()
local node, ttl = ARGV[1], tonumber(ARGV[3])
if node then
	write_although_memory_is_full()
	local known = redis.call('HGET', key, node)
	local state = known and cmsgpack.unpack(known) or { started = time }
	state.seen, state.ends, state.subscriptions = time, time + ttl, ARGV[2]
	redis.call('HSET', key, node, cmsgpack.pack(state))
end
local answers = {}
local nodes = redis.call('HGETALL', key)
for i = 1, #nodes, 2 do
	local state = cmsgpack.unpack(nodes[i + 1])
	if node and state.seen < time - 10 * ttl then
		redis.call('HDEL', key, nodes[i])
	elseif time < state.ends then
		answers[#answers + 1] = { nodes[i], text(state.started), text(state.seen), state.subscriptions }
	end
end
return answers
