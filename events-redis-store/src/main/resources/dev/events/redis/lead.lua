-- Makes a node the leader of a task unless another one is.
-- KEYS: prefix. ARGV: task, node, duration. Answers whether it leads.
local key = KEYS[1] .. ':leaders'
local task, node, duration = ARGV[1], ARGV[2], tonumber(ARGV[3])
local time = now()
write_although_memory_is_full()
local known = redis.call('HGET', key, task)
if known then
	local ends, leader = string.match(known, '^(%d+):(.*)$')
	if leader ~= node and time < tonumber(ends) then
		return { 0 }
	end
end
redis.call('HSET', key, task, text(time + duration) .. ':' .. node)
return { 1 }
