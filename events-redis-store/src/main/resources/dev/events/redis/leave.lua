-- Forgets a node, and what it leads.
-- KEYS: prefix. ARGV: node.
local node = ARGV[1]
write_although_memory_is_full()
redis.call('HDEL', KEYS[1] .. ':nodes', node)
local key = KEYS[1] .. ':leaders'
local leads = redis.call('HGETALL', key)
for i = 1, #leads, 2 do
	if string.match(leads[i + 1], '^%d+:(.*)$') == node then
		redis.call('HDEL', key, leads[i])
	end
end
return { 1 }
