-- The log, of which this is the only way in.

-- How many positions are passed over after the server was started or another one has
-- taken over: more than could be lost then. Running nodes may have read lost events; were
-- their positions given out again, these nodes would pass over the new events.
local LOST_AT_MOST = 1000000
local LOST_PER_SECOND_WITHOUT_AOF = 200000
-- No server is replaced by another within so many milliseconds.
local SAME_SERVER = 50


-- Appends events[from] and those behind it, and answers as append.lua does with positions
-- of these, or with the error by which the server refused the first of them.
local function append(log, ids, head, token, events, from)
	local time = redis.call('TIME')
	local now = time[1] * 1000 + math.floor(time[2] / 1000)
	local known = redis.call('HMGET', head, 'position', 'time', 'server')
	local position = tonumber(known[1])
	local server = known[3]
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
		server = running
	end

	local first = position + 1
	local positions
	for i = from, #events do
		local event = events[i]
		local id = string.sub(event, 1, 16)
		local number = string.format('%.0f', position + 1)
		if redis.call('HSETNX', ids, id, number .. ':' .. token) == 1 then
			local added = redis.pcall('XADD', log, number .. '-0', 'e', event)
			if type(added) == 'table' and added.err then
				-- if any, it is the first one that is refused; its id must not stay
				redis.call('HDEL', ids, id)
				return added
			end
			position = position + 1
			if positions then
				positions[i - from + 2] = position
			end
		else
			if not positions then
				positions = { 0 }
				for j = from, i - 1 do
					positions[j - from + 2] = first + j - from
				end
			end
			local stored, of = string.match(redis.call('HGET', ids, id), '^(%d+):(.*)$')
			local again = of == token
			for j = from, i - 1 do
				if again and string.sub(events[j], 1, 16) == id then
					again = false
				end
			end
			positions[i - from + 2] = again and tonumber(stored) or -tonumber(stored)
		end
	end
	if position >= first then
		redis.call('HSET', head, 'position', string.format('%.0f', position), 'time', string.format('%.0f', now),
			'server', server)
	end
	return positions or { first }
end
