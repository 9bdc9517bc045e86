-- Gives up leases whose epoch is current.
-- KEYS: prefix. ARGV: subscription, partition, epoch, node and last checkpoint of each.
write_although_memory_is_full()
for i = 1, #ARGV, 5 do
	local key, n = KEYS[1] .. ':subscription:' .. ARGV[i], ARGV[i + 1]
	local cursor = redis.call('HMGET', key, 'epoch' .. n, 'owner' .. n)
	if cursor[1] == ARGV[i + 2] and cursor[2] == ARGV[i + 3] then
		redis.call('HSET', key, 'owner' .. n, '', 'until' .. n, '0')
	end
end
return {}
