-- Indexes the events behind those that are indexed, at most so many, unless another node
-- does so.
-- KEYS: prefix. ARGV: node, how long it is the one that does, most events.
-- Answers how many events, or -1 if another node does, and whether there are more.
local MOST_BYTES = 2097152
local node, duration, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local key = KEYS[1] .. ':index'
local known = redis.call('HMGET', key, 'upTo', 'node', 'until')
local up_to = tonumber(known[1]) or 0
local time = now()
if known[2] and known[2] ~= node and time < tonumber(known[3]) then
	return { -1, 0 }
end

-- in small pages, since events may be large
local positions, times, lists, bytes = {}, {}, new_lists(), 0
local more = true
while more and #positions < limit and bytes < MOST_BYTES do
	local wanted = math.min(16, limit - #positions)
	local entries = redis.call('XRANGE', KEYS[1] .. ':log', '(' .. text(up_to) .. '-0', '+', 'COUNT', wanted)
	more = #entries == wanted
	for _, entry in ipairs(entries) do
		local position = tonumber(string.match(entry[1], '^%d+'))
		local event = entry[2][2]
		local at = note(lists, event, position)
		if not at then
			-- a newer node must index this
			more = false
			break
		end
		up_to = position
		positions[#positions + 1] = position
		times[#times + 1] = at
		bytes = bytes + #event
	end
end
if #positions > 0 then
	for_each_list(lists, add_positions)
	add_times(positions, times)
	redis.call('HSET', key, 'upTo', text(up_to), 'node', node, 'until', text(time + duration))
elseif known[2] ~= node or time + duration / 2 > tonumber(known[3]) then
	redis.call('HSET', key, 'node', node, 'until', text(time + duration))
end
return { #positions, more and 1 or 0 }
