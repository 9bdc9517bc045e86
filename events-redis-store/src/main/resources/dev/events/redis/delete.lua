-- Deletes events at the given positions, with what is known of their ids.
-- KEYS: prefix. ARGV: positions. Answers how many were there.
local log, ids = KEYS[1] .. ':log', KEYS[1] .. ':ids'
local deleted = 0
write_although_memory_is_full()
for i = 1, #ARGV do
	local entry = redis.call('XRANGE', log, ARGV[i] .. '-0', ARGV[i] .. '-0')[1]
	if entry then
		local id = string.sub(entry[2][2], 1, 16)
		local known = redis.call('HGET', ids, id)
		if known and string.match(known, '^%d+') == ARGV[i] then
			redis.call('HDEL', ids, id)
		end
		deleted = deleted + redis.call('XDEL', log, entry[1])
	end
end
return { deleted }
