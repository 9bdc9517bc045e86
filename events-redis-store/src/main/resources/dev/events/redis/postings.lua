-- The index of the log: for each value of a field, the positions of the events that have it.
--
-- Invariant: up to the position upTo in <prefix>:index it is exact. Every event there is has
-- its position in the lists of all its values, and no list has one of an event that was
-- deleted: who moves upTo or deletes events changes the lists in the same script. Beyond
-- upTo nothing is indexed.
--
-- A list is a row of chunks: the first position in 8 bytes, then in 4 bytes each how far
-- behind it the further ones are. The last chunk is a string, which grows; full ones are
-- members of a sorted set, scored by their first position.
local IN_CHUNK = 256
local REACH = 4294967296
local LONGEST_VALUE = 64

-- fields: t type, s source, k key, o organization, c correlation id unless it is the event's own id
local function list_of(field, value)
	local name = ':' .. value
	if #value > LONGEST_VALUE then
		name = '#' .. redis.sha1hex(value)
	end
	return { field = field, value = value, open = KEYS[1] .. ':index:' .. field .. name,
		full = KEYS[1] .. ':chunks:' .. field .. name }
end

local function first_of(chunk)
	return (struct.unpack('>I8', chunk))
end

local function unpack_chunk(chunk)
	local first = first_of(chunk)
	local positions = { first }
	for at = 9, #chunk, 4 do
		positions[#positions + 1] = first + struct.unpack('>I4', chunk, at)
	end
	return positions
end

local function pack_chunk(positions)
	local parts = { struct.pack('>I8', positions[1]) }
	for i = 2, #positions do
		parts[i] = struct.pack('>I4', positions[i] - positions[1])
	end
	return table.concat(parts)
end

-- Positions ascend, and lie behind all that the list has.
local function add_positions(list, positions)
	local chunk = redis.call('GET', list.open)
	local grows = chunk
	local first = chunk and first_of(chunk)
	local size = chunk and (#chunk - 8) / 4 + 1
	local parts = {}
	for _, position in ipairs(positions) do
		if first and (size == IN_CHUNK or position - first >= REACH) then
			redis.call('ZADD', list.full, string.format('%.0f', first), (grows and chunk or '') .. table.concat(parts))
			first, grows, parts = nil, false, {}
		end
		if first then
			parts[#parts + 1] = struct.pack('>I4', position - first)
			size = size + 1
		else
			parts[1] = struct.pack('>I8', position)
			first, size = position, 1
		end
	end
	redis.call(grows and 'APPEND' or 'SET', list.open, table.concat(parts))
	if not chunk and list.field == 't' then
		redis.call('SADD', KEYS[1] .. ':index:types', list.value)
	end
end

-- Replaces the chunk that may have a position; answers the last position in it.
local function clean_chunk(list, position, gone)
	local open = redis.call('GET', list.open)
	local is_full = not open or first_of(open) > position
	local chunk = open
	if is_full then
		chunk = redis.call('ZREVRANGEBYSCORE', list.full, string.format('%.0f', position), '-inf', 'LIMIT', 0, 1)[1]
	end
	if not chunk then
		return position
	end
	local positions = unpack_chunk(chunk)
	local left = {}
	for _, known in ipairs(positions) do
		if not gone[known] then
			left[#left + 1] = known
		end
	end
	if #left < #positions and is_full then
		redis.call('ZREM', list.full, chunk)
		if #left > 0 then
			redis.call('ZADD', list.full, string.format('%.0f', left[1]), pack_chunk(left))
		end
	elseif #left == 0 then
		redis.call('DEL', list.open)
	elseif #left < #positions then
		redis.call('SET', list.open, pack_chunk(left))
	end
	return positions[#positions]
end

-- Positions ascend; those that the list does not have do no harm.
local function remove_positions(list, positions)
	local gone = {}
	for _, position in ipairs(positions) do
		gone[position] = true
	end
	local done = 0
	for _, position in ipairs(positions) do
		if position > done then
			done = clean_chunk(list, position, gone)
		end
	end
	if list.field == 't' and redis.call('EXISTS', list.open, list.full) == 0 then
		redis.call('SREM', KEYS[1] .. ':index:types', list.value)
	end
end

-- Notes an event's position under each of its values in lists[field][value]. Answers its
-- time in units of 2^20 microseconds, since more is not exact in Lua; or nothing, if the
-- event is in a format that is not known here. See PackedEvents.
local function note(lists, event, position)
	if string.byte(event, 17) ~= 1 then
		return nil
	end
	local flags = string.byte(event, 18)
	local at = 27

	local function take()
		local length, unit, next_byte = 0, 1, nil
		repeat
			next_byte = string.byte(event, at)
			at = at + 1
			length = length + next_byte % 128 * unit
			unit = unit * 128
		until next_byte < 128
		at = at + length
		return string.sub(event, at - length, at - 1)
	end

	local function put(field, value)
		local values = lists[field]
		local positions = values[value]
		if positions then
			positions[#positions + 1] = position
		else
			values[value] = { position }
		end
	end

	put('t', take())
	take()
	put('s', take())
	if bit.band(flags, 1) ~= 0 then
		put('k', take())
	end
	if bit.band(flags, 2) ~= 0 then
		put('o', take())
	end
	if bit.band(flags, 4) ~= 0 then
		take()
	end
	if bit.band(flags, 8) ~= 0 then
		take()
	end
	if bit.band(flags, 16) ~= 0 then
		put('c', take())
	end
	return struct.unpack('>i4', event, 19) * 4096 + math.floor(struct.unpack('>I4', event, 23) / 1048576)
end

local function new_lists()
	return { t = {}, s = {}, k = {}, o = {}, c = {} }
end

local function for_each_list(lists, action)
	for field, values in pairs(lists) do
		for value, positions in pairs(values) do
			action(list_of(field, value), positions)
		end
	end
end

-- Times: a sorted set of stretches of the log, scored by their first position, of as many
-- events each. A stretch is first, last, lowest time, highest time, how many events it was
-- made of, and how many of them are left. Deleting makes its times too wide, never too narrow.
local IN_STRETCH = 1024

local function pack_stretch(s)
	return string.format('%.0f:%.0f:%.0f:%.0f:%d:%d', s.first, s.last, s.low, s.high, s.made, s.left)
end

local function unpack_stretch(text)
	local first, last, low, high, made, left = string.match(text, '^(%d+):(%d+):(%-?%d+):(%-?%d+):(%d+):(%d+)$')
	return { first = tonumber(first), last = tonumber(last), low = tonumber(low), high = tonumber(high),
		made = tonumber(made), left = tonumber(left), text = text }
end

local function save_stretch(s)
	local key = KEYS[1] .. ':index:times'
	if s.text then
		redis.call('ZREM', key, s.text)
	end
	if s.left > 0 then
		redis.call('ZADD', key, string.format('%.0f', s.first), pack_stretch(s))
	end
end

-- Positions ascend, and lie behind all that is known.
local function add_times(positions, times)
	local known = redis.call('ZREVRANGE', KEYS[1] .. ':index:times', 0, 0)[1]
	local s = known and unpack_stretch(known)
	for i, position in ipairs(positions) do
		if s and s.made < IN_STRETCH then
			s.last, s.low, s.high = position, math.min(s.low, times[i]), math.max(s.high, times[i])
			s.made, s.left = s.made + 1, s.left + 1
		else
			if s then
				save_stretch(s)
			end
			s = { first = position, last = position, low = times[i], high = times[i], made = 1, left = 1 }
		end
	end
	save_stretch(s)
end

-- Positions ascend, and were all there.
local function remove_times(positions)
	local s
	for _, position in ipairs(positions) do
		if not s or position > s.last then
			if s then
				save_stretch(s)
			end
			s = unpack_stretch(redis.call('ZREVRANGEBYSCORE', KEYS[1] .. ':index:times', string.format('%.0f', position),
				'-inf', 'LIMIT', 0, 1)[1])
		end
		s.left = s.left - 1
	end
	if s then
		save_stretch(s)
	end
end
