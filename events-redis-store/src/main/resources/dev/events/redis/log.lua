-- The log, of which this is the only way in.

-- How many positions are passed over after the server was started or another one has
-- taken over: more than could be lost then. Running nodes may have read lost events; were
-- their positions given out again, these nodes would pass over the new events.
local LOST_AT_MOST = 1000000
local LOST_PER_SECOND_WITHOUT_AOF = 200000
-- No server is replaced by another within so many milliseconds.
local SAME_SERVER = 50
-- The time in the head is that of the last append or up to so many milliseconds older, which
-- makes the silence too long, never too short.
local TIME_EVERY = 10
-- So many arguments one command gets here; Lua can pass on 8000.
local AT_ONCE = 1000


-- Appends events[from] and those behind it, and answers as append.lua does with positions
-- of these, or with the error by which the server refused the first of them.
local function append(log, ids, head, token, events, from)
	local time = redis.call('TIME')
	local now = time[1] * 1000 + math.floor(time[2] / 1000)
	local known = redis.call('HMGET', head, 'position', 'time', 'server')
	local position = tonumber(known[1])
	local server, asked_server = known[3], false
	if not position then
		position = 0
		if redis.call('EXISTS', log) == 1 then
			local info = redis.call('XINFO', 'STREAM', log)
			for i = 1, #info, 2 do
				if info[i] == 'last-generated-id' then
					position = tonumber(string.match(info[i + 1], '^%d+'))
				end
			end
		end
	end
	local silence = now - (tonumber(known[2]) or 0)
	if silence < 0 or silence >= SAME_SERVER then
		local running = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
		if server and running ~= server then
			position = position + LOST_AT_MOST
			if string.find(redis.call('INFO', 'persistence'), 'aof_enabled:0', 1, true) then
				position = position + math.floor(math.max(0, silence) / 1000) * LOST_PER_SECOND_WITHOUT_AOF
			end
		end
		server, asked_server = running, true
	end

	local first = position + 1
	local function remember(last)
		if asked_server or silence >= TIME_EVERY then
			redis.call('HSET', head, 'position', string.format('%.0f', last), 'time', string.format('%.0f', now),
				'server', server)
		else
			redis.call('HSET', head, 'position', string.format('%.0f', last))
		end
	end
	if from == #events then
		local id = string.sub(events[from], 1, 16)
		local number = string.format('%.0f', first)
		if redis.call('HSETNX', ids, id, number .. ':' .. token) == 0 then
			local stored, of = string.match(redis.call('HGET', ids, id), '^(%d+):(.*)$')
			return { 0, of == token and tonumber(stored) or -tonumber(stored) }
		end
		local entry = redis.pcall('XADD', log, number .. '-0', 'e', events[from])
		if type(entry) == 'table' and entry.err then
			-- its id must not stay
			redis.call('HDEL', ids, id)
			return entry
		end
		remember(first)
		return { first }
	end
	-- which events are new is known before anything is written, so that the hash of the ids
	-- takes a few commands, not one for each event
	local positions
	local fields, new, added = {}, {}, 0
	for start = from, #events, AT_ONCE do
		local last = math.min(#events, start + AT_ONCE - 1)
		local asked = {}
		for i = start, last do
			asked[i - start + 1] = string.sub(events[i], 1, 16)
		end
		local stored = redis.call('HMGET', ids, unpack(asked))
		for i = start, last do
			local id = asked[i - start + 1]
			local before = stored[i - start + 1]
			if before or new[id] then
				if not positions then
					positions = { 0 }
					for j = from, i - 1 do
						positions[j - from + 2] = first + j - from
					end
				end
				if new[id] then
					-- twice among these
					positions[i - from + 2] = -new[id]
				else
					local number, of = string.match(before, '^(%d+):(.*)$')
					positions[i - from + 2] = of == token and tonumber(number) or -tonumber(number)
					new[id] = tonumber(number)
				end
			else
				position = position + 1
				new[id] = position
				local number = string.format('%.0f', position)
				fields[added + 1], fields[added + 2] = id, number .. ':' .. token
				added = added + 2
				local entry = redis.pcall('XADD', log, number .. '-0', 'e', events[i])
				if type(entry) == 'table' and entry.err then
					-- if any, it is the first one that is refused; nothing is written yet
					return entry
				end
				if positions then
					positions[i - from + 2] = position
				end
			end
		end
	end
	for start = 1, added, 2 * AT_ONCE do
		redis.call('HSET', ids, unpack(fields, start, math.min(added, start + 2 * AT_ONCE - 1)))
	end
	if added > 0 then
		remember(position)
	end
	return positions or { first }
end
