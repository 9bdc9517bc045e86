-- Prolongs leases whose epoch is current.
-- KEYS: prefix. ARGV: duration, then subscription, partition, epoch, node and number of the
-- last checkpoint answered of each; see checkpoint.lua.
-- Answers the indexes of the subscriptions in ARGV whose leases were prolonged.
local ends = text(now() + tonumber(ARGV[1]))
local renewed = {}
write_although_memory_is_full()
for i = 2, #ARGV, 5 do
	local key, n = KEYS[1] .. ':subscription:' .. ARGV[i], ARGV[i + 1]
	local cursor = redis.call('HMGET', key, 'epoch' .. n, 'owner' .. n, 'saved' .. n)
	if cursor[1] == ARGV[i + 2] and cursor[2] == ARGV[i + 3] and tonumber(cursor[3]) >= tonumber(ARGV[i + 4]) then
		redis.call('HSET', key, 'until' .. n, ends)
		renewed[#renewed + 1] = i
	end
end
return renewed
