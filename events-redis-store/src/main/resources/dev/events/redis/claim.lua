-- Claims partitions that nobody holds.
-- KEYS: prefix. ARGV: node, duration, then subscription and partition of each.
-- Answers for each lease: index of its subscription in ARGV, epoch, position, number of
-- partitions, former partitions.
local node, duration = ARGV[1], tonumber(ARGV[2])
local time = now()
local leases = {}
write_although_memory_is_full()
for i = 3, #ARGV, 2 do
	local key, n = KEYS[1] .. ':subscription:' .. ARGV[i], ARGV[i + 1]
	local cursor = redis.call('HMGET', key, 'position' .. n, 'epoch' .. n, 'owner' .. n, 'until' .. n, 'partitions',
		'former')
	if cursor[1] and (cursor[3] == node or time >= tonumber(cursor[4])) then
		local epoch = text(tonumber(cursor[2]) + 1)
		redis.call('HSET', key, 'epoch' .. n, epoch, 'owner' .. n, node, 'until' .. n, text(time + duration),
			'saved' .. n, '0')
		leases[#leases + 1] = { i, epoch, cursor[1], cursor[5], cursor[6] or '' }
	end
end
return leases
