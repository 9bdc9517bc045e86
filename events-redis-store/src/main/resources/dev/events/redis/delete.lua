-- Deletes events at the given positions, with what is known of their ids, and from the index.
-- KEYS: prefix. ARGV: positions, ascending. Answers how many were there.
local log, ids = KEYS[1] .. ':log', KEYS[1] .. ':ids'
local deleted = 0
write_although_memory_is_full()
local indexed = tonumber(redis.call('HGET', KEYS[1] .. ':index', 'upTo')) or 0
local positions, lists = {}, new_lists()
for i = 1, #ARGV do
	local entry = redis.call('XRANGE', log, ARGV[i] .. '-0', ARGV[i] .. '-0')[1]
	if entry then
		local event, position = entry[2][2], tonumber(ARGV[i])
		local id = string.sub(event, 1, 16)
		local known = redis.call('HGET', ids, id)
		if known and string.match(known, '^%d+') == ARGV[i] then
			redis.call('HDEL', ids, id)
		end
		deleted = deleted + redis.call('XDEL', log, entry[1])
		if position <= indexed then
			note(lists, event, position)
			positions[#positions + 1] = position
		end
	end
end
for_each_list(lists, remove_positions)
remove_times(positions)
return { deleted }
