-- Appends events as one unit.
-- KEYS: log, ids, head. ARGV: a token of this append, then the events, each beginning
-- with its id of 16 bytes.
-- Answers the first position, if every event was appended; else 0 and for each event its
-- position, negative if it was there before. What an earlier try with the same token has
-- appended counts as appended.
local log, ids, head = KEYS[1], KEYS[2], KEYS[3]
local token = ARGV[1]
local count = #ARGV

-- How many positions are passed over after the server was started or another one has
-- taken over: more than could be lost then. Running nodes may have read lost events; were
-- their positions given out again, these nodes would pass over the new events.
local LOST_AT_MOST = 1000000
local LOST_PER_SECOND_WITHOUT_AOF = 200000
-- No server is replaced by another within so many milliseconds.
local SAME_SERVER = 50

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
for i = 2, count do
	local event = ARGV[i]
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
			positions[i] = position
		end
	else
		if not positions then
			positions = { 0 }
			for j = 2, i - 1 do
				positions[j] = first + j - 2
			end
		end
		local stored, of = string.match(redis.call('HGET', ids, id), '^(%d+):(.*)$')
		local again = of == token
		for j = 2, i - 1 do
			if again and string.sub(ARGV[j], 1, 16) == id then
				again = false
			end
		end
		positions[i] = again and tonumber(stored) or -tonumber(stored)
	end
end
if position >= first then
	redis.call('HSET', head, 'position', string.format('%.0f', position), 'time', string.format('%.0f', now),
		'server', server)
end
return positions or { first }
